// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Noise levels whose logarithm has a Laplace distribution: densest at e^μ.
///
///   x = i / (N − 1)
///   ln σ_i = μ − β sgn(½ − x) ln(1 − 2 |½ − x|),  σ_i within [σ_min, σ_max]
///
/// The paper's λ = −2 ln σ has the location −2μ and the scale 2β. Where the
/// formula is infinite, at the ends, the range holds: the first level is σ_max,
/// the last σ_min. One step is σ_max.
///
/// Errors  a σ_min that is not positive, a σ_max below it, a β that is not
///         positive, or any number that is not finite
/// Source  Hang, Gu, Bao, Wei, Chen, Geng, Guo, arXiv:2407.03297
struct LaplaceSigmas {
  double sigma_min = 0.002;  ///< σ_min, the last value; in (0, σ_max]
  double sigma_max = 80.0;   ///< σ_max, the first value; > 0
  double mu = 0.0;           ///< μ, where ln σ is densest
  double beta = 0.5;         ///< β, the scale of ln σ; > 0

  double operator()(std::size_t i, std::size_t count) const {
    require_sigma_range(sigma_min, sigma_max);
    require_finite("mu", mu);
    require(is_finite(beta) && beta > 0.0, "beta", beta, "a finite positive number");
    const double x = ramp(i, count);
    if (x == 0.0) return sigma_max;
    if (x == 1.0) return sigma_min;
    const double log_sigma = x < 0.5 ? mu - beta * std::log(2.0 * x) : mu + beta * std::log(2.0 - 2.0 * x);
    if (log_sigma >= std::log(sigma_max)) return sigma_max;
    if (log_sigma <= std::log(sigma_min)) return sigma_min;
    return std::exp(log_sigma);
  }
};

}}  // namespace eigenguide
