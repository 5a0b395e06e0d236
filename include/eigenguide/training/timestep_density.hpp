// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// From which times a model is trained. Each density turns one draw into one
// time t of rectified flow, in [0, 1] with t = 1 noise: the draws are the
// caller's, so the same draws give the same times. Times of a density are
// distributed as the paper has them: Esser, Kulal, Blattmann et al.,
// arXiv:2403.03206, §3.1.

/// Every time alike: t = u.
/// Inputs  u  a draw from the uniform distribution on [0, 1]
/// Errors  a u outside of it
struct UniformTimes {
  double operator()(double u) const {
    require(u >= 0.0 && u <= 1.0, "u", u, "a number in [0, 1]");
    return u;
  }
};

/// Most in the middle, none at the ends: t = 1 / (1 + e^−(m + s n)).
/// Inputs  normal  n, a draw from the standard normal distribution
/// Errors  an m, s or n that is not finite, a negative s
struct LogitNormalTimes {
  double mean = 0.0;  ///< m of logit t, no unit; above 0 there is more noise
  double std = 1.0;   ///< s of logit t, no unit; ≥ 0

  double operator()(double normal) const {
    require_finite("mean", mean);
    require(is_finite(std) && std >= 0.0, "std", std, "a finite number, at least 0");
    require_finite("normal", normal);
    const Real logit = Real(mean) + Real(std) * normal, ratio = exp(-abs(logit));
    return double((logit >= 0.0 ? Real(1.0) : ratio) / (Real(1.0) + ratio));
  }
};

/// Heavy at the ends or in the middle.
///
///   t = 1 − u − s (cos²(π u / 2) − 1 + u)
///
/// s = 0 is uniform; above it the middle is denser, below it the ends. From −1
/// to 2 / (π − 2) = 1.75 t falls from 1 to 0; beyond, it leaves [0, 1] or is not
/// monotone.
///
/// Inputs  u  a draw from the uniform distribution on [0, 1]
/// Errors  a u outside of it, an s that is not finite
struct ModeTimes {
  double scale = 0.0;  ///< s, no unit; the scripts for SD3 have 1.29

  double operator()(double u) const {
    require_finite("scale", scale);
    require(u >= 0.0 && u <= 1.0, "u", u, "a number in [0, 1]");
    constexpr double half_pi = 1.5707963267948966;
    const Real cosine = std::cos(half_pi * u);
    return double(Real(1.0) - u - Real(scale) * (cosine * cosine - Real(1.0) + u));
  }
};

/// The times of a cosine schedule.
///
///   t = 1 − 1 / (tan(π u / 2) + 1)
///
/// Inputs  u  a draw from the uniform distribution on [0, 1]
/// Errors  a u outside of it
struct CosmapTimes {
  double operator()(double u) const {
    require(u >= 0.0 && u <= 1.0, "u", u, "a number in [0, 1]");
    constexpr double half_pi = 1.5707963267948966;
    const Real sine = std::sin(half_pi * u), cosine = std::cos(half_pi * u);
    return double(sine / (sine + cosine));
  }
};

}}  // namespace eigenguide
