// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/presets/padded_renorm.hpp>

#include <cstddef>

/// Guidance of BAGEL, on velocities of packed tokens [B, tokens, channels].
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace bagel {

using eigenguide::operator|;

/// Guidance on, from the prediction p without the image through what the links
/// before have made.
///
///   g′ = p + s (g − p),  with v = c − p:  g′ = s g + (1 − s) (c − v)
struct ImageGuidance {
  double scale = 1.0;  ///< s, no unit; any finite number. 1 changes nothing

  enum Vector : std::size_t { c, v, g };
  using Vectors = Reads<Role::cond, Role::middle, Role::guided>;

  void validate() const { require_finite("scale", scale); }

  Row<3> operator()() const {
    return Real(scale) * unit<3>(g) + (1.0 - Real(scale)) * (unit<3>(c) - unit<3>(v));
  }
};

/// Where BAGEL brings the result back to the length of the conditional one.
enum class RenormType {
  global,        ///< after both stages
  channel,       ///< the same, of each token
  text_channel,  ///< between them, of each token
};

/// Guidance by the text, then by the image, its length capped.
///
///   g = t + s_text (c − t),  then  p + s_image (g − p)
///
/// t is the prediction without the text, handed in as `uncond`, and p that
/// without the image. A stage whose scale is 1 or less is left out; without the
/// text's, g = c.
///
///   guide(with(guidance.method(), middle(without_image)), cond, without_text, out);
///   guide(with(guidance.method(), middle(without_image), per_token("bnc")), …);  not global
///
/// Group   the whole batch for RenormType::global (the peer runs one at a time),
///         else a token
/// Source  Deng et al., arXiv:2505.14683; ByteDance-Seed/Bagel,
///         modeling/bagel/bagel.py
struct Guidance {
  double cfg_text_scale = 1.0;  ///< s of the text, no unit; any finite number
  double cfg_img_scale = 1.0;   ///< s of the image, no unit; any finite number
  double cfg_renorm_min = 0.0;  ///< least factor of the length, in [0, 1]
  RenormType cfg_renorm_type = RenormType::global;

  Chain<Cfg, PaddedRenorm, ImageGuidance, PaddedRenorm> method() const {
    const bool text = cfg_text_scale > 1.0, image = text && cfg_img_scale > 1.0;
    const bool between = cfg_renorm_type == RenormType::text_channel;
    const PaddedRenorm renorm{text ? cfg_renorm_min : 1.0};
    return Cfg{text ? cfg_text_scale : 1.0} | (between ? renorm : PaddedRenorm{}) |
           ImageGuidance{image ? cfg_img_scale : 1.0} | (between ? PaddedRenorm{} : renorm);
  }
};

}}}  // namespace eigenguide::bagel
