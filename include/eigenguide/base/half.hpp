// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>

#include <cstdint>
#include <cstring>
#include <type_traits>

// Memory that other types of the same bits (Eigen::half, at::Half, a client's
// own) have written may be read as these.
#if defined(__GNUC__)
#define EIGENGUIDE_ANY_MEMORY __attribute__((may_alias))
#else
#define EIGENGUIDE_ANY_MEMORY
#endif

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

inline std::uint32_t bits_of_float(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
inline float float_of_bits(std::uint32_t bits) {
  float value = 0.0f;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// A half's bits as those of the same float: every half is one. A NaN is quiet,
/// and keeps its sign and payload.
inline std::uint32_t float_bits_of_half(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half & 0x8000u} << 16, exponent = half >> 10 & 31u;
  std::uint32_t fraction = half & 0x3ffu;
  if (exponent == 31) return sign | 0x7f800000u | fraction << 13 | (fraction != 0 ? 0x400000u : 0u);
  if (exponent != 0) return sign | (exponent + 112) << 23 | fraction << 13;
  if (fraction == 0) return sign;
  std::uint32_t shift = 0;  // a subnormal: fraction · 2^−24
  for (; (fraction & 0x400u) == 0; fraction <<= 1) ++shift;
  return sign | (113 - shift) << 23 | (fraction & 0x3ffu) << 13;
}

/// The nearest half of a float, of two as near the even one. Beyond the largest
/// it is infinite; a NaN is quiet, and keeps its sign and the upper part of its
/// payload.
inline std::uint16_t half_bits_of_float(std::uint32_t bits) {
  const std::uint32_t sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
  std::uint32_t half = 0;
  if (magnitude > 0x7f800000u) {
    half = 0x7e00u | (magnitude >> 13 & 0x3ffu);
  } else if (magnitude >= 0x47800000u) {  // 2^16
    half = 0x7c00u;
  } else if (magnitude >= 0x38800000u) {  // 2^−14, the least normal half
    half = (magnitude - 0x38000000u + 0xfffu + (magnitude >> 13 & 1u)) >> 13;
  } else if (magnitude > 0x33000000u) {  // 2^−25, half of the least subnormal
    const std::uint32_t drop = 126 - (magnitude >> 23), fraction = (magnitude & 0x7fffffu) | 0x800000u;
    half = fraction >> drop;
    const std::uint32_t rest = fraction & ((1u << drop) - 1u), middle = 1u << (drop - 1u);
    if (rest > middle || (rest == middle && (half & 1u) != 0)) ++half;
  }
  return static_cast<std::uint16_t>(sign | half);
}

/// The nearest bfloat16 of a float, of two as near the even one; NaN as above.
inline std::uint16_t bfloat16_bits_of_float(std::uint32_t bits) {
  if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<std::uint16_t>(bits >> 16 | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

}  // namespace detail

/// IEEE's half precision, to store tensors in: arithmetic is in float, rounded
/// once at the end. Its bits are those of Eigen::half, at::Half and _Float16.
struct EIGENGUIDE_ANY_MEMORY half {
  std::uint16_t bits;

  half() = default;
  explicit half(float value) : bits(detail::half_bits_of_float(detail::bits_of_float(value))) {}
  explicit half(double value) : half(static_cast<float>(value)) {}
  explicit half(Real value) : half(static_cast<double>(value)) {}

  explicit operator float() const { return detail::float_of_bits(detail::float_bits_of_half(bits)); }
  explicit operator double() const { return static_cast<double>(static_cast<float>(*this)); }
};

/// The upper half of a float, to store tensors in. Its bits are those of
/// Eigen::bfloat16 and at::BFloat16.
struct EIGENGUIDE_ANY_MEMORY bfloat16 {
  std::uint16_t bits;

  bfloat16() = default;
  explicit bfloat16(float value) : bits(detail::bfloat16_bits_of_float(detail::bits_of_float(value))) {}
  explicit bfloat16(double value) : bfloat16(static_cast<float>(value)) {}
  explicit bfloat16(Real value) : bfloat16(static_cast<double>(value)) {}

  explicit operator float() const { return detail::float_of_bits(std::uint32_t{bits} << 16); }
  explicit operator double() const { return static_cast<double>(static_cast<float>(*this)); }
};

/// Whether tensors may be of T.
template <class T>
inline constexpr bool is_storage = std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, half> ||
                                   std::is_same_v<T, bfloat16>;

/// What arithmetic on elements of T is done in.
template <class T>
using ComputeOf = std::conditional_t<std::is_same_v<T, double>, double, float>;

/// The storage type that has the bits of T; specialised beside other types.
template <class T>
struct StorageOf { using type = T; };

}}  // namespace eigenguide
