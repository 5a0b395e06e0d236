// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/version.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__SSE2_MATH__))
#define EIGENGUIDE_ANY_REGISTER "+x"
#elif defined(__GNUC__) && defined(__aarch64__)
#define EIGENGUIDE_ANY_REGISTER "+w"
#elif defined(__GNUC__)
#define EIGENGUIDE_ANY_REGISTER "+m"
#endif

// Whether this unit keeps to the order of operations: neither -ffast-math nor a
// part of it (which g++ tells from version 12 on, and clang++ stops at a fence),
// nor numbers wider than they are stored.
#if defined(__GNUC__) && __FINITE_MATH_ONLY__ == 0 && __FLT_EVAL_METHOD__ == 0 && !defined(__NO_SIGNED_ZEROS__) && \
    !defined(__RECIPROCAL_MATH__)
#if defined(__clang__)
#if __has_builtin(__arithmetic_fence)
#define EIGENGUIDE_IN_ORDER __arithmetic_fence
#endif
#elif __GNUC__ >= 12
#define EIGENGUIDE_IN_ORDER
#endif
#endif

/// `value`, of which the compiler knows nothing any more: an empty instruction
/// may have changed it. Ends every expression that could otherwise be
/// contracted, reordered or folded, and costs no instruction.
template <class T>
inline T opaque(T value) {
#if defined(EIGENGUIDE_ANY_REGISTER)
  __asm__("" : EIGENGUIDE_ANY_REGISTER(value));
#endif
  return value;
}

/// `value`, computed before whatever it is used in: not reordered. What it is the
/// compiler may see, and fold, where it keeps to IEEE 754 by itself.
template <class T>
inline T in_order(T value) {
#if defined(EIGENGUIDE_IN_ORDER)
  return EIGENGUIDE_IN_ORDER(value);
#else
  return opaque(value);
#endif
}

/// A divisor, not even taken for equal to one elsewhere: one that occurs twice
/// would be inverted once under -freciprocal-math, of which clang++ does not tell.
template <class T>
inline T divisor(T value) {
#if defined(EIGENGUIDE_IN_ORDER) && !defined(__clang__)
  return EIGENGUIDE_IN_ORDER(value);
#elif defined(EIGENGUIDE_ANY_REGISTER)
  __asm__ volatile("" : EIGENGUIDE_ANY_REGISTER(value));
#endif
  return value;
}

#undef EIGENGUIDE_IN_ORDER
#undef EIGENGUIDE_ANY_REGISTER

}}  // namespace eigenguide
