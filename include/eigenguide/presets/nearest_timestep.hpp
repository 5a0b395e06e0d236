// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/sigma_table.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The timestep of a table whose ln σ is nearest; of two as near, the first.
/// σ = 0, which is as far from every timestep, has the first.
///
/// Errors  a σ that is negative or not finite
inline std::size_t nearest_timestep(const SigmaTable& table, double sigma) {
  if (sigma == 0.0) return 0;
  // Between two timesteps the table's own is linear in ln σ.
  return static_cast<std::size_t>(std::ceil(table.timestep(sigma) - 0.5));
}

}}  // namespace eigenguide
