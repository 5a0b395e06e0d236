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

/// The same, and not even taken for equal to `value` made opaque elsewhere: a
/// divisor that occurs twice would be inverted once under -ffast-math.
template <class T>
inline T unlike_any_other(T value) {
#if defined(EIGENGUIDE_ANY_REGISTER)
  __asm__ volatile("" : EIGENGUIDE_ANY_REGISTER(value));
#endif
  return value;
}

#undef EIGENGUIDE_ANY_REGISTER

}}  // namespace eigenguide
