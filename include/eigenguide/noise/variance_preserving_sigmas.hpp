// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The noise levels, in EDM's coordinate, at even times of the variance
/// preserving process whose β rises linearly over t in [0, 1].
///
///   x = i / (N − 1),  t_i = 1 − x + x ε_s
///   σ_i = √(exp(½ β_d t_i² + β_min t_i) − 1)
///
/// Computed without the cancellation at small t. One step is t = 1.
///
/// Errors  a β_d or β_min that is negative or not finite, or that together make
///         a σ that is no double (½ β_d + β_min above 1400); an ε_s outside [0, 1]
/// Source  Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole, arXiv:2011.13456;
///         in these symbols Karras, Aittala, Aila, Laine, arXiv:2206.00364, table 1
struct VariancePreservingSigmas {
  double beta_d = 19.9;   ///< β_d, by which β rises over the run of t; ≥ 0
  double beta_min = 0.1;  ///< β_min, β at t = 0; ≥ 0
  double eps_s = 1e-3;    ///< ε_s, the last t; in [0, 1]

  double operator()(std::size_t i, std::size_t count) const {
    require(is_finite(beta_d) && beta_d >= 0.0, "beta_d", beta_d, "a finite number, at least 0");
    require(is_finite(beta_min) && beta_min >= 0.0, "beta_min", beta_min, "a finite number, at least 0");
    require(0.5 * beta_d + beta_min <= 1400.0, "beta_d", beta_d,
            "a number that leaves beta_d / 2 + beta_min at most 1400");
    require(is_finite(eps_s) && eps_s >= 0.0 && eps_s <= 1.0, "eps_s", eps_s, "a number in [0, 1]");
    const double x = ramp(i, count);
    const double t = 1.0 - x + x * eps_s;
    const double log_variance = t * (0.5 * beta_d * t + beta_min);
    return std::exp(0.5 * log_variance) * std::sqrt(-std::expm1(-log_variance));
  }
};

}}  // namespace eigenguide
