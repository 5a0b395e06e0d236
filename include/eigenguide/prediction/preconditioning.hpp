// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/coordinates.hpp>
#include <eigenguide/prediction/conversion.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// A denoiser around a network that predicts any kind, in coordinates of its
/// own:
///
///   D(x; σ) = c_skip x + c_out F(c_in x)
///
/// With the network's level L of the same σ / α, c_in is the factor from x to L,
/// c_out is the weight of the prediction in x₀ at L, and c_skip that of x times
/// c_in. Every wrapper of the field is one of these:
///
///   EDM                    {Kind::edm(σ_d), Coordinates::variance_preserving, σ_d}
///   VDenoiser, CompVis v   {Kind::v, Coordinates::variance_preserving}
///   CompVis ε              {Kind::epsilon, Coordinates::variance_preserving}
///   CONST, DiscreteFlow    {Kind::flow, Coordinates::rectified_flow}, of x in rectified flow
///   Cosmos RF              {Kind::flow, Coordinates::rectified_flow}, of x with α = 1
///   X0                     {Kind::sample, Coordinates::variance_preserving}
///
/// Source  Karras, Aittala, Aila, Laine, arXiv:2206.00364, §5
struct Preconditioning {
  Kind kind = Kind::epsilon;  ///< what the network predicts
  Coordinates coordinates = Coordinates::variance_preserving;  ///< those of the network's input
  double sigma_data = 1.0;    ///< σ_d of variance-preserving coordinates; positive

  enum Vector : std::size_t { prediction, x };

  struct Weights {
    Real c_skip, c_out, c_in;
  };

  /// The weights for x at a level, in any coordinates: D is x₀ in all of them.
  /// Errors: as Conversion from `kind` to x₀, as in_coordinates, and as rescaling
  /// from the level to that in them; a c_skip beyond double
  Weights weights(const Level& level) const {
    const Level own = in_coordinates(coordinates, level, sigma_data);
    const Row<2> x0 = Conversion{kind, Kind::sample}(own);
    const Real c_in = rescaling(level, own);
    const Real c_skip = x0[Conversion::x] * c_in;
    detail::require_level(is_finite(double(c_skip)), level, "a level at which c_skip is within double");
    return {c_skip, x0[Conversion::prediction], c_in};
  }

  /// The same as weights of {prediction, x}, as `convert` takes them.
  Row<2> operator()(const Level& level) const {
    const Weights all = weights(level);
    return {{all.c_out, all.c_skip}};
  }
};

/// EDM's conditioning on noise, ln(σ) / 4.
/// Errors: a σ that is not positive
inline double edm_c_noise(double sigma) {
  require(is_finite(sigma) && sigma > 0.0, "sigma", sigma, "a positive number");
  return 0.25 * std::log(sigma);
}

/// VDenoiser's time of a σ in units of the data, (2 / π) arctan σ in [0, 1).
/// Errors: a σ that is negative
inline double v_time(double sigma) {
  require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number, at least 0");
  constexpr double two_over_pi = 0.6366197723675814;
  return two_over_pi * std::atan(sigma);
}

/// The boundary condition of a consistency model: D = x where there is no noise,
/// and x̂₀ where there is much.
///
///   D = c_skip x + c_out x̂₀,  c_skip = σ_d² / (t² + σ_d²),  c_out = t / √(t² + σ_d²)
///
/// Inputs  t  the time, times the scaling of the model: LCM's is 10 · timestep
/// Source  Song, Dhariwal, Chen, Sutskever, arXiv:2303.01469; LCM: Luo, Tan,
///         Huang, Li, Zhao, arXiv:2310.04378
struct ConsistencyBoundary {
  double sigma_data = 0.5;  ///< σ_d; positive

  enum Vector : std::size_t { x0, x };

  /// Weights of {x̂₀, x}.
  /// Errors: a σ_d that is not positive, a t that is negative, two whose length is beyond double
  Row<2> operator()(double t) const {
    require(is_finite(sigma_data) && sigma_data > 0.0, "sigma_data", sigma_data, "a positive number");
    require(is_finite(t) && t >= 0.0, "t", t, "a finite number, at least 0");
    const double length = std::hypot(t, sigma_data), share = sigma_data / length;
    require(is_finite(length), "t", t, "a number whose length with `sigma_data`, √(t² + σ_d²), is within double");
    return {{t / length, share * share}};
  }
};

}}  // namespace eigenguide
