// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/schedule/moment.hpp>

#include <cmath>
#include <cstddef>

/// Scales that the pipelines of diffusers change over a run.
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// Lumina 2: classifier-free guidance in the first part of a run only; a window,
/// see schedule/window.hpp. Then g = c.
///
///   on while (step + 1) / count ≤ cfg_trunc_ratio
///
/// Source  src/diffusers/pipelines/lumina2/pipeline_lumina2.py
struct Lumina2Truncation {
  double cfg_trunc_ratio = 1.0;  ///< as a share; any finite number

  void validate() const { require_finite("cfg_trunc_ratio", cfg_trunc_ratio); }
  bool contains(const Moment& moment) const {
    return static_cast<double>(moment.step + 1) / static_cast<double>(moment.count) <= cfg_trunc_ratio;
  }
};

/// Z-Image: classifier-free guidance until the data has a share of x; a window.
///
///   on while 1 − t ≤ cfg_truncation, t the time of the flow, 1 at noise
///
/// Source  src/diffusers/pipelines/z_image/pipeline_z_image.py
struct ZImageTruncation {
  double cfg_truncation = 1.0;  ///< as a share; any finite number

  void validate() const { require_finite("cfg_truncation", cfg_truncation); }
  bool contains(const Moment& moment) const { return 1.0 - moment.time() <= cfg_truncation; }
};

/// CogVideoX's dynamic guidance.
///
///   s = 1 + w (1 − cos(π ((count − t) / count)⁵)) / 2
///
/// with t the training timestep, 0 to 999, where the number of the step was
/// meant: against a count of 50 it oscillates.
///
/// Source  src/diffusers/pipelines/cogvideo/pipeline_cogvideox.py
inline double cogvideox_scale(double guidance_scale, double t, std::size_t count) {
  require(count > 0, "count", 0.0, "at least one step");
  constexpr double pi = 3.141592653589793;
  const double steps = static_cast<double>(count);
  return 1.0 + guidance_scale * ((1.0 - std::cos(pi * std::pow((steps - t) / steps, 5.0))) / 2.0);
}

/// Wan 2.2's two experts, each with a scale of its own.
///
///   guidance_scale while t ≥ 1000 boundary_ratio, then guidance_scale_2
///
/// Source  src/diffusers/pipelines/wan/pipeline_wan.py
inline double wan_scale(double guidance_scale, double guidance_scale_2, double boundary_ratio, double t) {
  return t >= boundary_ratio * 1000.0 ? guidance_scale : guidance_scale_2;
}

}}}  // namespace eigenguide::diffusers
