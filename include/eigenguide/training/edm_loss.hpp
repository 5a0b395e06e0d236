// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/levels.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/training/loss_weight.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// EDM's training: log-normal noise levels, and errors of the denoiser D that
/// weigh as those of its network.
///
///   ln σ = P_mean + P_std n,  λ = (σ² + σ_d²) / (σ σ_d)²
///   L    = λ / e^u (D − y)² + u
///
/// u is EDM2's learned log variance of the error at σ; 0 is EDM's own loss.
/// EDM2 is `EdmLoss{-0.4, 1.0, 0.5}`.
///
/// Errors  a P_mean, P_std or n that is not finite, a negative P_std, a σ_d that
///         is not positive, a σ that is no positive double, a u that is not finite,
///         a σ or u so small that the weight is not
/// Source  Karras, Aittala, Aila, Laine, arXiv:2206.00364; EDM2: Karras,
///         Aittala, Lehtinen, Hellsten, Aila, Laine, arXiv:2312.02696
struct EdmLoss {
  double p_mean = -1.2;     ///< P_mean of ln σ, σ in units of the data
  double p_std = 1.2;       ///< P_std of ln σ; ≥ 0
  double sigma_data = 0.5;  ///< σ_d, the standard deviation of the data; positive

  /// The level of a draw n from the standard normal distribution.
  Level level(double normal) const {
    require_finite("p_mean", p_mean);
    require(is_finite(p_std) && p_std >= 0.0, "p_std", p_std, "a finite number, at least 0");
    require_finite("normal", normal);
    const double sigma = double(exp(Real(p_mean) + Real(p_std) * normal));
    require(is_finite(sigma) && sigma > 0.0, "sigma", sigma, "a positive number: `normal` or `p_std` is too large");
    return {1.0, sigma};
  }

  /// The factor of the squared error, λ / e^u.
  double weight(const Level& level, double log_variance = 0.0) const {
    level.validate();
    require_finite("log_variance", log_variance);
    require(level.alpha > 0.0, "alpha", level.alpha, "a positive number: without data there is no σ");
    const double sigma = double(Real(level.sigma) / level.alpha), weight = double(Real(edm_weight(sigma, sigma_data)) / exp(log_variance));
    require_finite("weight", weight);
    return weight;
  }

  /// L of a squared error, or of the mean of many.
  double operator()(const Level& level, double squared_error, double log_variance = 0.0) const {
    return double(Real(weight(level, log_variance)) * squared_error + Real(log_variance));
  }
};

/// L element by element.
///
///   convert(Noising{}, levels, x, noise, noisy);     // levels of edm.level(normal)
///   training_loss(edm, levels, log_variance, denoised, x, loss);
///
/// Inputs  levels        one Level, or one for each sample
///         log_variance  [samples] u, or empty for 0
///         denoised, x   [samples, ...], D and y
/// Output  out           [samples, ...]; may be exactly one of the inputs
/// Errors  shapes that differ, those of `loss` at a level, an `out` that overlaps
///         an input partly; nothing has been written then
/// Cost    one read of each input, one write, no allocation
template <class Denoised, class Sample, class Out>
void training_loss(const EdmLoss& loss, const Levels& levels, const std::vector<double>& log_variance,
                   const Denoised& denoised, const Sample& x, Out&& out) {
  const auto d = view(denoised);
  const auto y = view(x);
  const auto to = view(out);
  using T = typename decltype(d)::Scalar;

  detail::require_tensors(to, detail::Named{"denoised", d}, detail::Named{"x", y});
  require(log_variance.empty() || log_variance.size() == d.samples(), "log_variance",
          static_cast<double>(log_variance.size()), "none, or one for each sample");
  levels.for_each(d.samples(), [](const Level& level) { level.validate(); });
  const auto u_of = [&](std::size_t i) { return log_variance.empty() ? 0.0 : log_variance[i]; };
  const std::size_t samples = d.size() > 0 ? d.samples() : 0;  // else there is nothing to do
  for (std::size_t i = 0; i < samples; ++i) loss.weight(levels[i], u_of(i));

  for (std::size_t i = 0; i < samples; ++i) {
    const double u = u_of(i);
    const Real weight = loss.weight(levels[i], u);
    for (std::size_t n = 0; n < d.size(); ++n) {
      const Real error = Real(static_cast<double>(d.sample(i)[n])) - Real(static_cast<double>(y.sample(i)[n]));
      to.sample(i)[n] = static_cast<T>(double(weight * error * error + Real(u)));
    }
  }
}

}}  // namespace eigenguide
