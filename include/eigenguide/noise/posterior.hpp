// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The reverse step of DDPM, of a timestep given the x₀ that was predicted:
///
///   q(x_{t−1} | x_t, x₀) = N(mean_x0 x₀ + mean_x x_t, variance)
///
///   variance = β (1 − ᾱ′) / (1 − ᾱ)
///   mean_x0  = √ᾱ′ β / (1 − ᾱ),   mean_x = √(1 − β) (1 − ᾱ′) / (1 − ᾱ)
///
/// with ᾱ′ of the timestep before, 1 before the first: there the step is x₀.
///
/// Source  Ho, Jain, Abbeel, arXiv:2006.11239, eq. 6 and 7
struct Posterior {
  double variance = 0.0;
  double mean_x0 = 1.0;
  double mean_x = 0.0;
};

/// Errors: an ᾱ that is not in [0, 1), or above the ᾱ before it
inline Posterior posterior(double alpha_bar, double alpha_bar_before) {
  require(alpha_bar >= 0.0 && alpha_bar < 1.0, "alpha_bar", alpha_bar, "a number in [0, 1)");
  require(alpha_bar_before >= alpha_bar && alpha_bar_before <= 1.0 && alpha_bar_before > 0.0, "alpha_bar_before",
          alpha_bar_before, "a number from `alpha_bar` to 1, above 0");
  const double alpha = alpha_bar / alpha_bar_before, beta = 1.0 - alpha, noise = 1.0 - alpha_bar;
  return {beta * (1.0 - alpha_bar_before) / noise, beta * std::sqrt(alpha_bar_before) / noise,
          (1.0 - alpha_bar_before) * std::sqrt(alpha) / noise};
}

}}  // namespace eigenguide
