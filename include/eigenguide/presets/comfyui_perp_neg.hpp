// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/perp_neg.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// The PerpNegGuider: Perp-Neg in which the whole batch is one sample, its inner
/// products taken over all of it.
///
///   guide(with(node.at(s), prompt<0>(one_sample(negative))), one_sample(cond), one_sample(empty), one_sample(out));
///
/// A positive prediction that is the empty one's leaves the negatives whole,
/// where the peer divides by zero.
///
/// Source  comfy_extras/nodes_perpneg.py, perp_neg
struct PerpNegGuider {
  double neg_scale = 1.0;  ///< w, no unit; any finite number

  /// The guidance of a run at `cond_scale`.
  Chain<PerpNeg<1>, eigenguide::Cfg> at(double cond_scale) const {
    return {{PerpNeg<1>{{neg_scale}}, eigenguide::Cfg{cond_scale}}};
  }
};

}}}  // namespace eigenguide::comfyui
