// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/ramp.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

/// From `first` to `last`, both exactly.
inline double even_step(double first, double last, std::size_t i, std::size_t count) {
  const double p = ramp(i, count);
  return p == 1.0 ? last : first + p * (last - first);
}

inline void require_betas(double beta_start, double beta_end) {
  require(beta_start > 0.0 && beta_start <= 1.0, "beta_start", beta_start, "a number in (0, 1]");
  require(beta_end > 0.0 && beta_end <= 1.0, "beta_end", beta_end, "a number in (0, 1]");
}

}  // namespace detail

// Training schedules: β_i of timestep i, 0-based, the share of variance that is
// new noise; ᾱ_i = Π (1 − β_j). Errors: a β outside (0, 1].

/// Even steps of β. (ComfyUI calls this "sqrt_linear".)
/// Source  Ho, Jain, Abbeel, arXiv:2006.11239
struct LinearBetas {
  double beta_start = 1e-4;  ///< β of the first timestep, no unit; in (0, 1]
  double beta_end = 0.02;    ///< β of the last

  void validate() const { detail::require_betas(beta_start, beta_end); }
  double operator()(std::size_t i, std::size_t count) const {
    validate(); return detail::even_step(beta_start, beta_end, i, count); }
};

/// Even steps of √β. (diffusers calls this "scaled_linear", ComfyUI "linear".)
/// Source  Rombach, Blattmann, Lorenz, Esser, Ommer, arXiv:2112.10752
struct ScaledLinearBetas {
  double beta_start = 0.00085;  ///< β of the first timestep, no unit; in (0, 1]
  double beta_end = 0.012;      ///< β of the last

  void validate() const { detail::require_betas(beta_start, beta_end); }
  double operator()(std::size_t i, std::size_t count) const {
    validate();
    const double root = detail::even_step(std::sqrt(beta_start), std::sqrt(beta_end), i, count);
    return root * root;
  }
};

/// Even steps of β².
/// Source  "sqrt" of CompVis/latent-diffusion
struct SqrtBetas {
  double beta_start = 1e-4;  ///< β² of the first timestep, no unit; in (0, 1]
  double beta_end = 0.02;    ///< β² of the last

  void validate() const { detail::require_betas(beta_start, beta_end); }
  double operator()(std::size_t i, std::size_t count) const {
    validate(); return std::sqrt(detail::even_step(beta_start, beta_end, i, count)); }
};

/// A sigmoid over [−6, 6] from one β nearly to the other.
///
///   β = β_start + (β_end − β_start) / (1 + e^−z),  z from −6 to 6
///
/// Source  Xu, Yu, Song, Shi, Ermon, Tang (GeoDiff), arXiv:2203.02923
struct SigmoidBetas {
  double beta_start = 1e-4;  ///< β far before the first timestep, no unit; in (0, 1]
  double beta_end = 0.02;    ///< β far after the last

  void validate() const { detail::require_betas(beta_start, beta_end); }
  double operator()(std::size_t i, std::size_t count) const {
    validate();
    return beta_start + (beta_end - beta_start) / (1.0 + std::exp(-detail::even_step(-6.0, 6.0, i, count)));
  }
};

}}  // namespace eigenguide
