// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/presets/padded_renorm.hpp>

#include <cstddef>

/// The guidance of BAGEL.
/// Source  ByteDance-Seed/Bagel, modeling/bagel/bagel.py; ModelTC/LightX2V,
///         lightx2v/models/networks/bagel/model.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace bagel {

using eigenguide::operator|;

/// Guidance by the text: m + s_T (c − m), with m the prediction without it.
struct TextGuidance {
  double scale = 1.0;  ///< s_T, no unit; any finite number

  enum Vector : std::size_t { c, middle };
  using Vectors = Reads<Role::cond, Role::middle>;

  void validate() const { require_finite("scale", scale); }

  Row<2> operator()() const { return unit<2>(c) + (Real(scale) - 1.0) * unit<2>(middle); }
};

/// Guidance of that result by the image: u + s_I (g − u), with u the prediction
/// without it.
struct ImageGuidance {
  double scale = 1.0;  ///< s_I, no unit; any finite number

  enum Vector : std::size_t { u, g };
  using Vectors = Reads<Role::uncond, Role::guided>;

  void validate() const { require_finite("scale", scale); }

  Row<2> operator()() const { return Real(scale) * unit<2>(g) + (1.0 - Real(scale)) * unit<2>(u); }
};

/// What is brought back to the length of the conditional prediction.
enum class RenormType {
  result,      ///< the result: the peer's `global` over a sample, `channel` over a token
  text_stage,  ///< `text_channel`: what the text has made of it, before the image
};

/// Guidance by text, and then by image.
///
///   t = m + s_T (c − m),   g = u + s_I (t − u)
///
/// with m = `middle`, the prediction of the image without the text, and u, that
/// of the text without the image. A scale of 1 and below is off; without the
/// text's there is no guidance at all.
///
///   guide(with(guidance.method(), middle(without_text), per_token("bnc")), cond, without_image, out)
///
/// Group   `global`: the sample; `channel` and `text_channel`: a token
struct Guidance {
  double cfg_text_scale = 4.0;                   ///< s_T, no unit
  double cfg_img_scale = 1.5;                    ///< s_I, no unit
  double cfg_renorm_min = 0.0;                   ///< least factor of the renormalisation, in [0, 1]
  RenormType renorm_type = RenormType::result;  ///< what is renormalised

  Chain<TextGuidance, PaddedRenorm, ImageGuidance, PaddedRenorm> method() const {
    const bool active = cfg_text_scale > 1.0, by_image = active && cfg_img_scale > 1.0;
    const bool early = renorm_type == RenormType::text_stage;
    const PaddedRenorm renorm{cfg_renorm_min}, none{1.0};
    return TextGuidance{active ? cfg_text_scale : 1.0} | (active && early ? renorm : none) |
           ImageGuidance{by_image ? cfg_img_scale : 1.0} | (active && !early ? renorm : none);
  }
};

}}}  // namespace eigenguide::bagel
