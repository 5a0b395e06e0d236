// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/presets/linspace.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

enum class TimestepSpacing { linspace, leading, trailing };

namespace detail {

/// Rejects training without timesteps, and a count of which there is no list.
inline void require_timesteps(std::size_t train_steps, std::size_t count) {
  require(train_steps > 0, "num_train_timesteps", 0.0, "at least 1");
  require_count("count", count);
}

}  // namespace detail

/// numpy's round(arange(T, 0, −T / N)) − 1, in the arithmetic of numpy: where
/// T / N is not a double, a half may round the other way than that of
/// TrailingTimesteps, and where (T / N) N falls short of T there are N + 1
/// timesteps, the last of them −1. (T = 1000: N = 61 is the first of 62 such
/// numbers of steps.)
///
/// Inputs  train_steps  T, ≥ 1
///         count        N, fewer than 1e9; of 0 there are none
/// Errors  no timesteps of training, a count outside its range
inline std::vector<double> trailing_timesteps(std::size_t train_steps, std::size_t count) {
  detail::require_timesteps(train_steps, count);
  const Real start = static_cast<double>(train_steps);
  const Real stride = start / static_cast<double>(count);
  const Real difference = (start - stride) - start;
  const std::size_t size = static_cast<std::size_t>(std::ceil(static_cast<double>(start / stride)));
  std::vector<double> timesteps;
  timesteps.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    const Real t = start + Real(static_cast<double>(i)) * difference;
    timesteps.push_back(std::nearbyint(static_cast<double>(t)) - 1.0);
  }
  return timesteps;
}

/// The timesteps of EulerDiscreteScheduler and its like.
///
/// linspace is not rounded, and one step of it is the first timestep, 0, which
/// has next to no noise. leading is LeadingTimesteps, but more steps than
/// timesteps all are at the offset. trailing is trailing_timesteps.
///
/// Inputs  train_steps   T, ≥ 1
///         steps_offset  added to each by leading
///         count         N, fewer than 1e9; of 0 there are none
/// Errors  no timesteps of training, a count outside its range
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_euler_discrete.py, set_timesteps
inline std::vector<double> euler_timesteps(TimestepSpacing spacing, std::size_t train_steps,
                                           std::size_t steps_offset, std::size_t count) {
  detail::require_timesteps(train_steps, count);
  if (count == 0) return {};
  if (spacing == TimestepSpacing::trailing) return trailing_timesteps(train_steps, count);
  std::vector<double> timesteps;
  timesteps.reserve(count);
  for (std::size_t i = count; i-- > 0;)
    timesteps.push_back(spacing == TimestepSpacing::linspace
                            ? linspace(0.0, static_cast<double>(train_steps - 1), i, count)
                            : static_cast<double>(i * (train_steps / count)) + static_cast<double>(steps_offset));
  return timesteps;
}

/// The timesteps of the multistep schedulers, whole numbers: linspace and
/// leading are of one step more, without its last.
///
/// Inputs and errors  as of euler_timesteps
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_dpmsolver_multistep.py, set_timesteps
inline std::vector<double> multistep_timesteps(TimestepSpacing spacing, std::size_t train_steps,
                                               std::size_t steps_offset, std::size_t count) {
  detail::require_timesteps(train_steps, count);
  if (spacing == TimestepSpacing::trailing || count == 0)
    return euler_timesteps(spacing, train_steps, steps_offset, count);
  std::vector<double> timesteps = euler_timesteps(spacing, train_steps, steps_offset, count + 1);
  timesteps.pop_back();
  if (spacing == TimestepSpacing::linspace)
    std::transform(timesteps.begin(), timesteps.end(), timesteps.begin(), [](double t) { return std::nearbyint(t); });
  return timesteps;
}

}}}  // namespace eigenguide::diffusers
