// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/beta_quantile.hpp>
#include <eigenguide/noise/exponential.hpp>
#include <eigenguide/noise/karras.hpp>
#include <eigenguide/noise/kl_optimal.hpp>
#include <eigenguide/noise/linear_quadratic.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/presets/comfyui_model_sampling.hpp>
#include <eigenguide/presets/linspace.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

/// The noise levels of a run in ComfyUI, by the name of its scheduler. Each
/// takes any of the model samplings, and gives from noise to data the level
/// before every step and the one after the last; for 0 steps none. 1e9 steps
/// and more are rejected.
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832, comfy/samplers.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

enum class Scheduler {
  simple,
  sgm_uniform,
  karras,
  exponential,
  ddim_uniform,
  beta,
  normal,
  linear_quadratic,
  kl_optimal,
};

namespace detail {

/// Whether a model's level counts as the 0 at which a run ends.
inline bool is_end(double sigma) { return sigma <= 1e-5; }

}  // namespace detail

/// Entries of the model's table, counted from its end at even strides rounded down.
template <class ModelSampling>
std::vector<double> simple_scheduler(const ModelSampling& model, std::size_t steps) {
  require_count("steps", steps);
  const double stride = static_cast<double>(model.size()) / static_cast<double>(steps);
  return sigmas(
      [&](std::size_t i, std::size_t) {
        return model[model.size() - 1 - static_cast<std::size_t>(static_cast<double>(i) * stride)];
      },
      steps);
}

/// Entries of the model's table from its second on, at a stride of whole
/// entries: as many as fit, which may be more than `steps`.
template <class ModelSampling>
std::vector<double> ddim_scheduler(const ModelSampling& model, std::size_t steps) {
  require_count("steps", steps);
  std::vector<double> list;
  if (steps == 0) return list;
  const bool ends_in_table = model.size() > 1 && detail::is_end(model[1]);
  if (ends_in_table) ++steps;
  else list.push_back(0.0);
  const std::size_t stride = (std::max)(model.size() / steps, std::size_t{1});
  for (std::size_t i = 1; i < model.size(); i += stride) list.push_back(model[i]);
  std::reverse(list.begin(), list.end());
  return list;
}

/// Even timesteps from that of σ_max to that of σ_min. With `sgm` the last is
/// left out, and 0 follows the one before it.
template <class ModelSampling>
std::vector<double> normal_scheduler(const ModelSampling& model, std::size_t steps, bool sgm = false) {
  require_count("steps", steps);
  if (steps == 0) return {};
  const double start = model.timestep(sigma_max(model));
  const double end = model.timestep(sigma_min(model));
  const bool ends_in_table = !sgm && detail::is_end(model.sigma(end));
  const std::size_t points = sgm || ends_in_table ? steps + 1 : steps;
  const std::size_t count = sgm ? steps : points;
  std::vector<double> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back(model.sigma(linspace(start, end, i, points)));
  if (!ends_in_table) list.push_back(0.0);
  return list;
}

/// Entries of the model's table at the quantiles of a Beta distribution. Steps
/// that fall on the entry of the one before are left out.
///
///   index = round(I⁻¹_p(α, β) · (size − 1)),  p = 1 − i / N
///
/// Errors  an α or β outside [1e-3, 1e4]
/// Source  Lee et al., arXiv:2407.12173
template <class ModelSampling>
std::vector<double> beta_scheduler(const ModelSampling& model, std::size_t steps, double alpha = 0.6,
                                   double beta = 0.6) {
  require_count("steps", steps);
  std::vector<double> list;
  if (steps == 0) return list;
  const double spacing = 1.0 / static_cast<double>(steps);
  const double last = static_cast<double>(model.size() - 1);
  double before = -1.0;
  for (std::size_t i = 0; i < steps; ++i) {
    const double p = 1.0 - static_cast<double>(i) * spacing;
    const double index = std::nearbyint(beta_quantile(p, alpha, beta) * last);
    if (index != before) list.push_back(model[static_cast<std::size_t>(index)]);
    before = index;
  }
  list.push_back(0.0);
  return list;
}

/// The levels of a run of `steps`.
///
/// Errors  a scheduler that is none, those of the model and the schedule
template <class ModelSampling>
std::vector<double> calculate_sigmas(const ModelSampling& model, Scheduler scheduler, std::size_t steps) {
  require_count("steps", steps);
  const double min = sigma_min(model), max = sigma_max(model);
  switch (scheduler) {
    case Scheduler::simple: return simple_scheduler(model, steps);
    case Scheduler::sgm_uniform: return normal_scheduler(model, steps, true);
    case Scheduler::karras: return sigmas(Karras{min, max, 7.0}, steps);
    case Scheduler::exponential: return sigmas(Exponential{min, max}, steps);
    case Scheduler::ddim_uniform: return ddim_scheduler(model, steps);
    case Scheduler::beta: return beta_scheduler(model, steps);
    case Scheduler::normal: return normal_scheduler(model, steps);
    case Scheduler::linear_quadratic: return sigmas(LinearQuadratic{0.025, {}, max}, steps);
    case Scheduler::kl_optimal: return sigmas(KlOptimal{min, max, 1.0}, steps);
  }
  reject("scheduler", "none of the named ones", "one of Scheduler");
}

/// The BasicScheduler node: the last `steps` of a run that is longer by
/// 1 / denoise, rounded down. Up to a denoise of 0 there are no levels.
///
/// Inputs  denoise  the share of a run, no unit; 1 and above is the whole
/// Errors  a denoise that is not finite, or so small that the run is no number
/// Source  comfy_extras/nodes_custom_sampler.py
template <class ModelSampling>
std::vector<double> basic_scheduler(const ModelSampling& model, Scheduler scheduler, std::size_t steps,
                                    double denoise = 1.0) {
  require_count("steps", steps);
  require_finite("denoise", denoise);
  if (denoise <= 0.0) return {};
  const double total = denoise < 1.0 ? static_cast<double>(steps) / denoise : static_cast<double>(steps);
  require(total < count_limit, "denoise", denoise, "a share that makes a run of fewer than 1e9 steps");
  std::vector<double> list = calculate_sigmas(model, scheduler, static_cast<std::size_t>(total));
  if (list.size() > steps + 1) list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(steps + 1));
  return list;
}

}}}  // namespace eigenguide::comfyui
