// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Noise levels whose logarithm is a power of an even ramp.
///
///   ln σ_i = (1 − i / (N − 1))^ρ · (ln σ_max − ln σ_min) + ln σ_min
///
/// ρ = 1 is `Exponential`; a greater ρ is denser near the data. Both ends are
/// met exactly; one step is σ_max.
///
/// Errors  a σ_min that is not positive, a σ_max below it, a ρ that is not
///         positive, or any that is not finite
/// Source  crowsonkb/k-diffusion @ 4601bf085320592473f681a62808ed873d17fad5,
///         k_diffusion/sampling.py, get_sigmas_polyexponential
struct Polyexponential {
  double sigma_min = 0.002;  ///< σ_min, the last value; in (0, σ_max]
  double sigma_max = 80.0;   ///< σ_max, the first value; > 0
  double rho = 1.0;          ///< ρ, no unit; > 0

  double operator()(std::size_t i, std::size_t count) const {
    require_sigma_range(sigma_min, sigma_max);
    require(is_finite(rho) && rho > 0.0, "rho", rho, "a finite positive number");
    const double x = ramp(i, count);
    if (x == 0.0) return sigma_max;
    if (x == 1.0) return sigma_min;
    const double last = std::log(sigma_min);
    return in_sigma_range(std::exp(std::pow(1.0 - x, rho) * (std::log(sigma_max) - last) + last), sigma_min, sigma_max);
  }
};

}}  // namespace eigenguide
