// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/flow_shift.hpp>
#include <eigenguide/presets/diffusers_sigmas.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

enum class TimeShiftType { exponential, linear };

/// The steps of FlowMatchEulerDiscreteScheduler.
///
/// In this order: even times, or given ones; the shift; the stretch to the
/// terminal time; a conversion between the first and the last; the inversion.
///
/// The even times end at the smallest of training, which the constructor has
/// shifted already: without given times a static shift enters twice, k² at the
/// end (huggingface/diffusers#13243). One step with a terminal time stays 1,
/// where the peer divides 0 by 0.
///
/// Errors  no timesteps of training; a shift that is not positive; dynamic
///         shifting without μ, or of a "linear" μ that is not positive; a time
///         or a terminal outside its range; a range that is none of sigmas
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_flow_match_euler_discrete.py, set_timesteps
struct FlowMatchEulerSigmas {
  std::size_t num_train_timesteps = 1000;  ///< T; ≥ 1
  double shift = 1.0;                      ///< k, no unit; > 0
  bool use_dynamic_shifting = false;       ///< by μ, in the place of k
  TimeShiftType time_shift_type = TimeShiftType::exponential;  ///< k = e^μ, or k = μ
  std::optional<double> mu{};              ///< μ of the resolution, no unit
  std::optional<double> shift_terminal{};  ///< the last time; in [0, 1), 0 is none
  SigmaConversion conversion = SigmaConversion::none;
  bool invert_sigmas = false;  ///< 1 − σ, from data to noise

  /// The even times of a run.
  Steps set_timesteps(std::size_t count) const {
    require_count("count", count);
    require(num_train_timesteps > 0, "num_train_timesteps", 0.0, "at least 1");
    const double first = 1.0 / static_cast<double>(num_train_timesteps);
    const double sigma_min = use_dynamic_shifting ? first : shifted_time(first, shift);
    std::vector<double> times;
    times.reserve(count);
    for (std::size_t i = 0; i < count; ++i) times.push_back(linspace(1.0, sigma_min, i, count));
    return set_sigmas(std::move(times));
  }

  /// Given times in [0, 1], from noise to data: set_timesteps(sigmas=…).
  Steps set_sigmas(std::vector<double> times) const {
    const double k = factor();
    Steps steps;
    if (times.empty()) return steps;
    for (double& t : times) t = shifted_time(t, k);
    if (shift_terminal && *shift_terminal != 0.0) times = stretched_to_terminal(std::move(times), *shift_terminal);
    if (conversion != SigmaConversion::none)
      times = converted_sigmas(conversion, times.back(), times.front(), times.size());
    if (invert_sigmas)
      for (double& t : times) t = 1.0 - t;
    for (const double t : times) steps.timesteps.push_back(t * static_cast<double>(num_train_timesteps));
    steps.sigmas = std::move(times);
    steps.sigmas.push_back(invert_sigmas ? 1.0 : 0.0);
    return steps;
  }

 private:
  double factor() const {
    if (!use_dynamic_shifting) return shift;
    if (!mu) reject("mu", "absent", "a number for dynamic shifting");
    require_finite("mu", *mu);
    if (time_shift_type == TimeShiftType::exponential) return std::exp(*mu);
    require(*mu > 0.0, "mu", *mu, "a positive number for the linear shift");
    return *mu;
  }
};

}}}  // namespace eigenguide::diffusers
