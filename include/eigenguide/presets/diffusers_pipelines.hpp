// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/method/renorm.hpp>
#include <eigenguide/method/scale.hpp>
#include <eigenguide/method/slerp.hpp>
#include <eigenguide/presets/linspace.hpp>

#include <cstddef>

/// Guidance written into the pipelines of Hugging Face diffusers. Where a norm
/// is over less than a sample, the samples of the batch that is guided are
/// those groups: a row, a token.
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

using eigenguide::operator|;

/// Lumina 2: guidance, brought to the length of the conditional prediction.
///
///   g = u + s d,  then g ‖c‖ / ‖g‖
///
/// Group   the last axis: one image row of [B, C, H, W]
/// Source  src/diffusers/pipelines/lumina2/pipeline_lumina2.py
struct Lumina2 {
  double guidance_scale = 4.0;    ///< s, no unit; any finite number
  bool cfg_normalization = true;  ///< off: plain guidance

  Chain<Cfg, Renorm> method() const {
    return Cfg{guidance_scale} | (cfg_normalization ? Renorm::exact() : Renorm{});
  }
};

/// Qwen-Image: the same, always on.
///
/// Group   the last axis: one token of packed latents [B, tokens, channels]
/// Source  src/diffusers/pipelines/qwenimage/pipeline_qwenimage.py
struct QwenImage {
  double true_cfg_scale = 4.0;  ///< s, no unit; any finite number

  Chain<Cfg, Renorm> method() const { return Cfg{true_cfg_scale} | Renorm::exact(); }
};

/// Renormalisation with a least length of the guided prediction.
///
///   g′ = g ‖c‖ / max(‖g‖, 10⁻⁶)
///
/// Source  src/diffusers/pipelines/joyimage/pipeline_joyimage_edit.py
struct ClampedRenorm {
  enum Vector : std::size_t { c, g };
  using Vectors = Reads<Role::cond, Role::guided>;

  void validate() const {}

  Row<2> operator()(const Gram<2>& gram) const {
    const Real length = greater(gram.norm(unit<2>(g)), 1e-6);
    return gram.norm(unit<2>(c)) / length * unit<2>(g);
  }
};

/// JoyImage: guidance, brought to the length of the conditional prediction.
///
/// Group   axis 2: one token of [B, tokens, channels], one column of frames of
///         [B, C, T, H, W]
/// Source  src/diffusers/pipelines/joyimage/pipeline_joyimage_edit.py
struct JoyImageEdit {
  double guidance_scale = 4.0;  ///< s, no unit; any finite number

  Chain<Cfg, ClampedRenorm> method() const { return Cfg{guidance_scale} | ClampedRenorm{}; }
};

/// Z-Image: guidance by the paper's weight, its length capped.
///
///   g = c + guidance_scale d,  then at most k ‖c‖ long
///
/// Source  src/diffusers/pipelines/z_image/pipeline_z_image_controlnet.py
struct ZImage {
  double guidance_scale = 5.0;     ///< w = s − 1, no unit; any finite number
  double cfg_normalization = 0.0;  ///< k, in units of ‖c‖; the peer's True is 1; 0 and below: off

  Chain<Cfg, Renorm> method() const {
    return Cfg{scale_from_weight(guidance_scale)} |
           (cfg_normalization > 0.0 ? Renorm::capped(cfg_normalization) : Renorm{});
  }
};

/// Stable Video Diffusion: a scale for each frame, even steps from the first to
/// the last; for `scales`, one for each frame.
///
/// Source  src/diffusers/pipelines/stable_video_diffusion/pipeline_stable_video_diffusion.py
struct StableVideoDiffusion {
  double min_guidance_scale = 1.0;  ///< s of the first frame
  double max_guidance_scale = 3.0;  ///< s of the last frame

  /// s of `frame`, 0-based, of `frames`.
  double scale(std::size_t frame, std::size_t frames) const {
    return linspace(min_guidance_scale, max_guidance_scale, frame, frames);
  }
};

/// Slerp of raw vectors by t, from c (t = 0) to u (t = 1), with a line near the
/// poles.
///
///   |cos θ| > dot_threshold   g = (1 − t) c + t u
///   otherwise                 g = (sin((1 − t) θ) c + sin(t θ) u) / sin θ
///
/// Where sin θ is as good as zero the line is followed in any case (see
/// eigenguide::Slerp), where the peer divides by it.
///
/// Group   the whole tensor, its batch included
/// Source  examples/community/interpolate_stable_diffusion.py; without a
///         threshold, pipeline_audio_diffusion.py
struct Slerp {
  double t = 0.0;                 ///< no unit; any finite number
  double dot_threshold = 0.9995;  ///< at least 0; 1 and above: no line

  static Slerp plain(double t) { return {t, positive_infinity()}; }

  enum Vector : std::size_t { c, d, u };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond>;

  void validate() const {
    require_finite("t", t);
    require(dot_threshold >= 0.0, "dot_threshold", dot_threshold, "a number, at least 0");
  }

  Row<3> operator()(const Gram<3>& gram) const {
    const Real cosine = gram(c, u) / (sqrt(gram(c, c)) * sqrt(gram(u, u)));
    if (abs(cosine) > dot_threshold) return unit<3>(c) - Real(t) * unit<3>(d);
    return eigenguide::Slerp{1.0 - t, Magnitude::raw}(gram);
  }
};

}}}  // namespace eigenguide::diffusers
