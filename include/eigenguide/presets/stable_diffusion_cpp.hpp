// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/apg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/momentum.hpp>

/// Guidance of stable-diffusion.cpp, on the model's own predictions. It runs one
/// image at a time; `one_sample` says so of a tensor with a batch dimension.
/// Source  leejet/stable-diffusion.cpp @ 138da14cc3437deb94cc0b8ce4a2d81a973d5a6b
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace stable_diffusion_cpp {

using eigenguide::operator|;

/// APG, its bound in units of the length that the same root mean square has at
/// 1024 × 1024 in one channel of latents, 256 = √(256 · 256) being the peer's
/// standard:
///
///   ‖D‖ · 256 / √n  against  apg_norm_threshold
///
///   guide(with(guider.method(), momentum(m, m)), cond, uncond, out);
///
/// Source  src/runtime/guidance.cpp, AdaptiveProjectedGuidance, with both a
///         conditional and an unconditional prediction
struct AdaptiveProjectedGuidance {
  double txt_cfg = 7.0;                       ///< s, no unit; any finite number
  double apg_eta = 1.0;                       ///< η, the share along c that stays
  double apg_momentum = 0.0;                  ///< β, no unit; any finite number
  double apg_norm_threshold = 0.0;            ///< in units of the predictions, times 256; 0 and below: no bound
  double apg_norm_threshold_smoothing = 0.0;  ///< q, no unit; 0 and below: a hard bound

  Chain<Momentum, Apg> method() const {
    const auto positive = [](double value) { return value > 0.0 ? value : 0.0; };
    return Momentum{apg_momentum} | Apg{txt_cfg, apg_eta, positive(apg_norm_threshold / 256.0), Length::rms,
                                        positive(apg_norm_threshold_smoothing)};
  }
};

}}}  // namespace eigenguide::stable_diffusion_cpp
