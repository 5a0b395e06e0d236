// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/level.hpp>

#include <algorithm>
#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The coordinates in which a sample is held. The same noise, as a share of the
/// data, is another level in each, and x differs by a factor.
enum class Coordinates {
  variance_preserving,  ///< x of variance 1: DDPM, and EDM's input of the network
  variance_exploding,   ///< α = 1: EDM, k-diffusion, ComfyUI
  rectified_flow,       ///< α + σ = 1: SD3, Flux, Wan
};

/// The level with the same σ / α in other coordinates.
///
///   variance_preserving   (α, σ) / √(α² σ_d² + σ²)
///   variance_exploding    (1, σ / α)
///   rectified_flow        (α, σ) / (α + σ)
///
/// Inputs  sigma_data  σ_d, the standard deviation of the data, for which a
///                     variance-preserving x has variance 1; positive
/// Errors  an invalid level; α = 0 in variance-exploding coordinates, in which
///         pure noise has no level; a σ / α beyond double
inline Level in_coordinates(Coordinates coordinates, const Level& level, double sigma_data = 1.0) {
  level.validate();
  require(is_finite(sigma_data) && sigma_data > 0.0, "sigma_data", sigma_data, "a positive number");
  double unit = level.alpha + level.sigma;
  if (coordinates == Coordinates::variance_preserving) unit = std::hypot(level.alpha * sigma_data, level.sigma);
  if (coordinates == Coordinates::variance_exploding) {
    require(level.alpha > 0.0, "alpha", level.alpha, "a positive number: pure noise has no level with α = 1");
    unit = level.alpha;
  }
  const Level there{level.alpha / unit, level.sigma / unit};
  require(is_finite(there.alpha) && is_finite(there.sigma) && there.alpha + there.sigma > 0.0, "alpha", level.alpha,
          "a number that σ can be divided by, of a finite sum with it");
  return there;
}

/// What x at one level is to be multiplied by to be x at another of the same
/// σ / α: α′ / α, or σ′ / σ where there is more noise than data.
/// Errors  an invalid level; levels whose σ / α differ by more than 1e-9 of it; two
///         so far apart that the factor is 0 or beyond double
inline double rescaling(const Level& from, const Level& to) {
  from.validate();
  to.validate();
  // Each by its greater number, so that no product leaves double.
  const Real of_from = (std::max)(from.alpha, from.sigma), of_to = (std::max)(to.alpha, to.sigma);
  const Real across = from.alpha / of_from * (to.sigma / of_to), back = from.sigma / of_from * (to.alpha / of_to);
  require(abs(across - back) <= 1e-9 * greater(across, back), "to", to.sigma, "a level of the same σ / α as `from`");
  const double factor = from.alpha > from.sigma ? to.alpha / from.alpha : to.sigma / from.sigma;
  require(is_finite(factor) && factor > 0.0, "from", double(of_from), "a level that a factor within double takes to `to`");
  return factor;
}

/// The level at an angle: α = cos t, σ = sin t, with t in [0, π/2]. It is
/// v-diffusion's, and TrigFlow's for x in units of σ_d, whose network F predicts
/// v there.
///
/// Source  Salimans, Ho, arXiv:2202.00512; TrigFlow: Lu, Song, arXiv:2410.11081
inline Level trigonometric(double t) {
  constexpr double half_pi = 1.5707963267948966;
  require(t >= 0.0 && t <= half_pi, "t", t, "an angle in [0, π/2]");
  if (t == half_pi) return {0.0, 1.0};
  return {std::cos(t), std::sin(t)};
}

}}  // namespace eigenguide
