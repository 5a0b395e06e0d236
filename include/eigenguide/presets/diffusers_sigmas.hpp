// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/beta_quantile.hpp>
#include <eigenguide/noise/karras.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/presets/linspace.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// What set_timesteps makes: the level at which each step begins, and that at
/// which the last ends; and what the model is told of each step. Of no steps it
/// is empty; 1e9 and more are rejected.
struct Steps {
  std::vector<double> sigmas;     ///< σ in units of the data, or a flow's time; one more than steps
  std::vector<double> timesteps;  ///< in timesteps of training, or as the scheduler says
};

enum class FinalSigmasType { zero, sigma_min };

/// What replaces the sigmas of the timesteps, between their first and last:
/// use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas, use_lu_lambdas.
enum class SigmaConversion { none, karras, exponential, beta, lu };

/// The β quantiles of diffusers: even in σ, and over a grid that has both ends.
///
///   σ_i = σ_min + (σ_max − σ_min) ppf(1 − i / (N − 1); α, β)
///
/// One step is σ_max.
///
/// Errors  a range that is none of sigmas, an α or β outside [1e-3, 1e4]
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951, _convert_to_beta;
///         Lee et al., arXiv:2407.12173
struct BetaSigmas {
  double sigma_min = 0.002;  ///< the last value; in (0, σ_max]
  double sigma_max = 80.0;   ///< the first value; > 0
  double alpha = 0.6;        ///< α of the distribution; in [1e-3, 1e4]
  double beta = 0.6;         ///< β of the distribution; in [1e-3, 1e4]

  double operator()(std::size_t i, std::size_t count) const {
    require_sigma_range(sigma_min, sigma_max);
    const double quantile = beta_quantile(1.0 - ramp(i, count), alpha, beta);
    return quantile == 1.0 ? sigma_max : sigma_min + quantile * (sigma_max - sigma_min);
  }
};

/// Exponential through its logarithms at the ends too, as numpy has it: whether
/// e^(ln σ) is below σ decides what a timestep is cut to.
struct ExponentialSigmas {
  double sigma_min = 0.002;  ///< the last value; in (0, σ_max]
  double sigma_max = 80.0;   ///< the first value; > 0

  double operator()(std::size_t i, std::size_t count) const {
    require_sigma_range(sigma_min, sigma_max);
    return std::exp(linspace(std::log(sigma_max), std::log(sigma_min), i, count));
  }
};

/// `count` sigmas from σ_max to σ_min, converted. Lu's λ = −ln σ with ρ = 1 is
/// the exponential schedule.
///
/// Errors  no conversion; a range that is none of sigmas; those of values
inline std::vector<double> converted_sigmas(SigmaConversion conversion, double sigma_min, double sigma_max,
                                            std::size_t count) {
  switch (conversion) {
    case SigmaConversion::karras: return values(Karras{sigma_min, sigma_max}, count);
    case SigmaConversion::beta: return values(BetaSigmas{sigma_min, sigma_max}, count);
    case SigmaConversion::exponential:
    case SigmaConversion::lu: return values(ExponentialSigmas{sigma_min, sigma_max}, count);
    case SigmaConversion::none: break;
  }
  reject("conversion", "none", "one of the conversions");
}

}}}  // namespace eigenguide::diffusers
