// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/row.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/likelihood/field.hpp>
#include <eigenguide/noise/coordinates.hpp>
#include <eigenguide/prediction/conversion.hpp>
#include <eigenguide/prediction/kind.hpp>
#include <eigenguide/training/flow_matching.hpp>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// A level on its way: where it is at a time t, and how fast it changes there.
struct MovingLevel {
  Level level;
  double alpha_rate = 0.0;  ///< dα/dt
  double sigma_rate = 0.0;  ///< dσ/dt
};

// Paths from data to noise, as functions of the time that the model is given.
// Any MovingLevel(double t) is one; a path with t = 1 at the data runs the other
// way, and nothing else changes.

/// α = 1, σ = t: EDM's time is σ. At σ = 0 a prediction of x₀ has no flow.
inline MovingLevel variance_exploding_path(double t) { return {variance_exploding(t), 0.0, 1.0}; }

/// α = 1 − t, σ = t, with t in [0, 1].
inline MovingLevel rectified_flow_path(double t) { return {rectified_flow(t), -1.0, 1.0}; }

/// α = cos t, σ = sin t, with t in [0, π/2].
inline MovingLevel trigonometric_path(double t) {
  const Level level = trigonometric(t);
  return {level, -level.sigma, level.alpha};
}

/// The variance-preserving process whose β rises linearly over t in [0, 1].
///
///   ln α = −½ ∫ β = −½ (β_min t + ½ (β_max − β_min) t²),  σ = √(1 − α²)
///
/// Errors  a β that is negative or not finite, a t outside of (0, 1]: at 0 σ
///         begins like √t
/// Source  Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole, arXiv:2011.13456
struct LinearBetaPath {
  double beta_min = 0.1;   ///< β at t = 0; ≥ 0
  double beta_max = 20.0;  ///< β at t = 1; ≥ 0

  MovingLevel operator()(double t) const {
    require(is_finite(beta_min) && beta_min >= 0.0, "beta_min", beta_min, "a finite number, at least 0");
    require(is_finite(beta_max) && beta_max >= 0.0, "beta_max", beta_max, "a finite number, at least 0");
    require(t > 0.0 && t <= 1.0, "t", t, "a number in (0, 1]");
    const double integral = t * (beta_min + 0.5 * t * (beta_max - beta_min)), beta = beta_min + t * (beta_max - beta_min);
    const double alpha = std::exp(-0.5 * integral), variance = -std::expm1(-integral), sigma = std::sqrt(variance);
    require(sigma > 0.0, "beta_max", beta_max, "a positive number: with no β there is no noise");
    return {{alpha, sigma}, -0.5 * beta * alpha, 0.5 * beta * alpha * alpha / sigma};
  }
};

/// That of FlowMatching, at whose t = 1 the data is.
///
///   α = t, σ = 1 − (1 − σ_min) t
struct FlowMatchingPath {
  double sigma_min = 0.0;  ///< the noise left in the data; in [0, 1]

  MovingLevel operator()(double t) const { return {FlowMatching{sigma_min}.level(t), 1.0, sigma_min - 1.0}; }
};

/// The field of the probability-flow ODE, as weights of {prediction, x}.
///
///   dx/dt = α̇ x₀ + σ̇ ε, with the x₀ and ε that a prediction p = e ε + z x₀ and
///   x = σ ε + α x₀ say:
///
///   f = ((σ α̇ − α σ̇) p + (σ̇ z − α̇ e) x) / Δ,  Δ = σ z − α e
///
/// which for rectified flow and a flow model is p itself, for its opposite −p,
/// and for variance-exploding levels (x − x₀) / σ.
///
/// Errors  an invalid level or kind, a rate that is not finite; Δ = 0, where p
///         does not determine f: ε at α = 0, and x₀ at σ = 0
/// Source  Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole, arXiv:2011.13456
inline Row<2> probability_flow_row(const Kind& kind, const MovingLevel& moving) {
  const Level& level = moving.level;
  level.validate();
  require_finite("alpha_rate", moving.alpha_rate);
  require_finite("sigma_rate", moving.sigma_rate);
  const KindWeights p = weights(kind, level);
  const Real delta = p.independence(level);
  require(delta != 0.0, kind == Kind::sample ? "sigma" : "alpha", 0.0,
          "a level at which the prediction and x determine the flow");
  const Row<2> row{{(Real(level.sigma) * moving.alpha_rate - Real(level.alpha) * moving.sigma_rate) / delta,
                    (Real(moving.sigma_rate) * p.sample - Real(moving.alpha_rate) * p.epsilon) / delta}};
  require_finite("t", double(row[0]));
  require_finite("t", double(row[1]));
  return row;
}

/// The probability-flow ODE of a model: f = w_p p + w_x x, so
///
///   vᵀ J_f v = w_p vᵀ J_p v + w_x ‖v‖²
template <class Path, class Model>
struct ProbabilityFlow {
  Kind kind;
  Path path;
  Model model;

  template <class T>
  void operator()(const std::vector<double>& t, const BatchView<const T>& x, const BatchView<T>& out) {
    model(t, x, out);
    for (std::size_t i = 0; i < x.samples(); ++i) {
      const Row<2> row = probability_flow_row(kind, path(t[i]));
      const double of_prediction = double(row[Conversion::prediction]), of_x = double(row[Conversion::x]);
      for (std::size_t n = 0; n < x.size(); ++n)
        out.sample(i)[n] = static_cast<T>(of_prediction * static_cast<double>(out.sample(i)[n]) +
                                          of_x * static_cast<double>(x.sample(i)[n]));
    }
  }

  template <class T>
  void quadratic(const std::vector<double>& t, const BatchView<const T>& x, const BatchView<const T>& v,
                 const FieldRoom<T>& room, std::vector<double>& form) {
    model.quadratic(t, x, v, room, form);
    for (std::size_t i = 0; i < x.samples(); ++i) {
      const Row<2> row = probability_flow_row(kind, path(t[i]));
      double squares = 0.0;
      for (std::size_t n = 0; n < x.size(); ++n)
        squares += static_cast<double>(v.sample(i)[n]) * static_cast<double>(v.sample(i)[n]);
      form[i] = double(row[Conversion::prediction]) * form[i] + double(row[Conversion::x]) * squares;
    }
  }
};

/// The ODE of a model of a kind along a path.
///
///   auto ode = probability_flow(Kind::sample, variance_exploding_path, with_vjp(denoise, vjp));
///
/// Inputs  kind   what the model predicts
///         path   MovingLevel(double t); the model is given the same t
///         model  with_vjp(…) or finite_differences(…) of a callable that predicts
template <class Path, class Model>
ProbabilityFlow<Path, Model> probability_flow(const Kind& kind, Path path, Model model) {
  return {kind, std::move(path), std::move(model)};
}

}}  // namespace eigenguide
