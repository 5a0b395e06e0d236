// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/apg.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/prediction/space.hpp>
#include <eigenguide/presets/rescale_noise_cfg.hpp>

/// Guidance of Stability AI's audio models, on [B, C, T].
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace stable_audio {

using eigenguide::operator|;

/// Stable Audio 1 and 2: guidance, rescaled to the spread of the conditional
/// prediction at each point of time.
///
///   guide(with(guidance.method(), over("c", "bct")), cond, uncond, out);
///
/// Group   the channels at one point of time
/// Source  Stability-AI/stable-audio-tools, stable_audio_tools/models/dit.py
struct Guidance {
  double cfg_scale = 1.0;  ///< s, no unit; any finite number
  double scale_phi = 0.0;  ///< φ, in [0, 1]

  Chain<Cfg, RescaleNoiseCfg> method() const { return Cfg{cfg_scale} | RescaleNoiseCfg{scale_phi}; }
};

/// Stable Audio 3: APG in x₀, of what is not padding.
///
///   D = d min(1, r / ‖d‖)
///   g = c + (s − 1) (apg_scale D_⊥ + (1 − apg_scale) D)
///
///   guide(with(guidance.method(), per_sample("bct"), mask(kept, "bt")), space, level, x, cond, uncond, out);
///
/// Group   a sample; `mask` says which of its times are not padding
///         Padding has the weights of its sample; the peer's D_⊥ is zero there
/// Source  stable-audio-3, as in deepbeepmeep/Wan2GP,
///         models/TTS/stable_audio3/models/dit.py
struct Guidance3 {
  double cfg_scale = 1.0;           ///< s, no unit; any finite number
  double apg_scale = 1.0;           ///< 1 − η, no unit; any finite number
  double cfg_norm_threshold = 0.0;  ///< r, in units of the data; at least 0. 0 sets no bound

  /// The space of a model that predicts `kind`.
  static constexpr Space space(Kind kind) { return {kind, Kind::sample}; }

  Apg method() const { return {cfg_scale, 1.0 - apg_scale, cfg_norm_threshold}; }
};

}}}  // namespace eigenguide::stable_audio
