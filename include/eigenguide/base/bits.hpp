// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/opaque.hpp>
#include <eigenguide/version.hpp>

#include <cstdint>
#include <cstring>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// Questions that clients' -ffast-math answers wrongly for a value, are asked of
// its bits: there std::isfinite is always true. clang++ 19 sees through these
// too, and must not know whose bits they are.

inline std::uint64_t bits_of(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return opaque(bits);
}

/// The number of these bits, of which the compiler shall not know which it is:
/// with -ffast-math clang++ 19 puts anything where it sees infinity.
inline double of_bits(std::uint64_t bits) {
  bits = opaque(bits);
  double value = 0.0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// For those of std::numeric_limits, which are undefined with -ffast-math.
inline double positive_infinity() { return of_bits(std::uint64_t{0x7ff} << 52); }
inline double quiet_nan() { return of_bits(std::uint64_t{0xfff} << 51); }

/// Whether a comparison with NaN is false here. Not with -ffast-math, where the
/// compiler may turn it round.
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ == 0
inline constexpr bool compares_nan = true;
#else
inline constexpr bool compares_nan = false;
#endif

/// Whether `value` is neither infinite nor NaN.
inline bool is_finite(double value) { return (bits_of(value) >> 52 & 0x7ff) != 0x7ff; }

/// Whether `value` is NaN.
inline bool is_nan(double value) { return bits_of(value) << 1 > std::uint64_t{0x7ff} << 53; }

}}  // namespace eigenguide
