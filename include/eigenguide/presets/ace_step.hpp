// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/apg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/momentum.hpp>

/// Guidance of ACE-Step, a music model, on velocities.
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace ace_step {

using eigenguide::operator|;

/// APG with momentum, of each channel by itself.
///
///   guide(with(guidance.method(), momentum(m, m), per_channel("btc")), cond, uncond, out);
///
/// Group   a channel: over time in the [B, T, C] of 1.5, over height and time in
///         the [B, C, H, T] of 1
/// Source  ace-step/ACE-Step, acestep/apg_guidance.py, apg_forward
struct Apg {
  double guidance_scale = 1.0;   ///< s, no unit; any finite number. 1 returns c
  double momentum = -0.75;       ///< β, no unit; any finite number
  double eta = 0.0;              ///< η, the share along c that stays
  double norm_threshold = 2.5;   ///< r, in units of the predictions; at least 0. 0 sets no bound

  Chain<Momentum, eigenguide::Apg> method() const {
    return Momentum{momentum} | eigenguide::Apg{guidance_scale, eta, norm_threshold};
  }
};

}}}  // namespace eigenguide::ace_step
