// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// Training schedules as ᾱ(t), the share of variance that is signal, over t from
// 0, data, to 1, noise.

/// A quarter of a wave.
///
///   ᾱ(t) = cos²(π/2 (t + s) / (1 + s))
///
/// With s = 0 it is v-diffusion's α = cos(π t / 2), σ = sin(π t / 2).
///
/// Source  Nichol, Dhariwal, arXiv:2102.09672
struct CosineAlphaBar {
  double offset = 0.008;  ///< s, no unit; at least 0

  void validate() const { require(is_finite(offset) && offset >= 0.0, "offset", offset, "a finite number, at least 0"); }
  double operator()(double t) const {
    constexpr double half_pi = 1.5707963267948966;
    const double wave = std::cos((t + offset) / (1.0 + offset) * half_pi);
    return wave * wave;
  }
};

/// ᾱ(t) = e^(−rate t)
/// Source  "exp" of huggingface/diffusers
struct ExponentialAlphaBar {
  double rate = 12.0;  ///< per unit of t; at least 0

  void validate() const { require(is_finite(rate) && rate >= 0.0, "rate", rate, "a finite number, at least 0"); }
  double operator()(double t) const { return std::exp(-rate * t); }
};

/// A log-SNR with quantiles of a Laplace distribution.
///
///   λ(t) = μ − b sgn(½ − t) ln(1 − 2 |½ − t|),  ᾱ = 1 / (1 + e^−λ)
///
/// Source  Hang, Gu, arXiv:2407.03297
struct LaplaceAlphaBar {
  double mu = 0.0;  ///< μ, the log-SNR at t = ½; any finite number
  double b = 0.5;   ///< b, the spread of the log-SNR; positive

  void validate() const {
    require_finite("mu", mu);
    require(is_finite(b) && b > 0.0, "b", b, "a positive number");
  }
  double operator()(double t) const {
    if (t <= 0.0) return 1.0;
    if (t >= 1.0) return 0.0;
    const double tail = b * std::log(1.0 - 2.0 * std::fabs(0.5 - t));
    return 1.0 / (1.0 + std::exp(t < 0.5 ? tail - mu : -tail - mu));
  }
};

/// The cosine schedule of Stable Cascade: normalised to begin at 1, of images
/// `shift` times as large, and within limits.
///
///   ᾱ = cos²(…t…) / cos²(…0…);  logit ᾱ ← logit ᾱ − 2 ln shift;  ᾱ within [1e-4, 1 − 1e-4]
///
/// Source  Pernias, Rampas, Richter, Pal, Aubreville, arXiv:2306.00637; the
///         shift: Hoogeboom, Heek, Salimans, arXiv:2301.11093
struct StableCascadeAlphaBar {
  double shift = 1.0;  ///< no unit; positive. 1 does not

  void validate() const { require(is_finite(shift) && shift > 0.0, "shift", shift, "a positive number"); }
  double operator()(double t) const {
    const auto limited = [](double value) { return value < 1e-4 ? 1e-4 : value > 0.9999 ? 0.9999 : value; };
    const CosineAlphaBar cosine;
    const double unshifted = limited(cosine(t) / cosine(0.0));
    if (shift == 1.0) return unshifted;
    return limited(unshifted / (unshifted + (1.0 - unshifted) * shift * shift));
  }
};

/// β of a schedule that is given as ᾱ(t):
///
///   β_i = min(1 − ᾱ((i + 1) / n) / ᾱ(i / n), max_beta)
template <class AlphaBar>
struct BetasOf {
  AlphaBar alpha_bar{};
  double max_beta = 0.999;  ///< no unit; in (0, 1]

  void validate() const {
    alpha_bar.validate();
    require(max_beta > 0.0 && max_beta <= 1.0, "max_beta", max_beta, "a number in (0, 1]");
  }
  double operator()(std::size_t i, std::size_t count) const {
    validate();
    const double n = static_cast<double>(count), before = alpha_bar(static_cast<double>(i) / n);
    if (!(before > 0.0)) return max_beta;
    const double beta = 1.0 - alpha_bar(static_cast<double>(i + 1) / n) / before;
    return beta < max_beta ? beta : max_beta;
  }
};

}}  // namespace eigenguide
