// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/level.hpp>
#include <eigenguide/prediction/kind.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The signal-to-noise ratio of a level, SNR = α² / σ²; infinite at σ = 0.
/// Errors  an invalid level
inline double snr(const Level& level) {
  level.validate();
  const Real ratio = Real(level.alpha) / level.sigma;
  return double(ratio * ratio);
}

namespace detail {

/// A level's α² and σ², divided by the greater of the two: of these the formulas
/// below are the same, and no level's are beyond double.
struct Powers {
  Real signal, noise;

  explicit Powers(const Level& level) {
    level.validate();
    const Real alpha = level.alpha, sigma = level.sigma, most = greater(alpha, sigma);
    signal = alpha / most * (alpha / most);
    noise = sigma / most * (sigma / most);
  }
};

/// The weight of the squared error of a prediction p = e ε + z x₀ that weighs
/// the squared error of x₀ by a function w of the SNR. At a given x,
///
///   x₀ = (σ / Δ) p + …,  Δ = σ z − α e,  so  w_p = w(SNR) σ² / Δ²
///
/// Inputs  of_x0       w(SNR)
///         of_epsilon  w(SNR) / SNR, which has a limit at SNR = 0
inline double weight_of(const KindWeights& p, const Level& level, Real of_x0, Real of_epsilon) {
  if (p.epsilon == 0.0) return double(of_x0 / (p.sample * p.sample));        // Δ = σ z
  if (p.sample == 0.0) return double(of_epsilon / (p.epsilon * p.epsilon));  // Δ = −α e
  const Real share = Real(level.sigma) / p.independence(level);
  return double(of_x0 * share * share);
}

}  // namespace detail

/// Min-SNR-γ: the squared error of x₀ weighed by the SNR, up to γ.
///
///   x₀: min(SNR, γ)    ε: min(SNR, γ) / SNR    v: min(SNR, γ) / (SNR + 1)
///
/// and for every other kind by the weight of its error in x₀. The v of the
/// formula is that of variance-preserving levels. At SNR = 0 the weight is the
/// limit: 1 for ε, 0 for x₀ and v. At SNR = ∞ it is γ for x₀, 0 for ε and v.
///
/// Inputs  level  where the sample stands
/// Output  the weight of the squared error of `kind`, ≥ 0
/// Errors  a γ that is not positive, an invalid level; as `weights` of the kind
/// Source  Hang, Gu, Li, Bao, Chen, Hu, Geng, Guo, arXiv:2303.09556
struct MinSnr {
  Kind kind = Kind::epsilon;  ///< what the network predicts
  double gamma = 5.0;         ///< γ, no unit; positive

  double operator()(const Level& level) const {
    require(is_finite(gamma) && gamma > 0.0, "gamma", gamma, "a positive number");
    const auto [signal, noise] = detail::Powers(level);
    const KindWeights p = weights(kind, level);
    const bool below = signal <= noise * gamma;  // SNR ≤ γ
    return detail::weight_of(p, level, below ? signal / noise : Real(gamma), below ? Real(1.0) : noise * gamma / signal);
  }
};

/// Soft-min-SNR-γ: the same without its corner.
///
///   x₀: SNR γ / (SNR + γ)
///
/// k-diffusion's, (σ σ_d)² / (σ² + σ_d²)² on EDM's F, is
/// `SoftMinSnr{Kind::edm(sigma_data), 1 / (sigma_data * sigma_data)}`.
///
/// Inputs, Output, Errors  as of MinSnr
/// Source  Crowson, Baumann, Birch, Abraham, Kaplan, Shippole, arXiv:2401.11605
struct SoftMinSnr {
  Kind kind = Kind::epsilon;  ///< what the network predicts
  double gamma = 5.0;         ///< γ, no unit; positive

  double operator()(const Level& level) const {
    require(is_finite(gamma) && gamma > 0.0, "gamma", gamma, "a positive number");
    const auto [signal, noise] = detail::Powers(level);
    const KindWeights p = weights(kind, level);
    const Real both = signal + noise * gamma;
    return detail::weight_of(p, level, signal * gamma / both, noise * gamma / both);
  }
};

/// P2: little weight where the noise is so small that only details are left.
///
///   1 / (k + SNR)^γ, of the squared error of ε
///
/// 0 at SNR = ∞, unless γ = 0: then 1 everywhere.
///
/// Errors  a k that is not positive, a negative γ, an invalid level
/// Source  Choi, Lee, Shin, Kim, Kim, Yoon, arXiv:2204.00227
struct P2 {
  double k = 1.0;      ///< no unit; positive
  double gamma = 1.0;  ///< γ, no unit; ≥ 0

  double operator()(const Level& level) const {
    require(is_finite(k) && k > 0.0, "k", k, "a positive number");
    require(is_finite(gamma) && gamma >= 0.0, "gamma", gamma, "a finite number, at least 0");
    const auto [signal, noise] = detail::Powers(level);
    return double(pow(noise / (signal + noise * k), gamma));
  }
};

/// EDM's weight of the squared error of D, with which that of F weighs 1.
///
///   λ = (σ² + σ_d²) / (σ σ_d)² = 1 / σ² + 1 / σ_d²
///
/// Inputs  sigma       σ, in units of the data; positive
///         sigma_data  σ_d, the standard deviation of the data; positive
/// Errors  a σ or σ_d that is not positive
/// Source  Karras, Aittala, Aila, Laine, arXiv:2206.00364
inline double edm_weight(double sigma, double sigma_data = 0.5) {
  require(is_finite(sigma) && sigma > 0.0, "sigma", sigma, "a positive number");
  require(is_finite(sigma_data) && sigma_data > 0.0, "sigma_data", sigma_data, "a positive number");
  const Real of_sigma = Real(1.0) / sigma, of_data = Real(1.0) / sigma_data;
  return double(of_sigma * of_sigma + of_data * of_data);
}

/// The weight that SD3's training scripts call sigma_sqrt: t⁻²; infinite at 0.
/// Inputs  t  rectified flow's time, the σ of its level; in [0, 1]
/// Errors  a t outside of it
inline double sigma_sqrt_weight(double t) {
  require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
  return double(Real(1.0) / (Real(t) * t));
}

/// SD3's cosmap, the weight that makes uniform times those of a cosine schedule.
///
///   2 / (π (1 − 2t + 2t²))
///
/// Inputs  t  rectified flow's time, the σ of its level; in [0, 1]
/// Errors  a t outside of it
/// Source  Esser, Kulal, Blattmann et al., arXiv:2403.03206
inline double cosmap_weight(double t) {
  require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
  constexpr double two_over_pi = 0.63661977236758134;
  return double(Real(two_over_pi) / (Real(1.0) - Real(2.0) * t + Real(2.0) * t * t));
}

}}  // namespace eigenguide
