// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Noise levels evenly spaced in ln σ, so of one ratio from each to the next.
///
///   ln σ_i = ln σ_max + i / (N − 1) · (ln σ_min − ln σ_max)
///
/// Both ends are met exactly; one step is σ_max. The default range is EDM's.
///
/// Errors  a σ_min that is not positive, a σ_max below it, or either not finite
/// Source  Song, Ermon, arXiv:1907.05600 (a geometric sequence of levels)
struct Exponential {
  double sigma_min = 0.002;  ///< σ_min, the last value; in (0, σ_max]
  double sigma_max = 80.0;   ///< σ_max, the first value; > 0

  double operator()(std::size_t i, std::size_t count) const {
    require_sigma_range(sigma_min, sigma_max);
    const double x = ramp(i, count);
    if (x == 0.0) return sigma_max;
    if (x == 1.0) return sigma_min;
    const double first = std::log(sigma_max);
    return in_sigma_range(std::exp(first + x * (std::log(sigma_min) - first)), sigma_min, sigma_max);
  }
};

}}  // namespace eigenguide
