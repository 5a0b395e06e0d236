// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/level.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Half the logarithm of the signal-to-noise ratio, the time in which the
/// solvers of the DPM family step: λ = ln(α / σ).
///
/// Errors  a level without noise or without data, at which λ is infinite
/// Source  Lu, Zhou, Bao, Chen, Li, Zhu, arXiv:2206.00927
inline double half_log_snr(Level level) {
  level.validate();
  require(level.alpha > 0.0, "alpha", level.alpha, "a positive number: without data λ is infinite");
  require(level.sigma > 0.0, "sigma", level.sigma, "a positive number: without noise λ is infinite");
  return std::log(level.alpha) - std::log(level.sigma);
}

/// EDM's σ at which half_log_snr is λ: e^−λ.
/// Errors  a λ that is not finite, or whose σ is no double (|λ| above 700)
inline double variance_exploding_sigma(double half_log_snr) {
  require(is_finite(half_log_snr) && half_log_snr >= -700.0 && half_log_snr <= 700.0, "half_log_snr",
          half_log_snr, "a number in [-700, 700]");
  return std::exp(-half_log_snr);
}

/// Rectified flow's t at which half_log_snr is λ: 1 / (1 + e^λ).
/// Errors  as of variance_exploding_sigma
inline double rectified_flow_time(double half_log_snr) {
  const double ratio = variance_exploding_sigma(half_log_snr);  // t / (1 − t)
  return ratio / (1.0 + ratio);
}

}}  // namespace eigenguide
