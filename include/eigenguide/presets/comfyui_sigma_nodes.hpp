// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/flow_shift.hpp>
#include <eigenguide/noise/ramp.hpp>
#include <eigenguide/noise/resolution_shift.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/noise/step_table.hpp>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

/// The noise levels of ComfyUI's nodes that ask no model for them, from noise
/// to data; for 0 steps none. 1e9 steps and more are rejected.
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// LaplaceSigmas with 1e-5 in the logarithm, which moves every level but the
/// middle one and makes the ends finite before they are limited to the range.
///
///   x = i / (N − 1)
///   ln σ_i = μ − β sgn(½ − x) ln(1 − 2 |½ − x| + 1e-5),  σ_i within [σ_min, σ_max]
///
/// The node gives its `values`: no 0 follows the last.
///
/// Errors  as of LaplaceSigmas, but β may be 0
/// Source  comfy/k_diffusion/sampling.py, get_sigmas_laplace
struct LaplaceScheduler {
  double sigma_min = 0.0291675;  ///< σ_min, the least level; in (0, σ_max]
  double sigma_max = 14.614642;  ///< σ_max, the greatest level; > 0
  double mu = 0.0;               ///< μ, where ln σ is densest
  double beta = 0.5;             ///< β, the scale of ln σ; ≥ 0

  double operator()(std::size_t i, std::size_t count) const {
    require_sigma_range(sigma_min, sigma_max);
    require_finite("mu", mu);
    require(is_finite(beta) && beta >= 0.0, "beta", beta, "a finite number, at least 0");
    const double x = ramp(i, count);
    double log_sigma = mu;
    if (x != 0.5) {
      const double tail = beta * std::log(1.0 - 2.0 * std::fabs(0.5 - x) + 1e-5);
      log_sigma = x < 0.5 ? mu - tail : mu + tail;
    }
    if (log_sigma >= std::log(sigma_max)) return sigma_max;
    if (log_sigma <= std::log(sigma_min)) return sigma_min;
    return std::exp(log_sigma);
  }
};

/// The LTXVScheduler node: even flow times, shifted by e^μ with μ linear in the
/// number of tokens (`base_shift` at 1024, `max_shift` at 4096), then stretched
/// so that the last is `terminal`; 0 follows. One step, of which nothing is to
/// be stretched, is 1.
///
/// Inputs  tokens    positions of the latent, frames × height × width; 4096 without a latent
///         stretch   whether the last level is moved to `terminal`
///         terminal  in [0, 1)
/// Errors  a shift that is not finite or makes a μ outside [−700, 700], a terminal outside its range
/// Source  comfy_extras/nodes_lt.py
inline std::vector<double> ltxv_sigmas(std::size_t steps, double max_shift = 2.05, double base_shift = 0.95,
                                       bool stretch = true, double terminal = 0.1, std::size_t tokens = 4096) {
  require_count("steps", steps);
  const double mu = LinearResolutionShift{1024.0, 4096.0, base_shift, max_shift}(static_cast<double>(tokens));
  require(mu >= -700.0 && mu <= 700.0, "max_shift", max_shift, "a shift that leaves mu in [-700, 700]");
  std::vector<double> list = values(FlowTimes{std::exp(mu)}, steps);
  if (stretch) list = stretched_to_terminal(std::move(list), terminal);
  if (steps > 0) list.push_back(0.0);
  return list;
}

/// The models that have a table in ComfyUI's nodes AlignYourSteps and OptimalSteps.
enum class StepTableModel { ays_sd1, ays_sdxl, ays_svd, optimal_flux, optimal_wan, optimal_chroma };

/// A model's table. Those of Align Your Steps are the paper's, moved to the
/// levels of the model's own timesteps.
///
/// Source  comfy_extras/nodes_align_your_steps.py, comfy_extras/nodes_optimalsteps.py
inline StepTable step_table(StepTableModel model) {
  static constexpr double sd1[] = {14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520,
                                   1.8841921177,  1.3943805092, 0.9642583904, 0.6523686016,
                                   0.3977456272,  0.1515232662, 0.0291671582};
  static constexpr double sdxl[] = {14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769,
                                    1.3405244945,  0.8620721141, 0.5550693289, 0.3798540708,
                                    0.2332364134,  0.1114188177, 0.0291671582};
  static constexpr double svd[] = {700.0, 54.5,  15.886, 7.977, 4.248, 1.789,
                                   0.981, 0.403, 0.173,  0.034, 0.002};
  static constexpr double flux[] = {0.9968, 0.9886, 0.9819, 0.975,  0.966, 0.9471,
                                    0.9158, 0.8287, 0.5512, 0.2808, 0.001};
  static constexpr double wan[] = {1.0,   0.997, 0.995, 0.993, 0.991, 0.989, 0.987, 0.985, 0.98,  0.975, 0.973,
                                   0.968, 0.96,  0.946, 0.927, 0.902, 0.864, 0.776, 0.539, 0.208, 0.001};
  static constexpr double chroma[] = {
      0.992, 0.99,  0.988, 0.985, 0.982, 0.978, 0.973, 0.968, 0.961, 0.953, 0.943, 0.931, 0.917, 0.9,
      0.881, 0.858, 0.832, 0.802, 0.769, 0.731, 0.69,  0.646, 0.599, 0.55,  0.501, 0.451, 0.402, 0.355,
      0.311, 0.27,  0.232, 0.199, 0.169, 0.143, 0.12,  0.101, 0.084, 0.07,  0.058, 0.048, 0.001};
  switch (model) {
    case StepTableModel::ays_sd1: return {sd1, 11};
    case StepTableModel::ays_sdxl: return {sdxl, 11};
    case StepTableModel::ays_svd: return {svd, 11};
    case StepTableModel::optimal_flux: return {flux, 11};
    case StepTableModel::optimal_wan: return {wan, 21};
    case StepTableModel::optimal_chroma: return {chroma, 41};
  }
  reject("model", "none of the named ones", "one of StepTableModel");
}

/// The nodes AlignYourSteps and OptimalSteps: the table for `steps`, and of it
/// the last round(steps · denoise), half to even. Up to a denoise of 0 there
/// are no levels.
///
/// Inputs  denoise  the share of the run, no unit; 1 and above is the whole
/// Errors  a denoise that is not finite, a model that has no name
inline std::vector<double> table_sigmas(StepTableModel model, std::size_t steps, double denoise = 1.0) {
  require_count("steps", steps);
  require_finite("denoise", denoise);
  if (denoise <= 0.0 || steps == 0) return {};
  std::vector<double> list = sigmas(step_table(model), steps);
  if (denoise < 1.0) {
    const double kept = std::nearbyint(static_cast<double>(steps) * denoise);
    list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(kept) - 1);
  }
  return list;
}

}}}  // namespace eigenguide::comfyui
