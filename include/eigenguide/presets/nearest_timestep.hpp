// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/sigma_table.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The timestep of a table whose ln σ is nearest; of two as near, the first.
/// σ = 0, which is as far from every timestep, has the first.
///
/// Errors  a σ that is negative or not finite
inline std::size_t nearest_timestep(const SigmaTable& table, double sigma) {
  require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number, at least 0");
  const auto ratio = [sigma](double entry) { return sigma > entry ? sigma / entry : entry / sigma; };
  const std::vector<double>& sigmas = table.sigmas();
  std::size_t nearest = 0;
  if (sigma > 0.0)
    for (std::size_t i = 1; i < sigmas.size(); ++i)
      if (ratio(sigmas[i]) < ratio(sigmas[nearest])) nearest = i;
  return nearest;
}

}}  // namespace eigenguide
