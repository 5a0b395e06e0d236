// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/presets/padded_renorm.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

using eigenguide::operator|;

/// LongCat-Image: guidance that is at most as long as the conditional
/// prediction.
///
///   g = u + s d,  then g clamp(‖c‖ / (‖g‖ + 10⁻⁸), cfg_renorm_min, 1)
///
/// A scale of 1 and below is no guidance, g = c.
///
/// Group   the last axis: one token of packed latents [B, tokens, channels]
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/pipelines/longcat_image/pipeline_longcat_image.py
struct LongCatImage {
  double guidance_scale = 4.5;    ///< s, no unit; any finite number
  bool enable_cfg_renorm = true;  ///< off: plain guidance
  double cfg_renorm_min = 0.0;    ///< least factor, in [0, 1]; 1 is plain guidance

  Chain<Cfg, PaddedRenorm> method() const {
    const bool off = guidance_scale <= 1.0;
    return Cfg{off ? 1.0 : guidance_scale} | PaddedRenorm{off || !enable_cfg_renorm ? 1.0 : cfg_renorm_min};
  }
};

}}}  // namespace eigenguide::diffusers
