// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/threshold/dynamic_threshold.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// The thresholding of predicted data that schedulers have, off by default:
///
///   threshold(Thresholding{}.method(), x0, x0);
///
/// At its defaults it clips to [−1, 1]. A sample that holds infinities is NaN,
/// where the peer may clip them.
///
/// DPM-Solver that works in ε thresholds too: ε → x₀, threshold, x₀ → ε.
///
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_dpmsolver_multistep.py, _threshold_sample
struct Thresholding {
  double dynamic_thresholding_ratio = 0.995;  ///< of the quantile, as a share; in [0, 1]
  double sample_max_value = 1.0;              ///< greatest threshold; positive

  DynamicThreshold method() const { return {dynamic_thresholding_ratio, sample_max_value}; }
};

}}}  // namespace eigenguide::diffusers
