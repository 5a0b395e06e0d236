// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/presets/padded_renorm.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

using eigenguide::operator|;

/// LongCat-Image: guidance, its length capped.
///
///   g = u + s d,  then g clamp(‖c‖ / (‖g‖ + 10⁻⁸), cfg_renorm_min, 1)
///
///   guide(with(pipeline.method(), per_token("bnc")), cond, uncond, out);
///
/// Group   the last axis: one token of packed latents [B, tokens, channels]
/// Source  src/diffusers/pipelines/longcat_image/pipeline_longcat_image.py
struct LongCatImage {
  double guidance_scale = 4.5;    ///< s, no unit; any finite number
  bool enable_cfg_renorm = true;  ///< off: plain guidance
  double cfg_renorm_min = 0.0;    ///< least factor, in [0, 1]

  Chain<Cfg, PaddedRenorm> method() const {
    return Cfg{guidance_scale} | PaddedRenorm{enable_cfg_renorm ? cfg_renorm_min : 1.0};
  }
};

}}}  // namespace eigenguide::diffusers
