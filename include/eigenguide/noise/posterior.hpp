// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// One reverse step of DDPM, with the x₀ that was predicted:
///
///   q(x_{t−1} | x_t, x₀) = N(mean_x0 x₀ + mean_x x_t, variance)
///
///   variance = β (1 − ᾱ′) / (1 − ᾱ)
///   mean_x0  = √ᾱ′ β / (1 − ᾱ)
///   mean_x   = √(1 − β) (1 − ᾱ′) / (1 − ᾱ)
///
/// with ᾱ′ of the timestep before and 1 − β = ᾱ / ᾱ′. Before the first timestep
/// ᾱ′ = 1: the step is x₀, without noise.
///
/// Source  Ho, Jain, Abbeel, arXiv:2006.11239, eq. 6 and 7
struct Posterior {
  double variance = 0.0;  ///< of the noise to add, units of x squared
  double mean_x0 = 1.0;   ///< weight of x₀
  double mean_x = 0.0;    ///< weight of x_t
};

/// The reverse step from ᾱ to the ᾱ′ before it.
///
/// Inputs  alpha_bar         ᾱ, in [0, 1)
///         alpha_bar_before  ᾱ′, in [ᾱ, 1] and above 0
/// Errors  an ᾱ or ᾱ′ outside its range
inline Posterior posterior(double alpha_bar, double alpha_bar_before) {
  require(alpha_bar >= 0.0 && alpha_bar < 1.0, "alpha_bar", alpha_bar, "a number in [0, 1)");
  require(alpha_bar_before >= alpha_bar && alpha_bar_before <= 1.0 && alpha_bar_before > 0.0,
          "alpha_bar_before", alpha_bar_before, "a number from `alpha_bar` to 1, above 0");
  const double kept = alpha_bar / alpha_bar_before;
  const double noise = 1.0 - alpha_bar, noise_before = 1.0 - alpha_bar_before;
  return {(1.0 - kept) * noise_before / noise, (1.0 - kept) * std::sqrt(alpha_bar_before) / noise,
          noise_before * std::sqrt(kept) / noise};
}

}}  // namespace eigenguide
