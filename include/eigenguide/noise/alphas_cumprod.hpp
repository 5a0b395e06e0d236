// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// ᾱ_i = Π_{j ≤ i} (1 − β_j).
/// Errors: a β outside [0, 1]
inline std::vector<double> alphas_cumprod(const std::vector<double>& betas) {
  std::vector<double> all(betas.size());
  double product = 1.0;
  for (std::size_t i = 0; i < betas.size(); ++i) {
    require(betas[i] >= 0.0 && betas[i] <= 1.0, "betas", betas[i], "numbers in [0, 1]");
    all[i] = product *= 1.0 - betas[i];
  }
  return all;
}

/// The β of a table of ᾱ: 1 − ᾱ_i / ᾱ_{i − 1}, with ᾱ_{−1} = 1; 1 after a zero.
/// Errors: an ᾱ outside [0, 1]
inline std::vector<double> betas_of(const std::vector<double>& alphas_cumprod) {
  std::vector<double> all(alphas_cumprod.size());
  double before = 1.0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double here = alphas_cumprod[i];
    require(here >= 0.0 && here <= 1.0, "alphas_cumprod", here, "numbers in [0, 1]");
    all[i] = before > 0.0 ? 1.0 - here / before : 1.0;
    before = here;
  }
  return all;
}

/// σ = √((1 − ᾱ) / ᾱ), the noise in units of the data.
/// Errors: an ᾱ outside (0, 1]: at 0 there is no σ
inline std::vector<double> sigmas_of(const std::vector<double>& alphas_cumprod) {
  std::vector<double> all(alphas_cumprod.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double here = alphas_cumprod[i];
    require(here > 0.0 && here <= 1.0, "alphas_cumprod", here, "numbers in (0, 1]: pure noise has no ratio to the data");
    all[i] = std::sqrt((1.0 - here) / here);
  }
  return all;
}

/// The table of ᾱ, stretched so that its last step is pure noise:
///
///   √ᾱ ← (√ᾱ − √ᾱ_T) √ᾱ_0 / (√ᾱ_0 − √ᾱ_T)
///
/// A table of one entry, or whose entries are all the same, has no end to
/// stretch to, and stays.
///
/// Inputs  terminal  what the last ᾱ becomes; peers that divide by it take it
///                   above 0. In [0, ᾱ_0]
/// Errors  an ᾱ outside [0, 1], a terminal outside its range
/// Source  Lin, Liu, Li, Yang, arXiv:2305.08891, algorithm 1
inline std::vector<double> rescale_zero_terminal_snr(std::vector<double> alphas_cumprod, double terminal = 0.0) {
  for (const double each : alphas_cumprod) require(each >= 0.0 && each <= 1.0, "alphas_cumprod", each, "numbers in [0, 1]");
  if (alphas_cumprod.empty()) return alphas_cumprod;
  require(terminal >= 0.0 && terminal <= alphas_cumprod.front(), "terminal", terminal, "a number in [0, the first of the table]");
  const double first = std::sqrt(alphas_cumprod.front()), last = std::sqrt(alphas_cumprod.back());
  if (first == last) return alphas_cumprod;
  for (double& each : alphas_cumprod) {
    const double root = (std::sqrt(each) - last) * (first / (first - last));
    each = root * root;
  }
  alphas_cumprod.back() = terminal;
  return alphas_cumprod;
}

}}  // namespace eigenguide
