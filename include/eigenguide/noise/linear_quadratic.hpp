// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cstddef>
#include <optional>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Movie Gen's flow times: linear steps as short as those of a much longer run,
/// then steps that grow quadratically; no corner where they meet.
///
///   m linear steps of N, q = N − m, τ the noise taken away by the linear ones
///   y_i = τ i / m                                      for i ≤ m
///   y_i = τ i / m + (1 − τ N / m) ((i − m) / q)²       after
///   σ_i = σ_max (1 − y_i)
///
/// y_N = 1 is the 0 that `sigmas` appends (τ where all steps are linear). Without linear steps, as in a run of
/// one step, y_i = (i / N)²; one step is σ_max.
///
/// Errors  a τ outside [0, 1], or so large that the levels would fall below 0
///         and rise again (2/3 with half of the steps linear), more linear steps than steps, a σ_max that is
///         not positive and finite, an i that is not less than N
/// Source  Polyak et al., arXiv:2410.13720
struct LinearQuadratic {
  double threshold_noise = 0.025;           ///< τ, share of σ_max; in [0, 1]
  std::optional<std::size_t> linear_steps{};  ///< m; none is half of N, rounded down
  double sigma_max = 1.0;                   ///< σ_max, the first value; > 0

  double operator()(std::size_t i, std::size_t count) const {
    require(is_finite(threshold_noise) && threshold_noise >= 0.0 && threshold_noise <= 1.0,
            "threshold_noise", threshold_noise, "a number in [0, 1]");
    require(is_finite(sigma_max) && sigma_max > 0.0, "sigma_max", sigma_max, "a finite positive number");
    require(i < count, "i", static_cast<double>(i), "a number of the list, less than `count`");
    const std::size_t linear = linear_steps.value_or(count / 2);
    require(linear <= count, "linear_steps", static_cast<double>(linear), "at most the number of steps");
    const double n = static_cast<double>(count);
    const double m = static_cast<double>(linear);
    const double slope = linear > 0 ? threshold_noise / m : 0.0;
    require(linear == count || slope * (n - m) + 2.0 * (1.0 - slope * n) >= 0.0, "threshold_noise", threshold_noise,
            "a share that leaves the quadratic steps room to fall");
    double y = slope * static_cast<double>(i);
    if (i > linear) {
      const double share = (static_cast<double>(i) - m) / (n - m);
      y += (1.0 - slope * n) * share * share;
    }
    return sigma_max * (1.0 - y);
  }
};

}}  // namespace eigenguide
