// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/dual_cfg.hpp>
#include <eigenguide/method/epsilon_scaling.hpp>
#include <eigenguide/method/perturbation.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/presets/rescale_noise_cfg.hpp>

/// ComfyUI's nodes that read a further prediction, or x, after guidance.
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// PerturbedAttentionGuidance: g + scale (c − p), p under perturbed attention.
///
/// Source  comfy_extras/nodes_pag.py
struct PerturbedAttentionGuidance {
  double scale = 3.0;  ///< no unit; any finite number

  Chain<Cfg, Perturbation> method(double cond_scale) const { return cfg(cond_scale) | Perturbation{scale}; }
};

/// σ of a flow model at a share of the sampling that is done, as
/// ModelSamplingDiscreteFlow has it: 1 at 0 and below, 0 at 1 and above.
///
///   t = 1 − percent,  σ = shift t / (1 + (shift − 1) t)
///
/// Source  comfy/model_sampling.py
inline double flow_percent_to_sigma(double percent, double shift) {
  if (percent <= 0.0) return 1.0;
  if (percent >= 1.0) return 0.0;
  const double t = 1.0 - percent;
  return shift * t / (1.0 + (shift - 1.0) * t);
}

/// SkipLayerGuidanceDiT: the prediction p with layers skipped, over an interval
/// of σ, inclusive at both ends, then perhaps rescaled.
///
///   g = g + scale (c − p)
///   g = (r std(c) / std(g) + 1 − r) g
///
/// The spreads are those of the whole batch: hand in `one_sample` of each tensor
/// for the peer's result, and the batch for each sample's own.
///
/// Source  comfy_extras/nodes_slg.py
struct SkipLayerGuidanceDit {
  double scale = 3.0;            ///< no unit; 0 and below: off
  double start_percent = 0.01;   ///< of the sampling; its σ is the first
  double end_percent = 0.15;     ///< its σ is the last
  double rescaling_scale = 0.0;  ///< r, no unit; any finite number, the node's are in [0, 10]

  /// The guidance at `sigma`, of a model whose shares are at these σ.
  /// Errors  a rescaling_scale that is not finite
  Chain<Cfg, Perturbation, RescaleNoiseCfg> at(double cond_scale, double sigma, double sigma_start,
                                                double sigma_end) const {
    require_finite("rescaling_scale", rescaling_scale);
    const bool active = scale > 0.0 && sigma >= sigma_end && sigma <= sigma_start;
    return cfg(cond_scale) | Perturbation{active ? scale : 0.0} | RescaleNoiseCfg{active ? rescaling_scale : 0.0};
  }
};

/// DualCFG, regular: positive p, middle m and negative n, g = n + s₂ (m − n) + s₁ (p − m).
///
///   guide(with(dual_cfg(cfg_conds, cfg_cond2_negative), middle(m)), positive, negative, out);
///
/// Source  comfy_extras/nodes_custom_sampler.py, Guider_DualCFG
inline DualCfg dual_cfg(double cfg_conds, double cfg_cond2_negative) { return {cfg_conds, cfg_cond2_negative}; }

/// The same, nested: g = n + s₂ ((m + s₁ (p − m)) − n).
inline NestedDualCfg nested_dual_cfg(double cfg_conds, double cfg_cond2_negative) {
  return {cfg_conds, cfg_cond2_negative};
}

/// EpsilonScaling: x − (x − g) / scaling_factor, and a factor of 0 is 10⁻⁹.
///
///   guide(node.method(s), hook_space, hook_level, x, cond, uncond, out);
///
/// Source  comfy_extras/nodes_eps.py
struct EpsilonScalingNode {
  double scaling_factor = 1.005;  ///< no unit

  Chain<eigenguide::Cfg, EpsilonScaling> method(double cond_scale) const {
    return eigenguide::Cfg{is_close(cond_scale, 1.0) ? 1.0 : cond_scale} |
           EpsilonScaling{scaling_factor == 0.0 ? 1e-9 : scaling_factor};
  }
};

}}}  // namespace eigenguide::comfyui
