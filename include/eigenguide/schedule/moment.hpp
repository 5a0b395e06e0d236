// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/level.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Where a run stands: all that a schedule may look at.
struct Moment {
  std::size_t step = 0;              ///< 0-based, below `count`
  std::size_t count = 1;             ///< how many steps the run has, at least 1
  Level level{};                     ///< of x at this step; read by what goes by noise, not by steps
  std::array<std::size_t, 3> fed{};  ///< steps that have fed the momentum, the correction, the average; a Guider counts them

  /// Errors: a step that is not below the count; an invalid level
  void validate() const {
    require(step < count, "step", static_cast<double>(step), "a step of the run, less than `count`");
    level.validate();
  }

  /// The share of the run before this step, step / count: 0, …, 1 − 1/count, which
  /// is below 1 however many steps there are.
  double done() const {
    return (std::min)(static_cast<double>(step) / static_cast<double>(count), 1.0 - 0x1p-53);
  }

  /// From 0 at the first step to 1 at the last; 0 in a run of one step.
  double progress() const {
    return count > 1 ? static_cast<double>(step) / static_cast<double>(count - 1) : 0.0;
  }

  /// σ / (α + σ), the time of a rectified flow with as much noise: 1 is noise.
  double time() const {
    if (is_finite(level.alpha + level.sigma)) return level.sigma / (level.alpha + level.sigma);
    const Real noise = Real(0.5) * level.sigma;
    return double(noise / (Real(0.5) * level.alpha + noise));
  }
};

/// The moments of a run over these levels, one for each step: without the level
/// at which the last step ends.
inline std::vector<Moment> moments(const std::vector<Level>& levels) {
  std::vector<Moment> run(levels.size());
  for (std::size_t step = 0; step < levels.size(); ++step) run[step] = {step, levels.size(), levels[step], {}};
  return run;
}

}}  // namespace eigenguide
