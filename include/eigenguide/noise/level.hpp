// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Where a sample stands between data and noise: x = α·x₀ + σ·ε.
///
/// The three coordinate systems of the field are three ways to make one:
/// `variance_preserving`, `variance_exploding` and `rectified_flow`.
struct Level {
  double alpha = 1.0;  ///< α, no unit; ≥ 0
  double sigma = 0.0;  ///< σ, units of ε against x₀; ≥ 0, not zero together with α

  /// Errors: rejects a negative or non-finite α or σ, and α = σ = 0.
  void validate() const {
    require(is_finite(alpha) && alpha >= 0.0, "alpha", alpha, "a finite number, at least 0");
    require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number, at least 0");
    require(alpha + sigma > 0.0, "alpha", alpha, "a positive number where `sigma` is 0");
  }
};

/// DDPM's level: α = √ᾱ, σ = √(1 − ᾱ), with ᾱ in [0, 1].
/// Source: Ho, Jain, Abbeel, arXiv:2006.11239
inline Level variance_preserving(double alpha_bar) {
  require(alpha_bar >= 0.0 && alpha_bar <= 1.0, "alpha_bar", alpha_bar, "a number in [0, 1]");
  return {std::sqrt(alpha_bar), std::sqrt(1.0 - alpha_bar)};
}

/// EDM's level: α = 1, with σ ≥ 0 in units of the data.
/// Source: Karras, Aittala, Aila, Laine, arXiv:2206.00364
inline Level variance_exploding(double sigma) {
  const Level level{1.0, sigma};
  level.validate();
  return level;
}

/// Rectified flow's level: α = 1 − t, σ = t, with t in [0, 1]; t = 1 is noise.
/// Source: Liu, Gong, Liu, arXiv:2209.03003
inline Level rectified_flow(double t) {
  require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
  return {1.0 - t, t};
}

}}  // namespace eigenguide
