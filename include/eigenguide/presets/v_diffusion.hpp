// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/alpha_bar.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace v_diffusion {

// The schedules of v-diffusion-pytorch as ᾱ(t) over t in [0, 1]. It tells them
// by the time of its own, CosineAlphaBar{0}, that has the same ᾱ:
// 2/π · arccos √ᾱ. Its "log" is LogLinearAlphaBar.

/// "ddpm": DDPM's linear β in continuous time.
///
///   ᾱ(t) = e^−(1e-4 + 10 t²)
///
/// Errors  a t outside [0, 1]
/// Source  crowsonkb/v-diffusion-pytorch, diffusion/utils.py, get_ddpm_schedule
struct DdpmAlphaBar {
  double operator()(double t) const {
    eigenguide::detail::require_time(t);
    return std::exp(-(1e-4 + 10.0 * t * t));
  }
};

/// "spliced": the cosine near the data and DDPM's near the noise, joined where
/// their ᾱ are the same.
///
///   u = t (1 + c − d),  ᾱ(t) = cos²(π u / 2) for u < c,  that of DdpmAlphaBar at u − c + d after
///
/// with c = 0.80074257 and d = 0.48536712.
///
/// Errors  a t outside [0, 1]
/// Source  crowsonkb/v-diffusion-pytorch, diffusion/utils.py, get_spliced_ddpm_cosine_schedule
struct SplicedDdpmCosineAlphaBar {
  double operator()(double t) const {
    eigenguide::detail::require_time(t);
    constexpr double c = 0.80074257, d = 0.48536712;
    const double u = t * (1.0 + c - d);
    if (u < c) return CosineAlphaBar{0.0}(u);
    return t == 1.0 ? DdpmAlphaBar{}(1.0) : DdpmAlphaBar{}(u - c + d);
  }
};

}}}  // namespace eigenguide::v_diffusion
