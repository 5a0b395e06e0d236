// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/perp_neg.hpp>
#include <eigenguide/presets/comfyui.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// PerpNegGuider: Perp-Neg with one negative prompt.
///
///   guide(with(guider.method(), prompt<0>(one_sample(negative))),
///         one_sample(positive), one_sample(empty), one_sample(out))
///
/// A positive prompt whose prediction is that of the empty one leaves the
/// negative whole (see eigenguide::PerpNeg), where the peer divides by zero.
///
/// Group   the whole tensor, its batch included
/// Source  comfy_extras/nodes_perpneg.py, perp_neg
struct PerpNegGuider {
  double cfg = 8.0;        ///< s, no unit; any finite number
  double neg_scale = 1.0;  ///< w, no unit; any finite number

  PerpNeg<1> method() const { return {cfg, {neg_scale}}; }
};

}}}  // namespace eigenguide::comfyui
