// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>

#include <cmath>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

/// β of a timestep that takes ᾱ from `before` to `after`: 1 − after / before, and 1
/// after ᾱ = 0. In order, so that it is 0 where they are equal.
inline double beta_between(double before, double after) {
  return before > 0.0 ? static_cast<double>(1.0 - Real(after) / before) : 1.0;
}

}  // namespace detail

// The tables of a model's training, one entry a timestep; an empty table gives
// an empty one.

/// ᾱ of every timestep: ᾱ_i = Π (1 − β_j) over j ≤ i.
///
/// Errors  a β outside [0, 1]
/// Source  Ho, Jain, Abbeel, arXiv:2006.11239
inline std::vector<double> alphas_cumprod(const std::vector<double>& betas) {
  std::vector<double> table;
  table.reserve(betas.size());
  double product = 1.0;
  for (const double beta : betas) {
    require(beta >= 0.0 && beta <= 1.0, "betas", beta, "numbers in [0, 1]");
    product *= 1.0 - beta;
    table.push_back(product);
  }
  return table;
}

/// β of every timestep: β_i = 1 − ᾱ_i / ᾱ_{i−1}, with ᾱ_{−1} = 1. After ᾱ = 0
/// there is no ratio: β is 1.
///
/// Errors  an ᾱ outside [0, 1], or above the one before it
inline std::vector<double> betas_of_alphas_cumprod(const std::vector<double>& alphas_cumprod) {
  std::vector<double> table;
  table.reserve(alphas_cumprod.size());
  double before = 1.0;
  for (const double alpha_bar : alphas_cumprod) {
    require(alpha_bar >= 0.0 && alpha_bar <= before, "alphas_cumprod", alpha_bar,
            "numbers in [0, 1] that do not rise");
    table.push_back(detail::beta_between(before, alpha_bar));
    before = alpha_bar;
  }
  return table;
}

/// σ of every timestep, the noise in units of the data: σ_i = √((1 − ᾱ_i) / ᾱ_i).
///
/// Errors  an ᾱ outside (0, 1]: pure noise, ᾱ = 0, has no finite σ
inline std::vector<double> sigmas_of_alphas_cumprod(const std::vector<double>& alphas_cumprod) {
  std::vector<double> table;
  table.reserve(alphas_cumprod.size());
  for (const double alpha_bar : alphas_cumprod) {
    require(alpha_bar > 0.0 && alpha_bar <= 1.0, "alphas_cumprod", alpha_bar, "numbers in (0, 1]");
    table.push_back(std::sqrt((1.0 - alpha_bar) / alpha_bar));
  }
  return table;
}

}}  // namespace eigenguide
