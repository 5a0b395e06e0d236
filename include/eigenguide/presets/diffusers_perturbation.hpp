// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/dual_cfg.hpp>
#include <eigenguide/method/modality_isolation.hpp>
#include <eigenguide/method/perturbation.hpp>
#include <eigenguide/prediction/space.hpp>
#include <eigenguide/presets/diffusers.hpp>
#include <eigenguide/presets/rescale_noise_cfg.hpp>

#include <cstddef>
#include <optional>

/// Guidance of Hugging Face diffusers that reads a further prediction: the
/// guiders of perturbed models, and the pipelines of several conditions.
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// Skip-layer guidance beside classifier-free guidance, each over an interval
/// of the run, then rescaled. p is the prediction with layers skipped.
///
///   both on            g = u + s d + k (c − p)
///   only CFG           g = u + s d
///   only skip-layer    g = p + k (c − p)    originally g = c + k (c − p)
///   g = φ g std(c) / std(g) + (1 − φ) g
///
/// Alone, it counts k from p and not, as beside CFG, from c. Its first step is
/// exclusive: int(start · count) < step, so that step 0 is never guided by it.
///
///   guide(with(guider.at(step, count), perturbed(p)), cond, uncond, out);
///
/// Source  src/diffusers/guiders/skip_layer_guidance.py
struct SkipLayerGuidance {
  double guidance_scale = 7.5;              ///< s, or s − 1 in the original formulation
  double skip_layer_guidance_scale = 2.8;   ///< k, no unit; 0 is off
  double skip_layer_guidance_start = 0.01;  ///< as a share of the run; in [0, 1)
  double skip_layer_guidance_stop = 0.2;    ///< step after the last, as a share; in [start, 1]
  double guidance_rescale = 0.0;            ///< φ, at most 1; 0 and below: off
  bool use_original_formulation = false;    ///< guidance_scale counts from c instead of u
  double start = 0.0;                       ///< of CFG, as a share of the run; in [0, 1)
  double stop = 1.0;                        ///< of CFG, as a share; in [start, 1]
  bool enabled = true;                      ///< off: g = c

  /// Whether classifier-free guidance is on at `step`, 0-based, of `count`.
  bool is_cfg_enabled(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    return detail::scale_at(*this, step, count) != 1.0;
  }

  /// Whether skip-layer guidance is.
  /// Errors  an interval that is none, a scale that is not finite
  bool is_slg_enabled(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    const double first = skip_layer_guidance_start, last = skip_layer_guidance_stop;
    require(first >= 0.0 && first < 1.0, "skip_layer_guidance_start", first, "a number in [0, 1)");
    require(last >= first && last <= 1.0, "skip_layer_guidance_stop", last,
            "a number in [`skip_layer_guidance_start`, 1]");
    require_finite("skip_layer_guidance_scale", skip_layer_guidance_scale);
    if (!enabled || is_close(skip_layer_guidance_scale, 0.0)) return false;
    if (!count) return true;
    const double steps = static_cast<double>(*count);
    return static_cast<std::size_t>(first * steps) < step && step < static_cast<std::size_t>(last * steps);
  }

  /// The guidance of `step`, 0-based, of `count`.
  Chain<Cfg, Perturbation, RescaleNoiseCfg> at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    const bool alone = !use_original_formulation && !is_cfg_enabled(step, count);
    const double k = skip_layer_guidance_scale - (alone ? 1.0 : 0.0);
    return Cfg{detail::scale_at(*this, step, count)} | Perturbation{is_slg_enabled(step, count) ? k : 0.0} |
           detail::rescale_of(*this);
  }
};

/// Perturbed-attention guidance: the same formula, with the prediction under
/// perturbed attention.
///
/// Source  src/diffusers/guiders/perturbed_attention_guidance.py
using PerturbedAttentionGuidance = SkipLayerGuidance;

