// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/alphas_cumprod.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// Training schedules as ᾱ(t), the share of the variance that is signal, over t
// from 0, data, to 1, noise. Each rejects a t outside [0, 1].

namespace detail {

inline void require_time(double t) {
  require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
}

/// ᾱ of a log-SNR λ = ln(ᾱ / (1 − ᾱ)).
inline double alpha_bar_of_log_snr(double log_snr) { return 1.0 / (1.0 + std::exp(-log_snr)); }

}  // namespace detail

/// A quarter of a wave.
///
///   ᾱ(t) = cos²(π/2 · (t + s) / (1 + s))
///
/// With s = 0 it is v-diffusion's: α = cos(π t / 2), σ = sin(π t / 2).
///
/// Errors  an offset that is negative or not finite
/// Source  Nichol, Dhariwal, arXiv:2102.09672, eq. 17, without its division by ᾱ(0)
struct CosineAlphaBar {
  double offset = 0.008;  ///< s, units of t; ≥ 0

  double operator()(double t) const {
    require(is_finite(offset) && offset >= 0.0, "offset", offset, "a finite number, at least 0");
    detail::require_time(t);
    constexpr double half_pi = 1.5707963267948966;
    const double wave = std::cos((t + offset) / (1.0 + offset) * half_pi);
    return wave * wave;
  }
};

/// A steady decay: ᾱ(t) = e^(−rate · t).
///
/// Errors  a rate that is negative or not finite
/// Source  "exp" of huggingface/diffusers, of rate 12
struct ExponentialAlphaBar {
  double rate = 12.0;  ///< per unit of t; ≥ 0

  double operator()(double t) const {
    require(is_finite(rate) && rate >= 0.0, "rate", rate, "a finite number, at least 0");
    detail::require_time(t);
    return std::exp(-rate * t);
  }
};

/// A log-SNR λ that is linear in t.
///
///   λ(t) = λ_max + t (λ_min − λ_max),  ᾱ = 1 / (1 + e^−λ)
///
/// Errors  a λ beyond ±1000, where ᾱ is 0 or 1; a λ that rises
/// Source  "log" of crowsonkb/v-diffusion-pytorch
struct LogLinearAlphaBar {
  double log_snr_max = 10.0;   ///< λ at t = 0, nats; in [−1000, 1000]
  double log_snr_min = -10.0;  ///< λ at t = 1, nats; in [−1000, λ_max]

  double operator()(double t) const {
    require(log_snr_max >= -1000.0 && log_snr_max <= 1000.0, "log_snr_max", log_snr_max, "a number in [-1000, 1000]");
    require(log_snr_min >= -1000.0 && log_snr_min <= log_snr_max, "log_snr_min", log_snr_min,
            "a number from -1000 to `log_snr_max`");
    detail::require_time(t);
    return detail::alpha_bar_of_log_snr(log_snr_max + t * (log_snr_min - log_snr_max));
  }
};

/// A log-SNR λ of the Laplace distribution, which spends most of t around μ.
///
///   λ(t) = μ − b sgn(½ − t) ln(1 − 2 |½ − t|),  ᾱ = 1 / (1 + e^−λ)
///
/// The ends are the limits: ᾱ(0) = 1 and ᾱ(1) = 0.
///
/// Errors  a μ that is not finite, a b that is not positive
/// Source  Hang et al., arXiv:2407.03297
struct LaplaceAlphaBar {
  double mu = 0.0;  ///< μ, λ at t = ½, nats; any finite number
  double b = 0.5;   ///< b, the spread of λ, nats; > 0

  double operator()(double t) const {
    require_finite("mu", mu);
    require(is_finite(b) && b > 0.0, "b", b, "a finite positive number");
    detail::require_time(t);
    if (t == 0.0) return 1.0;
    if (t == 1.0) return 0.0;
    const double tail = b * std::log(1.0 - 2.0 * std::fabs(0.5 - t));
    return detail::alpha_bar_of_log_snr(t < 0.5 ? mu - tail : mu + tail);
  }
};

/// The cosine schedule of Stable Cascade: from ᾱ(0) = 1, with the log-SNR
/// lowered for larger images, and kept off both ends.
///
///   ᾱ(t) = limit(c(t) / c(0)),  c of CosineAlphaBar,  limit(ᾱ) = min(max(ᾱ, 1e-4), 1 − 1e-4)
///   λ ← λ − 2 ln shift, limited again;  λ = ln(ᾱ / (1 − ᾱ))
///
/// Errors  a shift that is not positive
/// Source  Pernias, Rampas, Richter, Pal, Aubreville, arXiv:2306.00637; the
///         shift: Hoogeboom, Heek, Salimans, arXiv:2301.11093
struct StableCascadeAlphaBar {
  double shift = 1.0;  ///< factor of σ/α, no unit; > 0, 1 changes nothing

  double operator()(double t) const {
    require(is_finite(shift) && shift > 0.0, "shift", shift, "a finite positive number");
    const auto limited = [](double alpha_bar) {
      return (std::min)((std::max)(alpha_bar, 1e-4), 1.0 - 1e-4);
    };
    const CosineAlphaBar cosine;
    const double alpha_bar = limited(cosine(t) / cosine(0.0));
    return limited(alpha_bar / (alpha_bar + (1.0 - alpha_bar) * shift * shift));
  }
};

/// The β of a schedule that is given as ᾱ(t):
///
///   β_i = min(1 − ᾱ((i + 1) / T) / ᾱ(i / T), max_beta)
///
/// Where ᾱ(i / T) is 0 there is no ratio: β_i is max_beta.
///
/// Errors  a max_beta outside (0, 1], an i that is not less than count; those of ᾱ(t)
/// Source  Nichol, Dhariwal, arXiv:2102.09672
template <class AlphaBar>
struct BetasOf {
  AlphaBar alpha_bar{};
  double max_beta = 0.999;  ///< no unit; in (0, 1]

  double operator()(std::size_t i, std::size_t count) const {
    require(max_beta > 0.0 && max_beta <= 1.0, "max_beta", max_beta, "a number in (0, 1]");
    require(i < count, "i", static_cast<double>(i), "a number of the list, less than `count`");
    const double total = static_cast<double>(count);
    const double before = alpha_bar(static_cast<double>(i) / total), after = alpha_bar(static_cast<double>(i + 1) / total);
    return (std::min)(detail::beta_between(before, after), max_beta);
  }
};

template <class AlphaBar>
BetasOf(AlphaBar) -> BetasOf<AlphaBar>;
template <class AlphaBar>
BetasOf(AlphaBar, double) -> BetasOf<AlphaBar>;

}}  // namespace eigenguide
