// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <algorithm>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Number `i` of `count` evenly spaced ones from 0 to 1: i / (count − 1), exact
/// at both ends; one alone is 0.
///
/// Errors  i that is not less than count
inline double ramp(std::size_t i, std::size_t count) {
  require(i < count, "i", static_cast<double>(i), "a number of the list, less than `count`");
  if (i == 0) return 0.0;
  if (i + 1 == count) return 1.0;
  return static_cast<double>(i) / static_cast<double>(count - 1);
}

/// Rejects a σ_max that is not positive and finite, and a σ_min that is not
/// positive or above σ_max.
inline void require_sigma_range(double sigma_min, double sigma_max) {
  require(is_finite(sigma_max) && sigma_max > 0.0, "sigma_max", sigma_max, "a finite positive number");
  require(is_finite(sigma_min) && sigma_min > 0.0 && sigma_min <= sigma_max, "sigma_min", sigma_min,
          "a positive number, at most `sigma_max`");
}

/// A level between two others, the lesser of them first or last, which rounding,
/// or an arc within an ulp of a right angle, may have taken past one of them.
inline double in_sigma_range(double sigma, double one_end, double other_end) {
  const auto [least, most] = std::minmax(one_end, other_end);
  return std::clamp(sigma, least, most);
}

}}  // namespace eigenguide
