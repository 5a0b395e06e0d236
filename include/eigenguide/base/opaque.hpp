// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/version.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// `value`, of which the compiler knows nothing any more: an empty instruction
/// may have changed it. Ends every expression that could otherwise be
/// contracted, reordered or folded, and costs no instruction. Volatile, so that
/// no two of them are taken for the same value: a divisor that occurs twice
/// would be inverted once under -ffast-math.
template <class T>
inline T opaque(T value) {
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__SSE2_MATH__))
  __asm__ volatile("" : "+x"(value));
#elif defined(__GNUC__) && defined(__aarch64__)
  __asm__ volatile("" : "+w"(value));
#elif defined(__GNUC__)
  __asm__ volatile("" : "+m"(value));
#endif
  return value;
}

}}  // namespace eigenguide
