// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// Training schedules: β_i of timestep i, 0-based, of `count`: the share of the
// variance that is new noise. One timestep alone has the first β. Each rejects
// an i that is not less than count.

namespace detail {

/// From `first` to `last` evenly, both exactly.
inline double even_step(double first, double last, std::size_t i, std::size_t count) {
  const double p = ramp(i, count);
  return p == 1.0 ? last : first + p * (last - first);
}

inline void require_betas(double beta_start, double beta_end) {
  require(beta_start >= 0.0 && beta_start <= 1.0, "beta_start", beta_start, "a number in [0, 1]");
  require(beta_end >= 0.0 && beta_end <= 1.0, "beta_end", beta_end, "a number in [0, 1]");
}

}  // namespace detail

/// Even steps of β.
///
///   β_i = β_start + i / (T − 1) · (β_end − β_start)
///
/// ComfyUI calls this "sqrt_linear"; its "linear" is ScaledLinearBetas.
///
/// Errors  a β outside [0, 1]
/// Source  Ho, Jain, Abbeel, arXiv:2006.11239
struct LinearBetas {
  double beta_start = 1e-4;  ///< β of the first timestep, no unit; in [0, 1]
  double beta_end = 0.02;    ///< β of the last timestep; in [0, 1]

  double operator()(std::size_t i, std::size_t count) const {
    detail::require_betas(beta_start, beta_end);
    return detail::even_step(beta_start, beta_end, i, count);
  }
};

/// Even steps of √β.
///
///   β_i = (√β_start + i / (T − 1) · (√β_end − √β_start))²
///
/// Errors  a β outside [0, 1]
/// Source  Rombach, Blattmann, Lorenz, Esser, Ommer, arXiv:2112.10752
struct ScaledLinearBetas {
  double beta_start = 0.00085;  ///< β of the first timestep, no unit; in [0, 1]
  double beta_end = 0.012;      ///< β of the last timestep; in [0, 1]

  double operator()(std::size_t i, std::size_t count) const {
    detail::require_betas(beta_start, beta_end);
    const double root = detail::even_step(std::sqrt(beta_start), std::sqrt(beta_end), i, count);
    return root * root;
  }
};

/// Even steps of β², between the two numbers themselves.
///
///   β_i = √(β_start + i / (T − 1) · (β_end − β_start))
///
/// Errors  a number outside [0, 1]
/// Source  "sqrt" of CompVis/latent-diffusion
struct SqrtBetas {
  double beta_start = 1e-4;  ///< β² of the first timestep, no unit; in [0, 1]
  double beta_end = 0.02;    ///< β² of the last timestep; in [0, 1]

  double operator()(std::size_t i, std::size_t count) const {
    detail::require_betas(beta_start, beta_end);
    return std::sqrt(detail::even_step(beta_start, beta_end, i, count));
  }
};

/// A sigmoid from near the one β to near the other: the ends are not met.
///
///   β_i = β_start + (β_end − β_start) / (1 + e^−z),  z even from −6 to 6
///
/// Errors  a β outside [0, 1]
/// Source  Xu, Yu, Song, Shi, Ermon, Tang (GeoDiff), arXiv:2203.02923
struct SigmoidBetas {
  double beta_start = 1e-4;  ///< β at z → −∞, no unit; in [0, 1]
  double beta_end = 0.02;    ///< β at z → ∞; in [0, 1]

  double operator()(std::size_t i, std::size_t count) const {
    detail::require_betas(beta_start, beta_end);
    const double z = detail::even_step(-6.0, 6.0, i, count);
    return beta_start + (beta_end - beta_start) / (1.0 + std::exp(-z));
  }
};

}}  // namespace eigenguide