/// Smoothed-energy guidance: the same formula, over the whole run by default.
/// (The peer never perturbs its model: its p is c.)
///
/// Source  src/diffusers/guiders/smoothed_energy_guidance.py
inline SkipLayerGuidance smoothed_energy_guidance() {
  SkipLayerGuidance guider;
  guider.skip_layer_guidance_start = 0.0;
  guider.skip_layer_guidance_stop = 1.0;
  return guider;
}

/// Perturbed attention in the PAG pipelines.
///
///   g = u + s d + k (c − p), without classifier-free guidance g = c + k (c − p)
///   k = pag_scale, or max(0, pag_scale − pag_adaptive_scale (1000 − t)) where both are positive
///
/// Source  src/diffusers/pipelines/pag/pag_utils.py
struct PagPipeline {
  double guidance_scale = 5.0;      ///< s, no unit
  double pag_scale = 3.0;           ///< no unit
  double pag_adaptive_scale = 0.0;  ///< for each timestep that is done; no unit
  bool do_classifier_free_guidance = true;

  /// k at training timestep t, of 0 to 1000.
  double effective_scale(double t) const {
    if (pag_scale <= 0.0 || pag_adaptive_scale <= 0.0) return pag_scale;
    const double scale = pag_scale - pag_adaptive_scale * (1000.0 - t);
    return scale < 0.0 ? 0.0 : scale;
  }

  Chain<Cfg, Perturbation> at(double t) const {
    return Cfg{do_classifier_free_guidance ? guidance_scale : 1.0} | Perturbation{effective_scale(t)};
  }
};

/// InstructPix2Pix: text and image, of which `middle` has the image only.
///
///   guide(with(pipeline.method(), middle(of_image)), cond, uncond, out);
///
/// Source  src/diffusers/pipelines/stable_diffusion/pipeline_stable_diffusion_instruct_pix2pix.py
struct InstructPix2Pix {
  double guidance_scale = 7.5;        ///< of the text, no unit
  double image_guidance_scale = 1.5;  ///< of the image, no unit

  DualCfg method() const { return {guidance_scale, image_guidance_scale}; }
};

/// OmniGen: the same formula and inputs.
///
/// Source  src/diffusers/pipelines/omnigen/pipeline_omnigen.py
struct OmniGen {
  double guidance_scale = 2.5;      ///< of the text, no unit
  double img_guidance_scale = 1.6;  ///< of the image, no unit

  DualCfg method() const { return {guidance_scale, img_guidance_scale}; }
};

/// LTX-2's sum of guidances, read in x₀ of a flow model.
///
///   g = c + (s − 1) d + stg (c − p) + (m − 1) (c − q)
///   g = φ g std(c) / std(g) + (1 − φ) g
///
/// with p of skipped layers (`perturbed`) and q without the exchange between
/// modalities (`isolated`). s and m of 1 and below, and stg of 0 and below, are
/// off.
///
///   guide(with(pipeline.method(), perturbed(p), isolated(q)), pipeline.space, rectified_flow(sigma),
///         x, cond, uncond, out);
///
/// Source  src/diffusers/pipelines/ltx2/pipeline_ltx2.py
struct Ltx2 {
  double guidance_scale = 4.0;    ///< s, no unit
  double stg_scale = 0.0;         ///< stg, no unit
  double modality_scale = 1.0;    ///< m, no unit
  double guidance_rescale = 0.0;  ///< φ, at most 1; 0 and below: off

  static constexpr Space space{Kind::flow, Kind::sample};

  Chain<Cfg, Perturbation, ModalityIsolation, RescaleNoiseCfg> method() const {
    return Cfg{guidance_scale > 1.0 ? guidance_scale : 1.0} | Perturbation{stg_scale > 0.0 ? stg_scale : 0.0} |
           ModalityIsolation{modality_scale > 1.0 ? modality_scale : 1.0} |
           RescaleNoiseCfg{guidance_rescale > 0.0 ? guidance_rescale : 0.0};
  }
};

}}}  // namespace eigenguide::diffusers
