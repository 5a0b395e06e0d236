// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/schedule/moment.hpp>
#include <eigenguide/threshold/mimic.hpp>

#include <cmath>

/// Dynamic thresholding as its authors have it, with scales that change over a
/// run, and as their ComfyUI nodes do.
/// Source  mcmonkeyprojects/sd-dynamic-thresholding @ 73e4e04565aa86237d66764ac58ffae1f7e40e48
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace sd_dynamic_thresholding {

/// How a scale changes over a run, from f in [0, 1]: scale_min + f (scale − scale_min).
/// With t = step / (max_steps − 1) and v the schedule's value:
enum class Mode {
  constant,           ///< 1
  linear_down,        ///< 1 − t
  cosine_down,        ///< cos(1.5707 t)
  half_cosine_down,   ///< cos t, to 0.54
  linear_up,          ///< t
  cosine_up,          ///< 1 − cos(1.5707 t)
  half_cosine_up,     ///< 1 − cos t, to 0.46
  power_up,           ///< t^v
  power_down,         ///< 1 − t^v
  linear_repeating,   ///< |1 − 2 (v t mod 1)|
  cosine_repeating,   ///< (1 + cos(6.28318 v t)) / 2
  sawtooth,           ///< v t mod 1
};

/// The scale at `step`, 0-based, of `max_steps`; t is 0 where there is one step.
/// Source  dynthres_core.py, interpret_scale
inline double scale_at(Mode mode, double scale, double scale_min, double value, double step, double max_steps) {
  const double t = max_steps == 1.0 ? 0.0 : step / (max_steps - 1.0);
  const auto modulo = [](double x) { return x - std::floor(x); };
  double f = 1.0;
  switch (mode) {
    case Mode::constant: break;
    case Mode::linear_down: f = 1.0 - t; break;
    case Mode::cosine_down: f = std::cos(t * 1.5707); break;
    case Mode::half_cosine_down: f = std::cos(t); break;
    case Mode::linear_up: f = t; break;
    case Mode::cosine_up: f = 1.0 - std::cos(t * 1.5707); break;
    case Mode::half_cosine_up: f = 1.0 - std::cos(t); break;
    case Mode::power_up: f = std::pow(t, value); break;
    case Mode::power_down: f = 1.0 - std::pow(t, value); break;
    case Mode::linear_repeating: f = std::fabs(1.0 - 2.0 * modulo(t * value)); break;
    case Mode::cosine_repeating: f = 0.5 + 0.5 * std::cos(t * 6.28318 * value); break;
    case Mode::sawtooth: f = modulo(t * value); break;
  }
  return scale_min + f * (scale - scale_min);
}

/// That scale as a schedule, see schedule/ramp.hpp.
struct Ramp {
  Mode mode = Mode::constant;
  double scale = 1.0;      ///< no unit; any finite number
  double scale_min = 0.0;  ///< no unit; any finite number
  double value = 1.0;      ///< v of the modes that have one

  void validate() const {
    require_finite("scale", scale);
    require_finite("scale_min", scale_min);
    require_finite("value", value);
  }
  double operator()(const Moment& moment) const {
    return scale_at(mode, scale, scale_min, value, static_cast<double>(moment.step), static_cast<double>(moment.count));
  }
};

/// The extension's settings. Where channels are not separate, the extent is one
/// for the whole batch, and of one sample that of eigenguide::Mimic.
struct DynThresh {
  double mimic_scale = 7.0;           ///< no unit
  double threshold_percentile = 1.0;  ///< as a share, in [0, 1]
  Mode mimic_mode = Mode::constant;
  double mimic_scale_min = 0.0;       ///< no unit
  Mode cfg_mode = Mode::constant;
  double cfg_scale_min = 0.0;         ///< no unit
  double sched_val = 1.0;             ///< v of the modes that have one
  bool separate_feature_channels = true;
  Startpoint scaling_startpoint = Startpoint::mean;
  Variability variability_measure = Variability::absolute;
  double interpolate_phi = 1.0;       ///< in [0, 1]

  /// The guidance at `step`, 0-based, of `max_steps`.
  Mimic at(double guidance_scale, double step, double max_steps) const {
    return {scale_at(cfg_mode, guidance_scale, cfg_scale_min, sched_val, step, max_steps),
            scale_at(mimic_mode, mimic_scale, mimic_scale_min, sched_val, step, max_steps),
            threshold_percentile,
            interpolate_phi,
            separate_feature_channels,
            scaling_startpoint,
            variability_measure};
  }
};

namespace detail {

template <class Cond, class Uncond, class Out>
void guide(const DynThresh& settings, double guidance_scale, double step, double max_steps, const Cond& cond,
           const Uncond& uncond, Out&& out, Workspace& workspace, bool without_uncond) {
  using T = typename decltype(view(cond))::Scalar;
  using eigenguide::detail::MimicOf;
  eigenguide::detail::mimic<T>(settings.at(guidance_scale, step, max_steps), view(cond), view(uncond), view(out),
                               settings.separate_feature_channels ? MimicOf::channel : MimicOf::batch, workspace,
                               without_uncond);
}

}  // namespace detail

/// Guides one step of a batch.
/// Inputs  cond, uncond  [samples, channels, ...], of two dimensions or more
/// Output  out           of their shape; may be exactly one of them
/// Errors  as those of eigenguide::Mimic
/// Cost    two passes and a selection in linear time; a workspace of two
///         channels, or batches
template <class Cond, class Uncond, class Out>
void guide(const DynThresh& settings, double guidance_scale, double step, double max_steps, const Cond& cond,
           const Uncond& uncond, Out&& out, Workspace& workspace) {
  detail::guide(settings, guidance_scale, step, max_steps, cond, uncond, out, workspace, false);
}

/// The settings of ComfyUI's simple node: constant scales, one extent for the batch.
/// Source  dynthres_comfyui.py, DynamicThresholdingSimpleComfyNode
inline DynThresh simple_node(double mimic_scale, double threshold_percentile) {
  DynThresh settings;
  settings.mimic_scale = mimic_scale;
  settings.threshold_percentile = threshold_percentile;
  settings.separate_feature_channels = false;
  return settings;
}

/// One step of the ComfyUI nodes, on denoised predictions: the step is counted
/// in training timesteps, 999 − t of 999, and a guidance_scale equal to the
/// mimic_scale is plain guidance. At a guidance_scale close to 1 ComfyUI skips
/// the unconditional pass, and zeros stand in for u (see comfyui::Cfg).
///
/// Inputs  timestep  t, 0 to 999: that of the σ of Stable Diffusion's table
///                   which is nearest to the first sample's, in its logarithm
/// Source  dynthres_comfyui.py, DynamicThresholdingComfyNode
template <class Cond, class Uncond, class Out>
void guide_node(const DynThresh& settings, double guidance_scale, double timestep, const Cond& cond,
                const Uncond& uncond, Out&& out, Workspace& workspace) {
  const comfyui::Cfg plain = comfyui::cfg(guidance_scale);
  if (guidance_scale == settings.mimic_scale) return eigenguide::guide(plain, cond, uncond, out);
  detail::guide(settings, guidance_scale, 999.0 - timestep, 999.0, cond, uncond, out, workspace, plain.uncond_skipped);
}

}}}  // namespace eigenguide::sd_dynamic_thresholding
