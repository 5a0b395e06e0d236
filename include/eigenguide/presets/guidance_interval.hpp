// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/schedule/moment.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace guidance_interval {

/// The interval of its authors' code: of steps, and with both its ends; a window,
/// see schedule/window.hpp. The paper speaks of noise: SigmaWindow.
///
///   start ≤ step ≤ stop
///
/// Source  kynkaat/guidance-interval, of arXiv:2404.07724; theirs for EDM2-XXL is
///         [17, 22] of 32 steps
struct StepInterval {
  std::size_t start = 0;  ///< the first step, 0-based
  std::size_t stop = 0;   ///< the last step, 0-based; of one before `start` there are none

  bool contains(const Moment& moment) const { return moment.step >= start && moment.step <= stop; }
};

}}}  // namespace eigenguide::guidance_interval
