// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The time of a rectified flow, moved towards noise as larger images want it:
///
///   t′ = k t / (1 + (k − 1) t),  which multiplies σ/α = t / (1 − t) by k
///
/// The field's three shifts are this one: the static has k itself (3 of SD3, 5
/// of Wan 2.1, 7 of HunyuanVideo); of a μ that depends on the resolution, the
/// dynamic "exponential" has k = e^μ and the dynamic "linear" k = μ.
///
/// Inputs  t      in [0, 1]; 0 and 1 stay
///         shift  k, no unit, > 0; 1 changes nothing
/// Errors  a t or shift outside its range
/// Source  Esser et al. (SD3), arXiv:2403.03206, eq. 23
inline double shifted_time(double t, double shift) {
  require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
  require(is_finite(shift) && shift > 0.0, "shift", shift, "a finite positive number");
  return t == 1.0 ? 1.0 : (std::min)(shift * t / (1.0 + (shift - 1.0) * t), 1.0);  // of a large shift it rounds to more
}

/// The t whose shifted_time(t, shift) is `shifted`: the shift by 1 / k.
///
/// Errors  a `shifted` outside [0, 1], a shift that is not positive
inline double unshifted_time(double shifted, double shift) {
  require(shifted >= 0.0 && shifted <= 1.0, "shifted", shifted, "a number in [0, 1]");
  require(is_finite(shift) && shift > 0.0, "shift", shift, "a finite positive number");
  return shifted == 1.0 ? 1.0 : (std::min)(shifted / (shift + (1.0 - shift) * shifted), 1.0);
}

/// The times of a run, even from 1 down to 1 / N and then shifted:
///
///   t_i = shifted_time(1 − i / N, shift)
///
/// Errors  a shift that is not positive, an i that is not less than count
/// Source  Esser et al. (SD3), arXiv:2403.03206
struct FlowTimes {
  double shift = 1.0;  ///< k, no unit; > 0

  double operator()(std::size_t i, std::size_t count) const {
    require(i < count, "i", static_cast<double>(i), "a number of the list, less than `count`");
    return shifted_time(static_cast<double>(count - i) / static_cast<double>(count), shift);
  }
};

/// How many of the `count` steps of FlowTimes{shift} begin below a time: the
/// steps that a guidance which ends there skips. The larger the shift, the
/// fewer: for t = 0.11 and 50 steps, none of shift 7 and 5 of shift 1.
///
/// The share of all steps tends to unshifted_time(bound, shift).
///
/// Inputs  shift  k, no unit, > 0
///         bound  a time in [0, 1]; a step at the bound itself is not below
/// Errors  a shift or bound outside its range
inline std::size_t steps_below(double shift, double bound, std::size_t count) {
  require(bound >= 0.0 && bound <= 1.0, "bound", bound, "a number in [0, 1]");
  const FlowTimes times{shift};
  std::size_t first = 0, end = count;  // times fall: the first one below
  while (first < end) {
    const std::size_t step = first + (end - first) / 2;
    if (times(step, count) < bound) end = step;
    else first = step + 1;
  }
  return count - first;
}

/// Times, stretched so that the last of them is `terminal` and 1 stays 1:
///
///   1 − t ← (1 − t) (1 − terminal) / (1 − t_last)
///
/// Where the last is 1, as of one step, there is nothing to stretch: the times
/// stay. No times give none.
///
/// Inputs  times     in [0, 1], the last of them the least
///         terminal  in [0, 1)
/// Errors  a time or terminal outside its range
/// Source  LTX-Video: HaCohen et al., arXiv:2501.00103
inline std::vector<double> stretched_to_terminal(std::vector<double> times, double terminal) {
  require(terminal >= 0.0 && terminal < 1.0, "terminal", terminal, "a number in [0, 1)");
  for (const double t : times)
    require(t >= times.back() && t <= 1.0 && t >= 0.0, "times", t, "numbers in [0, 1], none below the last");
  if (times.empty() || times.back() == 1.0) return times;
  const double factor = (1.0 - terminal) / (1.0 - times.back());
  for (double& t : times) t = (std::max)(1.0 - (1.0 - t) * factor, terminal);
  return times;
}

}}  // namespace eigenguide
