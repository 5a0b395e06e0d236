// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/level.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// The level of a scheduler's sigma, the ratio of noise to data.
///
///   α = 1 / √(σ² + 1), σ α;  with flow sigmas 1 − σ and σ
///
/// Errors  a σ that is negative or not finite; a flow sigma above 1
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_dpmsolver_multistep.py, _sigma_to_alpha_sigma_t
inline Level level_of(double sigma, bool use_flow_sigmas = false) {
  require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number, at least 0");
  if (use_flow_sigmas) return rectified_flow(sigma);
  const double alpha = 1.0 / std::sqrt(sigma * sigma + 1.0);
  return {alpha, sigma * alpha};
}

}}}  // namespace eigenguide::diffusers
