// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/presets/diffusers_apg.hpp>

/// The guidance of ACE-Step, for music.
/// Source  ace-step/ACE-Step, acestep/apg_guidance.py; acestep.cpp,
///         src/dit-sampler.h; diffusers, pipelines/ace_step/pipeline_ace_step.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace ace_step {

/// APG at the paper's scale, one channel at a time, on the model's velocity. It
/// is diffusers' original formulation at s − 1.
///
///   D = d + β m,   m′ = D
///   g = c + (s − 1) (D_⊥ + η D_∥)
///
///   guide(with(Apg{s}.method(), momentum(m, m), per_channel("btc")), cond, uncond, out)
///
/// Group   one channel over time: per_channel of "btc" (1.5), of "bchw" (1)
/// State   momentum: zero at the start of a run
struct Apg {
  double guidance_scale = 1.0;   ///< s, no unit; any finite number. 1 returns c
  double momentum = -0.75;       ///< β, no unit; any finite number
  double norm_threshold = 2.5;   ///< r, as ‖D‖ of a channel; 0 and below: no bound
  double eta = 0.0;              ///< η, the share along c that stays

  diffusers::NormalizedGuidance<true> method() const {
    return {diffusers::ApgPhase::apg, guidance_scale - 1.0, eta, norm_threshold, momentum, true};
  }
};

}}}  // namespace eigenguide::ace_step
