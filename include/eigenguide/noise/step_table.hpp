// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Noise levels that were optimised for one number of steps, for any number: of
/// the table's points, evenly spaced over the run, the logarithm is
/// interpolated linearly.
///
///   u = (M − 1) i / N,  k = ⌊u⌋
///   ln σ_i = ln T_k + (u − k) (ln T_{k+1} − ln T_k)
///
/// N = M − 1 steps are the table itself. Its last value is where the last step
/// would end; `sigmas` appends 0 in its place, as the peers do.
///
/// Errors  a table of fewer than 2 values, values that are not positive and
///         finite, an i that is not less than N
/// Cost    the table is not copied: it outlives this
struct StepTable {
  const double* levels = nullptr;  ///< T, the levels from noise to data; each > 0
  std::size_t size = 0;            ///< M, the number of them; ≥ 2

  double operator()(std::size_t i, std::size_t count) const {
    require(levels != nullptr && size >= 2, "size", static_cast<double>(size), "a table of at least 2 levels");
    require(i < count, "i", static_cast<double>(i), "a number of the list, less than `count`");
    const double at = static_cast<double>(size - 1) * static_cast<double>(i) / static_cast<double>(count);
    const std::size_t k = static_cast<double>(size - 2) < at ? size - 2 : static_cast<std::size_t>(at);
    const double share = at - static_cast<double>(k);
    require_level(levels[k]);
    require_level(levels[k + 1]);
    if (share == 0.0) return levels[k];
    const double log_level = std::log(levels[k]);
    return in_sigma_range(std::exp(log_level + share * (std::log(levels[k + 1]) - log_level)), levels[k], levels[k + 1]);
  }

 private:
  static void require_level(double level) {
    require(is_finite(level) && level > 0.0, "levels", level, "finite positive numbers");
  }
};

}}  // namespace eigenguide
