// SPDX-License-Identifier: MIT
#include <eigenguide/base/half.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

using namespace eigenguide;

namespace {

half half_of(std::uint16_t bits) {
  half value;
  value.bits = bits;
  return value;
}
bfloat16 bfloat16_of(std::uint16_t bits) {
  bfloat16 value;
  value.bits = bits;
  return value;
}

/// The value of a finite half by its definition.
double defined(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

/// The nearest of the values that `of` has for bits, by search; of two as near the even one.
template <class ValueOf>
std::uint16_t nearest(float value, std::uint16_t infinite, const ValueOf& of) {
  const double magnitude = std::fabs(static_cast<double>(value));
  std::uint16_t low = 0, high = infinite;  // as if infinity were the next power of two
  while (high - low > 1) {
    const auto middle_bits = static_cast<std::uint16_t>((low + high) / 2);
    (of(middle_bits) <= magnitude ? low : high) = middle_bits;
  }
  const double below = magnitude - of(low), above = of(high) - magnitude;
  const std::uint16_t found = below < above || (below == above && low % 2 == 0) ? low : high;
  return static_cast<std::uint16_t>(found | (std::signbit(value) ? 0x8000 : 0));
}

}  // namespace

TEST_CASE("half: every one of the 65,536 is its value, and comes back as itself") {
  std::size_t wrong = 0;
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const float value = static_cast<float>(half_of(bits));
    const bool infinite = (bits & 0x7fff) == 0x7c00, nan = (bits & 0x7fff) > 0x7c00;
    if (nan) {
      // Quiet, with its sign and payload.
      wrong += half(value).bits == (bits | 0x200) && is_nan(static_cast<double>(value)) ? 0 : 1;
    } else {
      const double want = infinite ? std::numeric_limits<double>::infinity() : std::fabs(defined(bits));
      const bool same = std::fabs(static_cast<double>(value)) == want && std::signbit(value) == ((bits & 0x8000) != 0);
      wrong += same && half(value).bits == bits ? 0 : 1;
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("half: a float is rounded to the nearest, over every exponent") {
  std::size_t wrong = 0, tried = 0;
  for (std::uint32_t exponent = 0; exponent < 255; ++exponent)
    for (const std::uint32_t fraction : {0x0u, 0x1u, 0x7ffu, 0xfffu, 0x1000u, 0x1001u, 0x1fffu, 0x2000u, 0x3000u, 0x3001u,
                                         0x555555u, 0x400000u, 0x7fe000u, 0x7fefffu, 0x7ff000u, 0x7ff001u, 0x7fffffu})
      for (const std::uint32_t sign : {0x0u, 0x80000000u}) {
        const float value = detail::float_of_bits(sign | exponent << 23 | fraction);
        ++tried;
        wrong += half(value).bits == nearest(value, 0x7c00, defined) ? 0 : 1;
      }
  CHECK(tried == 255 * 17 * 2);
  CHECK(wrong == 0);
  CHECK(half(65504.0f).bits == 0x7bff);
  CHECK(half(65519.99f).bits == 0x7bff);
  CHECK(half(65520.0f).bits == 0x7c00);  // half a step above the largest
  CHECK(half(std::numeric_limits<float>::infinity()).bits == 0x7c00);
  CHECK(half(Real(-1.5)).bits == 0xbe00);
}

TEST_CASE("bfloat16: every one of the 65,536 comes back as itself, and floats are rounded to the nearest") {
  std::size_t wrong = 0;
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const bool nan = (bits & 0x7fff) > 0x7f80;
    wrong += bfloat16(static_cast<float>(bfloat16_of(bits))).bits == (nan ? bits | 0x40 : bits) ? 0 : 1;
  }
  const auto value_of = [](std::uint16_t bits) {
    return bits == 0x7f80 ? std::ldexp(1.0, 128) : static_cast<double>(bfloat16_of(bits));
  };
  for (std::uint32_t exponent = 0; exponent < 255; ++exponent)
    for (const std::uint32_t fraction : {0x0u, 0x1u, 0x7fffu, 0x8000u, 0x8001u, 0x10000u, 0x18000u, 0x18001u, 0x555555u,
                                         0x7f0000u, 0x7f7fffu, 0x7f8000u, 0x7fffffu}) {
      const float value = detail::float_of_bits(0x80000000u | exponent << 23 | fraction);
      wrong += bfloat16(value).bits == nearest(value, 0x7f80, value_of) ? 0 : 1;
    }
  CHECK(wrong == 0);
  CHECK(bfloat16(std::numeric_limits<float>::infinity()).bits == 0x7f80);
}
