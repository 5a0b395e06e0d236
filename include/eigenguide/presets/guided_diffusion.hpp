// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/alphas_cumprod.hpp>
#include <eigenguide/noise/betas.hpp>
#include <eigenguide/noise/posterior.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace guided_diffusion {

/// "linear" of get_named_beta_schedule: the β of 1000 timesteps, scaled so that
/// other numbers of them end in as much noise.
///
///   β from 1e-4 · 1000 / T to 0.02 · 1000 / T
///
/// Fewer than 20 timesteps would have a β above 1, which LinearBetas rejects.
///
/// Errors  no timesteps
/// Source  facebookresearch/audio2photoreal @ 449761e754009afebd932caf66a00c682c603722,
///         diffusion/gaussian_diffusion.py, of openai/guided-diffusion
inline LinearBetas linear_betas(std::size_t num_timesteps) {
  require(num_timesteps > 0, "num_timesteps", 0.0, "at least 1");
  const double scale = 1000.0 / static_cast<double>(num_timesteps);
  return {scale * 1e-4, scale * 0.02};
}

/// The reverse steps of GaussianDiffusion, one a timestep.
/// Errors: a β outside [0, 1]; no noise at all in the first timesteps
inline std::vector<Posterior> posteriors(const std::vector<double>& betas) {
  std::vector<Posterior> steps;
  steps.reserve(betas.size());
  double before = 1.0;
  for (const double alpha_bar : alphas_cumprod(betas)) {
    steps.push_back(posterior(alpha_bar, before));
    before = alpha_bar;
  }
  return steps;
}

/// posterior_log_variance_clipped: ln of each variance; the first, of which it
/// is −∞, has the second's.
/// Errors: those of posteriors; a single timestep; a β of 0 after the first
inline std::vector<double> posterior_log_variance_clipped(const std::vector<double>& betas) {
  const std::vector<Posterior> steps = posteriors(betas);
  require(steps.size() != 1, "betas", 1.0, "at least 2 timesteps");
  std::vector<double> logs;
  logs.reserve(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double variance = steps[i == 0 ? 1 : i].variance;
    require(variance > 0.0, "betas", betas[i], "numbers above 0 after the first: without noise there is no logarithm");
    logs.push_back(std::log(variance));
  }
  return logs;
}

}}}  // namespace eigenguide::guided_diffusion
