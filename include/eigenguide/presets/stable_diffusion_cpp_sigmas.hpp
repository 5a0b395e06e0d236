// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

/// The noise levels that only stable-diffusion.cpp has.
/// Source  leejet/stable-diffusion.cpp, src/runtime/denoiser.hpp
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace stable_diffusion_cpp {

/// The "smoothstep" schedule: timesteps that are dense at both ends, close to
/// those of the Beta distribution.
///
///   u = 1 − i / N,  t_i = round(999 u² (3 − 2u)),  halves away from 0
///
/// t is found in single precision, which decides what is rounded where.
///
/// Inputs  sigma_of_timestep  σ of a whole timestep from 0 to 999, as a callable
/// Output  `steps` levels from noise to data and a 0; for 0 steps none
/// Errors  1e9 steps or more
template <class SigmaOfTimestep>
std::vector<double> smoothstep_sigmas(const SigmaOfTimestep& sigma_of_timestep, std::size_t steps) {
  require_count("steps", steps);
  std::vector<double> list;
  for (std::size_t i = 0; i < steps; ++i) {
    const float u = 1.0f - static_cast<float>(i) / static_cast<float>(steps);
    list.push_back(sigma_of_timestep(static_cast<double>(std::round(u * u * (3.0f - 2.0f * u) * 999.0f))));
  }
  if (steps > 0) list.push_back(0.0);
  return list;
}

}}}  // namespace eigenguide::stable_diffusion_cpp
