// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/flow_shift.hpp>
#include <eigenguide/presets/diffusers_sigmas_dpmsolver_multistep.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// The steps of UniPCMultistepScheduler: those of DPM-Solver's, but
///
/// - Flow sigmas are shifted from 1 − i / N · (1 − 1 / T); a first that is
///   within 1e-6 of 1 is lowered by 1e-6, for the logarithm of its α.
/// - Karras's sigmas of a flow are the table's, of which σ becomes σ / (σ + 1).
/// - Karras's timesteps are rounded for every β schedule.
/// - The final sigma_min is the last sigma again, but the table's first where
///   the sigmas are those of spaced timesteps.
///
/// Errors  no timesteps of training; a table that is none of sigmas; a shift
///         that is not positive; the conversion lu, which the peer lacks
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_unipc_multistep.py, set_timesteps
struct UniPcSigmas : MultistepSettings {
  Steps set_timesteps(std::size_t count) const {
    require_count("count", count);
    if (conversion == SigmaConversion::lu) reject("conversion", "lu", "one that UniPC has");
    const SigmaTable table = training.sigmas();
    const double total = static_cast<double>(training.num_train_timesteps);
    Steps steps;
    if (count == 0) return steps;
    double sigma_min = table.sigmas().front();
    if (conversion != SigmaConversion::none) {
      const bool is_karras = conversion == SigmaConversion::karras;
      steps.sigmas = converted_sigmas(conversion, sigma_min, table.sigmas().back(), count);
      if (is_karras && use_flow_sigmas)
        for (double& sigma : steps.sigmas) {
          sigma = sigma / (sigma + 1.0);
          steps.timesteps.push_back(std::floor(sigma * total));
        }
      else
        steps.timesteps = whole_timesteps(table, steps.sigmas, is_karras);
      sigma_min = steps.sigmas.back();
    } else if (use_flow_sigmas) {
      for (std::size_t i = 0; i < count; ++i)
        steps.sigmas.push_back(shifted_time(linspace(1.0, 1.0 / total, i, count + 1), flow_shift));
      if (std::fabs(steps.sigmas.front() - 1.0) < 1e-6) steps.sigmas.front() -= 1e-6;
      for (const double sigma : steps.sigmas) steps.timesteps.push_back(std::floor(sigma * total));
      sigma_min = steps.sigmas.back();
    } else {
      steps.timesteps = multistep_timesteps(timestep_spacing, training.num_train_timesteps, steps_offset, count);
      for (const double t : steps.timesteps) steps.sigmas.push_back(table.linear_sigma(t));
    }
    steps.sigmas.push_back(final_sigmas_type == FinalSigmasType::zero ? 0.0 : sigma_min);
    return steps;
  }
};

}}}  // namespace eigenguide::diffusers
