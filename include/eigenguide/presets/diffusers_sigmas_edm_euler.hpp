// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/presets/diffusers_sigmas.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

enum class SigmaSchedule { karras, exponential };

/// The steps of EDMEulerScheduler; a timestep is c_noise = ln σ / 4.
///
/// One step is σ_max by Karras's schedule, σ_min by the exponential one, whose
/// list the peer makes from its end.
///
/// Errors  a range that is none of sigmas, a ρ outside (0, 1e6]
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_edm_euler.py, set_timesteps
struct EdmEulerSigmas {
  double sigma_min = 0.002;  ///< the last value; in (0, σ_max]
  double sigma_max = 80.0;   ///< the first value; > 0
  SigmaSchedule sigma_schedule = SigmaSchedule::karras;
  double rho = 7.0;  ///< ρ of Karras's schedule, no unit; in (0, 1e6]
  FinalSigmasType final_sigmas_type = FinalSigmasType::zero;

  Steps set_timesteps(std::size_t count) const {
    Steps steps;
    if (count == 0) return steps;
    if (sigma_schedule == SigmaSchedule::karras) steps.sigmas = values(Karras{sigma_min, sigma_max, rho}, count);
    else if (count == 1) steps.sigmas = values(ExponentialSigmas{sigma_min, sigma_min}, count);
    else steps.sigmas = values(ExponentialSigmas{sigma_min, sigma_max}, count);
    for (const double sigma : steps.sigmas) steps.timesteps.push_back(0.25 * std::log(sigma));
    steps.sigmas.push_back(final_sigmas_type == FinalSigmasType::zero ? 0.0 : steps.sigmas.back());
    return steps;
  }
};

}}}  // namespace eigenguide::diffusers
