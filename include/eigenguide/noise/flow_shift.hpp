// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The time of a flow, moved towards noise, as larger images want it:
///
///   t′ = k t / (1 + (k − 1) t),  which is σ/α ← k σ/α
///
/// A static shift is k itself (3 of SD3, 7 of HunyuanVideo, 5 of Wan 2.1); the
/// dynamic ones are e^μ ("exponential") and μ ("linear"), of a μ that depends on
/// the resolution.
///
/// Inputs  t      in [0, 1]; 0 and 1 stay
///         shift  k, no unit; positive. 1 changes nothing
/// Source  Esser et al. (SD3), arXiv:2403.03206, eq. 23
inline double shifted_time(double t, double shift) {
  require(t >= 0.0 && t <= 1.0, "t", t, "a number in [0, 1]");
  require(is_finite(shift) && shift > 0.0, "shift", shift, "a positive number");
  return shift * t / (1.0 + (shift - 1.0) * t);
}

/// The t of which `shifted` is the shifted time.
inline double unshifted_time(double shifted, double shift) {
  require(is_finite(shift) && shift > 0.0, "shift", shift, "a positive number");
  return shifted_time(shifted, 1.0 / shift);
}

/// Times stretched so that the last of them is `terminal`:
///
///   1 − t ← (1 − t) (1 − terminal) / (1 − t_last)
///
/// Where the last is 1, as of one step, there is nothing to stretch.
///
/// Inputs  times     in [0, 1], the last of them that of the last step
///         terminal  in [0, 1)
/// Source  LTX-Video: HaCohen et al., arXiv:2501.00103
inline void stretch_to_terminal(std::vector<double>& times, double terminal) {
  require(terminal >= 0.0 && terminal < 1.0, "terminal", terminal, "a number in [0, 1)");
  if (times.empty() || times.back() == 1.0) return;
  const double factor = (1.0 - terminal) / (1.0 - times.back());
  for (double& t : times) t = 1.0 - (1.0 - t) * factor;
}

/// Even times of a flow from 1, shifted: t = shifted(1 − i / count).
struct FlowTimes {
  double shift = 1.0;  ///< k, no unit; positive

  double operator()(std::size_t i, std::size_t count) const {
    return shifted_time(static_cast<double>(count - i) / static_cast<double>(count), shift);
  }
};

/// How many of `count` such steps lie below a time: which of them a guidance
/// that stops there skips. The larger the shift, the fewer.
inline std::size_t steps_below(double t, double shift, std::size_t count) {
  std::size_t below = 0;
  for (std::size_t i = 0; i < count; ++i) below += FlowTimes{shift}(i, count) < t ? 1 : 0;
  return below;
}

/// μ of a dynamic shift, on a line through two resolutions; not limited to them.
///
/// Source  Flux of Black Forest Labs; others by their parameters
struct ResolutionShift {
  double base_tokens = 256.0;  ///< number of tokens at which μ is base_shift
  double max_tokens = 4096.0;  ///< number of tokens at which μ is max_shift
  double base_shift = 0.5;     ///< μ, no unit
  double max_shift = 1.15;     ///< μ, no unit

  static ResolutionShift flux() { return {}; }
  static ResolutionShift qwen_image() { return {256.0, 8192.0, 0.5, 0.9}; }
  static ResolutionShift ltx_video() { return {1024.0, 4096.0, 0.95, 2.05}; }

  void validate() const {
    require_finite("base_shift", base_shift);
    require_finite("max_shift", max_shift);
    require(is_finite(max_tokens) && max_tokens != base_tokens, "max_tokens", max_tokens, "another number than `base_tokens`");
  }

  /// Errors: two resolutions that are the same
  double mu(double tokens) const {
    validate();
    return base_shift + (tokens - base_tokens) * ((max_shift - base_shift) / (max_tokens - base_tokens));
  }
};

}}  // namespace eigenguide
