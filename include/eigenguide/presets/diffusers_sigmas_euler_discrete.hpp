// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/presets/diffusers_betas.hpp>
#include <eigenguide/presets/diffusers_sigmas.hpp>
#include <eigenguide/presets/diffusers_timesteps.hpp>

#include <cmath>
#include <cstddef>
#include <optional>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

enum class InterpolationType { linear, log_linear };
enum class TimestepType { discrete, continuous };

/// The steps of EulerDiscreteScheduler.
///
/// A conversion runs between the first and last sigma of the spaced timesteps,
/// not of the table, unless sigma_min and sigma_max are given. log_linear takes
/// no notice of the spacing: it has N + 1 sigmas of the whole table and then
/// the final one, N + 2 in all. A continuous timestep is ln σ / 4, that of EDM;
/// the peer has it for a v-prediction only.
///
/// Errors  no timesteps of training; a table or range that is none of sigmas
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_euler_discrete.py, set_timesteps
struct EulerDiscreteSigmas {
  Training training{};
  TimestepSpacing timestep_spacing = TimestepSpacing::linspace;
  std::size_t steps_offset = 0;  ///< timesteps, of leading
  InterpolationType interpolation_type = InterpolationType::linear;
  SigmaConversion conversion = SigmaConversion::none;
  std::optional<double> sigma_min{};  ///< the last of a conversion; > 0
  std::optional<double> sigma_max{};  ///< the first of a conversion; ≥ sigma_min
  FinalSigmasType final_sigmas_type = FinalSigmasType::zero;
  TimestepType timestep_type = TimestepType::discrete;

  Steps set_timesteps(std::size_t count) const {
    const SigmaTable table = training.sigmas();
    Steps steps;
    if (count == 0) return steps;
    steps.timesteps = euler_timesteps(timestep_spacing, training.num_train_timesteps, steps_offset, count);
    if (interpolation_type == InterpolationType::linear)
      for (const double t : steps.timesteps) steps.sigmas.push_back(table.linear_sigma(t));
    else
      steps.sigmas = values(ExponentialSigmas{table.sigmas().front(), table.sigmas().back()}, count + 1);
    if (conversion != SigmaConversion::none) {
      steps.sigmas = converted_sigmas(conversion, sigma_min.value_or(steps.sigmas.back()),
                                      sigma_max.value_or(steps.sigmas.front()), count);
      steps.timesteps.clear();
      for (const double sigma : steps.sigmas) steps.timesteps.push_back(table.timestep(sigma));
    }
    if (timestep_type == TimestepType::continuous) {
      steps.timesteps.clear();
      for (const double sigma : steps.sigmas) steps.timesteps.push_back(0.25 * std::log(sigma));
    }
    steps.sigmas.push_back(final_sigmas_type == FinalSigmasType::zero ? 0.0 : table.sigmas().front());
    return steps;
  }
};

}}}  // namespace eigenguide::diffusers
