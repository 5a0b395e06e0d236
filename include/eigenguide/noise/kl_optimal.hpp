// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The noise levels that are optimal for Gaussian data: evenly spaced in
/// arctan(σ / σ_data).
///
///   x = i / (N − 1)
///   σ_i = σ_data · tan((1 − x) arctan(σ_max / σ_data) + x arctan(σ_min / σ_data))
///
/// Both ends are met exactly; one step is σ_max.
///
/// Errors  a σ_min that is not positive, a σ_max below it, a σ_data that is not
///         positive, or any that is not finite
/// Source  Sabour, Fidler, Kreis, arXiv:2404.14507
struct KlOptimal {
  double sigma_min = 0.002;  ///< σ_min, the last value; in (0, σ_max]
  double sigma_max = 80.0;   ///< σ_max, the first value; > 0
  double sigma_data = 1.0;   ///< σ_data, the data's standard deviation (the paper's c); > 0

  double operator()(std::size_t i, std::size_t count) const {
    require_sigma_range(sigma_min, sigma_max);
    require(is_finite(sigma_data) && sigma_data > 0.0, "sigma_data", sigma_data, "a finite positive number");
    const double x = ramp(i, count);
    if (x == 0.0) return sigma_max;
    if (x == 1.0) return sigma_min;
    const double first = std::atan2(sigma_max, sigma_data);
    const double last = std::atan2(sigma_min, sigma_data);
    return in_sigma_range(sigma_data * std::tan(first + x * (last - first)), sigma_min, sigma_max);
  }
};

}}  // namespace eigenguide
