// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// EDM's noise levels: evenly spaced in σ^(1/ρ), so densest near the data.
///
///   σ_i = (σ_max^(1/ρ) + i / (N − 1) · (σ_min^(1/ρ) − σ_max^(1/ρ)))^ρ
///
/// Both ends are met exactly; one step is σ_max. The default range is that of
/// the paper, for data of standard deviation 0.5. Of a ρ above 1000 a level has a
/// relative error of up to some 1e-16 ρ.
///
/// Errors  a σ_min that is not positive, a σ_max below it or not finite, a ρ outside
///         (0, 1e6]
/// Source  Karras, Aittala, Aila, Laine, arXiv:2206.00364, eq. 5
struct Karras {
  double sigma_min = 0.002;  ///< σ_min, the last value; in (0, σ_max]
  double sigma_max = 80.0;   ///< σ_max, the first value; > 0
  double rho = 7.0;          ///< ρ, no unit; in (0, 1e6]; its limit is `Exponential`

  double operator()(std::size_t i, std::size_t count) const {
    require_sigma_range(sigma_min, sigma_max);
    require(rho > 0.0 && rho <= 1e6, "rho", rho, "a number in (0, 1e6]");
    const double x = ramp(i, count);
    if (x == 0.0) return sigma_max;
    if (x == 1.0) return sigma_min;
    // In units of σ_max, where no ρ takes the powers out of range.
    const double last = std::pow(sigma_min / sigma_max, 1.0 / rho);
    return in_sigma_range(sigma_max * std::pow(1.0 + x * (last - 1.0), rho), sigma_min, sigma_max);
  }
};

}}  // namespace eigenguide
