// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/alpha_bar.hpp>
#include <eigenguide/noise/alphas_cumprod.hpp>
#include <eigenguide/noise/betas.hpp>
#include <eigenguide/noise/sigma_table.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/noise/zero_terminal_snr.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// "laplace" of betas_for_alpha_bar: LaplaceAlphaBar with two differences. An
/// added 1e-6 keeps the logarithm finite, and what is returned as ᾱ is its root.
///
///   λ(t) = −½ sgn(½ − t) ln(1 − 2 |½ − t| + 1e-6),  ᾱ = √(e^λ / (1 + e^λ))
///
/// with sgn 0 = 1.
///
/// Errors  a t outside [0, 1]
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_ddim.py, betas_for_alpha_bar
struct LaplaceAlphaBar {
  double operator()(double t) const {
    eigenguide::detail::require_time(t);
    const double tail = 0.5 * std::log(1.0 - 2.0 * std::fabs(0.5 - t) + 1e-6);
    return std::sqrt(eigenguide::detail::alpha_bar_of_log_snr(t <= 0.5 ? -tail : tail));
  }
};

enum class BetaSchedule { linear, scaled_linear, squaredcos_cap_v2, sigmoid, laplace };

/// The tables of a scheduler's training.
///
/// The schedulers whose sigmas must be finite replace ᾱ = 0 of a rescaled
/// schedule by 2^−24, which makes σ_max = 4096.
///
/// Errors  those of the schedule, a T outside its range
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_ddpm.py, DDPMScheduler
struct Training {
  BetaSchedule beta_schedule = BetaSchedule::linear;
  double beta_start = 1e-4;                ///< no unit; in [0, 1]. squaredcos_cap_v2 and laplace have their own
  double beta_end = 0.02;                  ///< no unit; in [0, 1]
  std::size_t num_train_timesteps = 1000;  ///< T; fewer than 1e9
  bool rescale_betas_zero_snr = false;     ///< to zero terminal SNR

  std::vector<double> betas() const {
    std::vector<double> betas = unscaled_betas();
    if (!rescale_betas_zero_snr) return betas;
    return betas_of_alphas_cumprod(rescale_zero_terminal_snr(eigenguide::alphas_cumprod(betas)));
  }

  std::vector<double> alphas_cumprod() const { return eigenguide::alphas_cumprod(betas()); }

  SigmaTable sigmas() const {
    std::vector<double> table = alphas_cumprod();
    if (rescale_betas_zero_snr && !table.empty()) table.back() = 0x1p-24;
    return SigmaTable(sigmas_of_alphas_cumprod(table));
  }

 private:
  std::vector<double> unscaled_betas() const {
    require_count("num_train_timesteps", num_train_timesteps);
    switch (beta_schedule) {
      case BetaSchedule::linear: return values(LinearBetas{beta_start, beta_end}, num_train_timesteps);
      case BetaSchedule::scaled_linear: return values(ScaledLinearBetas{beta_start, beta_end}, num_train_timesteps);
      case BetaSchedule::sigmoid: return values(SigmoidBetas{beta_start, beta_end}, num_train_timesteps);
      case BetaSchedule::laplace: return values(BetasOf<LaplaceAlphaBar>{}, num_train_timesteps);
      case BetaSchedule::squaredcos_cap_v2: break;
    }
    return values(BetasOf<CosineAlphaBar>{}, num_train_timesteps);
  }
};

}}}  // namespace eigenguide::diffusers
