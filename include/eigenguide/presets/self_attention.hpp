// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/self_attention.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace diffusers {

/// Self-attention guidance of its pipeline, of predictions of the noise:
///
///   g = u + s d + k (u − p), where guidance_scale > 1
///   g = c + k (c − p), otherwise: hand in `cond` for u
///
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/pipelines/deprecated/stable_diffusion_variants/pipeline_stable_diffusion_sag.py
struct SelfAttentionGuidance {
  double guidance_scale = 7.5;  ///< s, no unit; any finite number
  double sag_scale = 0.75;      ///< k, no unit; any finite number

  /// Whether the pipeline evaluates u.
  bool is_guided() const { return guidance_scale > 1.0; }

  Chain<Cfg, SelfAttention> method() const {
    return {{Cfg{is_guided() ? guidance_scale : 1.0}, SelfAttention{sag_scale}}};
  }
};

}  // namespace diffusers

namespace comfyui {

/// SelfAttentionGuidance: from the denoised prediction of the degraded input
/// towards what it was degraded to.
///
///   g = g + scale (b − p)
///
/// b is the blurred unconditional prediction, p the model's of b with the noise
/// put back, both without the condition. Latents of at most 4 rows or columns
/// are left alone.
///
///   guide(with(node.method(rows, columns), degraded(p)), guided, blurred, out);
///
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832, comfy_extras/nodes_sag.py
struct SelfAttentionGuidance {
  double scale = 0.5;       ///< no unit; any finite number
  double blur_sigma = 2.0;  ///< of the blur, in latent pixels; see spectral/gaussian_blur.hpp

  SelfAttention method(std::size_t rows, std::size_t columns) const {
    return {rows <= 4 || columns <= 4 ? 0.0 : scale};
  }
};

}  // namespace comfyui

}}  // namespace eigenguide
