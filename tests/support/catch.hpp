// SPDX-License-Identifier: MIT
#pragma once

// Catch2 2 or 3, with the same names from either.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string& text) { return Catch::Matchers::Contains(text); }
#endif

#include <eigenguide/base/real.hpp>

namespace Catch {
template <>
struct StringMaker<eigenguide::Real> {
  static std::string convert(eigenguide::Real value) {
    return StringMaker<double>::convert(static_cast<double>(value));
  }
};
}  // namespace Catch

// The message of the rejection that `expression` ends in.
#define CHECK_REJECTS(expression, sentence) \
  CHECK_THROWS_WITH(expression, ContainsSubstring(sentence))
