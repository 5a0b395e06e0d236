// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/alphas_cumprod.hpp>
#include <eigenguide/noise/sigma_table.hpp>
#include <eigenguide/presets/linspace.hpp>
#include <eigenguide/presets/nearest_timestep.hpp>

#include <cstddef>
#include <vector>

/// k-diffusion's own; its Karras, exponential, polyexponential and VP levels
/// are `sigmas` of the schedules of those names.
/// Source  crowsonkb/k-diffusion @ 4601bf085320592473f681a62808ed873d17fad5
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace k_diffusion {

/// The levels of a model that was trained at discrete timesteps, at even
/// timesteps from its last to its first.
///
/// One step is the last timestep.
///
/// Errors  an i that is not less than count
/// Source  k_diffusion/external.py, DiscreteSchedule
struct DiscreteSchedule {
  SigmaTable table;  ///< σ of every timestep of the training

  /// From ᾱ of every timestep.
  static DiscreteSchedule of(const std::vector<double>& alphas_cumprod) {
    return {SigmaTable(sigmas_of_alphas_cumprod(alphas_cumprod))};
  }

  double operator()(std::size_t i, std::size_t count) const {
    require(i < count, "i", static_cast<double>(i), "a number of the list, less than `count`");
    return table.sigma(linspace(static_cast<double>(table.sigmas().size() - 1), 0.0, i, count));
  }

  /// The timestep of a σ, interpolated in ln σ; of σ = 0 the first. With
  /// `quantize` the nearest one.
  /// Errors: a σ that is negative or not finite
  double timestep(double sigma, bool quantize = false) const {
    if (quantize) return static_cast<double>(nearest_timestep(table, sigma));
    return sigma == 0.0 ? 0.0 : table.timestep(sigma);
  }
};

}}}  // namespace eigenguide::k_diffusion
