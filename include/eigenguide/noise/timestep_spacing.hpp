// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// Which timesteps of training, 0-based of T, a run of N steps visits, from noise
// to data. Each is a whole number; halves are rounded to the even timestep
// counted from 1, as in the paper's numpy. Only the trailing spacing begins at
// the last timestep for every N and leaves no step over at the end.
//
// Source  Lin, Liu, Li, Yang, arXiv:2305.08891, table 2

namespace detail {

/// Rejects training without timesteps, and an i that is not less than count.
inline void require_timestep(std::size_t train_steps, std::size_t i, std::size_t count) {
  require(train_steps > 0, "train_steps", static_cast<double>(train_steps), "at least 1");
  require(i < count, "i", static_cast<double>(i), "a number of the list, less than `count`");
}

}  // namespace detail

/// From the last timestep to the first, evenly.
///
///   t_i = round(T − (T − 1) i / (N − 1)) − 1
///
/// One step is the last timestep, T − 1.
///
/// Errors  no timesteps of training, an i that is not less than count
struct LinspaceTimesteps {
  std::size_t train_steps = 1000;  ///< T; ≥ 1

  double operator()(std::size_t i, std::size_t count) const {
    detail::require_timestep(train_steps, i, count);
    const double last = static_cast<double>(train_steps - 1);
    return std::nearbyint(1.0 + last - last * ramp(i, count)) - 1.0;
  }
};

/// Up from the first timestep in whole strides, and reversed; the noise that
/// the run begins with is not that of the last timestep.
///
///   t_i = (N − 1 − i) ⌊T / N⌋ + offset
///
/// Errors  no timesteps of training, more steps than these, an i that is not less than count
struct LeadingTimesteps {
  std::size_t train_steps = 1000;  ///< T; ≥ 1
  std::size_t offset = 0;          ///< added to each, in timesteps; 1 for Stable Diffusion

  double operator()(std::size_t i, std::size_t count) const {
    detail::require_timestep(train_steps, i, count);
    require(count <= train_steps, "count", static_cast<double>(count), "at most `train_steps`");
    return static_cast<double>((count - 1 - i) * (train_steps / count)) + static_cast<double>(offset);
  }
};

/// Down from the last timestep in even strides.
///
///   t_i = round(T − i T / N) − 1, at least 0
///
/// Errors  no timesteps of training, an i that is not less than count
struct TrailingTimesteps {
  std::size_t train_steps = 1000;  ///< T; ≥ 1

  double operator()(std::size_t i, std::size_t count) const {
    detail::require_timestep(train_steps, i, count);
    const double left = static_cast<double>(count - i);
    const double t = std::nearbyint(static_cast<double>(train_steps) * left / static_cast<double>(count));
    return t > 1.0 ? t - 1.0 : 0.0;
  }
};

}}  // namespace eigenguide
