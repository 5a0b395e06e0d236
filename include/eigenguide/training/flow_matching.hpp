// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/row.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/levels.hpp>
#include <eigenguide/kernel/write.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// Here time is that of the flow matching papers: t = 0 is noise, t = 1 data x₁.

/// t moved into [m, 1 − m], so that neither end is ever trained on.
/// Errors  a t outside of [0, 1], an m outside of [0, ½]
inline double clamp_flow_time(double t, double margin = 1e-5) {
  require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
  require(margin >= 0.0 && margin <= 0.5, "margin", margin, "a number in [0, 0.5]");
  return t < margin ? margin : t > 1.0 - margin ? 1.0 - margin : t;
}

/// Flow matching along the optimal-transport path of one data point.
///
///   σ_t = 1 − (1 − σ_min) t
///   x_t = t x₁ + σ_t ε
///   u   = (σ_min − 1) / σ_t (x_t − t x₁) + x₁ = x₁ − (1 − σ_min) ε
///
///   convert(Noising{}, flow.level(t), x1, noise, x_t);
///   convert(flow, flow.level(t), x1, noise, target);
///
/// With σ_min = 0 it is rectified flow, and u the kind flow_to_data. Reflow is
/// that with pairs instead of independent draws: `noise` where a trained model
/// started, `x1` where its ODE ended.
///
/// Errors  a σ_min outside of [0, 1], a t outside of [0, 1], an invalid level
/// Source  Lipman, Chen, Ben-Hamu, Nickel, Le, arXiv:2210.02747; reflow: Liu,
///         Gong, Liu, arXiv:2209.03003
struct FlowMatching {
  double sigma_min = 0.0;  ///< σ_min, the noise left in the data, units of ε; in [0, 1]

  enum Vector : std::size_t { noise, x1 };

  Level level(double t) const {
    validate();
    require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
    return {t, double(Real(1.0) - (Real(1.0) - sigma_min) * t)};
  }

  /// The target u, as weights of {ε, x₁}: the same at every level.
  Row<2> operator()(const Level& level) const {
    validate();
    level.validate();
    return {{Real(sigma_min) - 1.0, 1.0}};
  }

  void validate() const {
    require(sigma_min >= 0.0 && sigma_min <= 1.0, "sigma_min", sigma_min, "a number in [0, 1]");
  }
};

/// Flow matching between two samples that are given, with noise around the line.
///
///   x_t = t x₁ + (1 − t) x₀ + σ_min ε
///   u   = x₁ − x₀
///
///   noised(flow, flow.level(t), x1, x0, noise, x_t);
///   convert(Target{Kind::flow_to_data}, flow.level(t), x1, x0, target);
///
/// Errors  a negative σ_min, a t outside of [0, 1], an invalid level
/// Source  Tong, Fatras, Malkin et al., arXiv:2302.00482
struct ConditionalFlowMatching {
  double sigma_min = 0.0;  ///< σ_min, the noise around the line, units of ε; ≥ 0

  enum Vector : std::size_t { x1, x0, noise };

  static Level level(double t) {
    require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
    return {t, 1.0 - t};
  }

  /// x_t, as weights of {x₁, x₀, ε}.
  Row<3> operator()(const Level& level) const {
    require(is_finite(sigma_min) && sigma_min >= 0.0, "sigma_min", sigma_min, "a finite number, at least 0");
    level.validate();
    return {{level.alpha, level.sigma, sigma_min}};
  }
};

/// x_t of conditional flow matching.
///
/// Inputs  levels  one Level, or one for each sample
///         x1, x0, noise  [samples, ...]
/// Output  out     [samples, ...]; may be exactly one of the inputs
/// Errors  shapes that differ, those of `flow` at a level, an `out` that overlaps
///         an input partly; nothing has been written then
/// Cost    one read of each input that has weight, one write, no allocation
template <class Data, class Start, class Noise, class Out>
void noised(const ConditionalFlowMatching& flow, const Levels& levels, const Data& x1, const Start& x0,
            const Noise& noise, Out&& out) {
  using Flow = ConditionalFlowMatching;
  const auto data = view(x1);
  const auto start = view(x0);
  const auto random = view(noise);
  const auto to = view(out);
  using T = typename decltype(data)::Scalar;

  detail::require_tensors(to, detail::Named{"x1", data}, detail::Named{"x0", start}, detail::Named{"noise", random});
  levels.for_each(data.samples(), [&](const Level& level) { flow(level); });

  if (data.size() == 0) return;
  const kernel::Target target = kernel::best_target();
  for (std::size_t i = 0; i < data.samples(); ++i) {
    const Row<3> row = flow(levels[i]);
    kernel::Terms<T, 0, 2, 1> terms(data.sample(i));
    terms.first_weight = {row[Flow::x1]};
    terms.add_direct(start.sample(i), {row[Flow::x0]});
    terms.add_direct(random.sample(i), {row[Flow::noise]});
    kernel::write(target, terms, std::array<T*, 1>{to.sample(i)}, data.size());
  }
}

}}  // namespace eigenguide
