// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/alpha_bar.hpp>
#include <eigenguide/noise/alphas_cumprod.hpp>
#include <eigenguide/noise/betas.hpp>
#include <eigenguide/noise/sigma_table.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/noise/zero_terminal_snr.hpp>
#include <eigenguide/presets/nearest_timestep.hpp>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

/// The noise levels of ComfyUI's models that were trained at discrete timesteps.
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832, comfy/model_sampling.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// The training schedules by ComfyUI's names.
enum class BetaSchedule {
  linear,       ///< ScaledLinearBetas
  sqrt_linear,  ///< LinearBetas
  cosine,       ///< of CosineAlphaBar, β at most 0.999, whatever the range; "squaredcos_cap_v2" is the same
  sqrt,         ///< SqrtBetas
};

/// The σ that ComfyUI means by the start of a run whose noise has no end.
inline constexpr double sigma_of_start = 999999999.9;

namespace detail {

/// The σ of a share of a run: `start` up to share 0, 0 from share 1, between
/// them inside(1 − percent).
template <class Inside>
double sigma_of_percent(double percent, double start, const Inside& inside) {
  require_finite("percent", percent);
  if (percent <= 0.0) return start;
  if (percent >= 1.0) return 0.0;
  return inside(1.0 - percent);
}

}  // namespace detail

/// The levels of a model, rescaled to zero terminal SNR but for a last ᾱ that
/// can still be divided by: σ = 4518.76.
///
/// Inputs  sigmas  in units of the data, each ≥ 0
/// Output  as many; a table whose levels are all the same keeps them but for the last
/// Errors  a σ that is negative or not finite; one before the last that equals it,
///         which would be pure noise, unless all do
/// Source  Lin, Liu, Li, Yang, arXiv:2305.08891, algorithm 1
inline std::vector<double> rescale_zero_terminal_snr_sigmas(const std::vector<double>& sigmas) {
  std::vector<double> alphas_cumprod;
  alphas_cumprod.reserve(sigmas.size());
  for (const double sigma : sigmas) {
    require(is_finite(sigma) && sigma >= 0.0, "sigmas", sigma, "finite numbers, at least 0");
    alphas_cumprod.push_back(1.0 / (sigma * sigma + 1.0));
  }
  alphas_cumprod = rescale_zero_terminal_snr(std::move(alphas_cumprod));
  if (!alphas_cumprod.empty()) alphas_cumprod.back() = 4.8973451890853435e-08;
  return sigmas_of_alphas_cumprod(alphas_cumprod);
}

/// A model that knows noise by the number of a timestep. Unconfigured, that of
/// Stable Diffusion.
class ModelSamplingDiscrete {
 public:
  /// Inputs  schedule      of β over the timesteps
  ///         linear_start  its β at the first timestep, in [0, 1], default 0.00085
  ///         linear_end    its β at the last timestep, in [0, 1], default 0.012
  ///         zsnr          whether the levels are rescaled to zero terminal SNR
  ///         timesteps     their number, at least 1 and fewer than 1e9, default 1000
  /// Errors  those of the schedules; levels that do not rise
  explicit ModelSamplingDiscrete(BetaSchedule schedule = BetaSchedule::linear, double linear_start = 0.00085,
                                 double linear_end = 0.012, bool zsnr = false, std::size_t timesteps = 1000)
      : table_(levels(betas(schedule, linear_start, linear_end, timesteps), zsnr)) {}

  explicit ModelSamplingDiscrete(SigmaTable table) : table_(std::move(table)) {}

  std::size_t size() const { return table_.sigmas().size(); }
  double operator[](std::size_t index) const {
    require(index < size(), "index", static_cast<double>(index), "a number below the table's size");
    return table_.sigmas()[index];
  }

  /// σ at a timestep, ln σ linear between two of them.
  double sigma(double t) const { return table_.sigma(t); }

  /// The timestep whose ln σ is nearest: a whole number, 0 of σ = 0.
  double timestep(double sigma) const { return static_cast<double>(nearest_timestep(table_, sigma)); }

  /// The σ at a share of the run: that of timestep 999 (1 − percent) within it.
  double percent_to_sigma(double percent) const {
    return detail::sigma_of_percent(percent, sigma_of_start, [&](double left) { return sigma(left * 999.0); });
  }

 private:
  SigmaTable table_;

  static std::vector<double> betas(BetaSchedule schedule, double start, double end, std::size_t timesteps) {
    require_count("timesteps", timesteps);
    switch (schedule) {
      case BetaSchedule::linear: return values(ScaledLinearBetas{start, end}, timesteps);
      case BetaSchedule::sqrt_linear: return values(LinearBetas{start, end}, timesteps);
      case BetaSchedule::cosine: return values(BetasOf<CosineAlphaBar>{}, timesteps);
      case BetaSchedule::sqrt: return values(SqrtBetas{start, end}, timesteps);
    }
    reject("schedule", "none of the named ones", "one of BetaSchedule");
  }

  static SigmaTable levels(const std::vector<double>& betas, bool zsnr) {
    std::vector<double> sigmas = sigmas_of_alphas_cumprod(alphas_cumprod(betas));
    return SigmaTable(zsnr ? rescale_zero_terminal_snr_sigmas(sigmas) : std::move(sigmas));
  }
};

}}}  // namespace eigenguide::comfyui
