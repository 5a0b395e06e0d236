// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Where an ancestral step goes: down to `sigma_down` by the sampler, then up
/// by new noise of the standard deviation `sigma_up`, to σ_to in all:
/// σ_down² + σ_up² = σ_to².
struct AncestralStep {
  double sigma_down = 0.0;  ///< σ_down, units of the data
  double sigma_up = 0.0;    ///< σ_up, units of the data
};

/// The ancestral step from one noise level to a lower one.
///
///   σ_up = min(σ_to, η √(σ_to² (σ_from² − σ_to²) / σ_from²))
///   σ_down = √(σ_to² − σ_up²)
///
/// η = 0 adds no noise, η = 1 is DDPM's posterior. Towards σ_to = 0 both are 0.
///
/// Inputs  sigma_from  σ_from, units of the data, > 0
///         sigma_to    σ_to, in [0, σ_from]
///         eta         η, no unit, ≥ 0, default 1
/// Errors  a σ or η outside its range
/// Source  Song, Meng, Ermon, arXiv:2010.02502, eq. 16, in EDM's coordinate, as
///         crowsonkb/k-diffusion @ 4601bf085320592473f681a62808ed873d17fad5 has it
inline AncestralStep ancestral_step(double sigma_from, double sigma_to, double eta = 1.0) {
  require(is_finite(sigma_from) && sigma_from > 0.0, "sigma_from", sigma_from, "a finite positive number");
  require(is_finite(sigma_to) && sigma_to >= 0.0 && sigma_to <= sigma_from, "sigma_to", sigma_to,
          "a number in [0, `sigma_from`]");
  require(is_finite(eta) && eta >= 0.0, "eta", eta, "a finite number, at least 0");
  const double ratio = sigma_to / sigma_from;
  const double share = eta * std::sqrt((1.0 - ratio) * (1.0 + ratio));  // σ_up / σ_to
  if (share >= 1.0) return {0.0, sigma_to};
  return {sigma_to * std::sqrt((1.0 - share) * (1.0 + share)), sigma_to * share};
}

}}  // namespace eigenguide
