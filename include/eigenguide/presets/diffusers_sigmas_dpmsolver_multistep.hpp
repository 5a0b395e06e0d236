// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/flow_shift.hpp>
#include <eigenguide/presets/diffusers_betas.hpp>
#include <eigenguide/presets/diffusers_sigmas.hpp>
#include <eigenguide/presets/diffusers_timesteps.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// The timesteps of converted sigmas, whole numbers: rounded after Karras and
/// Lu, cut after the others. The peer's table is of floats, ours of doubles: a
/// cut timestep at the very end of the table may there be one less.
inline std::vector<double> whole_timesteps(const SigmaTable& table, const std::vector<double>& sigmas,
                                           bool is_rounded) {
  std::vector<double> timesteps;
  timesteps.reserve(sigmas.size());
  for (const double sigma : sigmas) {
    const double t = table.timestep(sigma);
    timesteps.push_back(is_rounded ? std::nearbyint(t) : std::floor(t));
  }
  return timesteps;
}

/// What the multistep schedulers are told.
struct MultistepSettings {
  Training training{};
  TimestepSpacing timestep_spacing = TimestepSpacing::linspace;
  std::size_t steps_offset = 0;  ///< timesteps, of leading
  SigmaConversion conversion = SigmaConversion::none;
  bool use_flow_sigmas = false;
  double flow_shift = 1.0;  ///< k, no unit; > 0
  FinalSigmasType final_sigmas_type = FinalSigmasType::zero;
};

/// The steps of DPMSolverMultistepScheduler.
///
/// A conversion runs between the ends of the whole table. Flow sigmas are
/// shifted from
///
///   σ_i = (1 − 1 / T) (N − i) / N
///
/// so the first is below 1; their timesteps are ⌊T σ⌋. A conversion goes before
/// flow sigmas. The final sigma_min is the table's first, of flow sigmas too.
///
/// Errors  no timesteps of training; a table that is none of sigmas; a shift
///         that is not positive
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_dpmsolver_multistep.py, set_timesteps
struct DpmSolverMultistepSigmas : MultistepSettings {
  Steps set_timesteps(std::size_t count) const {
    require_count("count", count);
    const SigmaTable table = training.sigmas();
    const double sigma_min = table.sigmas().front();
    Steps steps;
    if (count == 0) return steps;
    if (conversion != SigmaConversion::none) {
      steps.sigmas = converted_sigmas(conversion, sigma_min, table.sigmas().back(), count);
      const bool is_rounded = (conversion == SigmaConversion::karras || conversion == SigmaConversion::lu) &&
                              training.beta_schedule != BetaSchedule::squaredcos_cap_v2;
      steps.timesteps = whole_timesteps(table, steps.sigmas, is_rounded);
    } else if (use_flow_sigmas) {
      const double total = static_cast<double>(training.num_train_timesteps);
      for (std::size_t i = 0; i < count; ++i) {
        const double alpha = linspace(1.0, 1.0 / total, count - i, count + 1);
        steps.sigmas.push_back(shifted_time(1.0 - alpha, flow_shift));
        steps.timesteps.push_back(std::floor(steps.sigmas.back() * total));
      }
    } else {
      steps.timesteps = multistep_timesteps(timestep_spacing, training.num_train_timesteps, steps_offset, count);
      for (const double t : steps.timesteps) steps.sigmas.push_back(table.linear_sigma(t));
    }
    steps.sigmas.push_back(final_sigmas_type == FinalSigmasType::zero ? 0.0 : sigma_min);
    return steps;
  }
};

}}}  // namespace eigenguide::diffusers
