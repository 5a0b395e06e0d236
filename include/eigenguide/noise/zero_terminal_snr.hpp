// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>

#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The table of ᾱ, stretched so that its last timestep is pure noise:
///
///   √ᾱ_i ← (√ᾱ_i − √ᾱ_T) √ᾱ_1 / (√ᾱ_1 − √ᾱ_T)
///
/// The first entry stays, the last becomes exactly `terminal`. A table whose
/// √ᾱ are all the same number has nothing to stretch, and stays.
///
/// Inputs  alphas_cumprod  ᾱ of every timestep, in [0, 1]
///         terminal        the last ᾱ, in [0, ᾱ_1], default 0. Peers that divide by ᾱ
///                         have it above: diffusers 2^−24, ComfyUI 4.8973451890853435e-8
/// Output  the table, of as many entries; an empty one for an empty one
/// Errors  an ᾱ or a terminal outside its range, an ᾱ above the one before it
/// Source  Lin, Liu, Li, Yang, arXiv:2305.08891, algorithm 1
inline std::vector<double> rescale_zero_terminal_snr(std::vector<double> alphas_cumprod,
                                                     double terminal = 0.0) {
  double before = 1.0;
  for (const double alpha_bar : alphas_cumprod) {
    require(alpha_bar >= 0.0 && alpha_bar <= before, "alphas_cumprod", alpha_bar, "numbers in [0, 1] that do not rise");
    before = alpha_bar;
  }
  require(terminal >= 0.0 && terminal <= 1.0, "terminal", terminal, "a number in [0, 1]");
  if (alphas_cumprod.empty()) return alphas_cumprod;
  const double first = alphas_cumprod.front();
  const Real root_first = sqrt(Real(first)), root_last = sqrt(Real(alphas_cumprod.back()));
  if (root_first == root_last) return alphas_cumprod;
  require(terminal <= first, "terminal", terminal, "a number that is at most the first of `alphas_cumprod`");
  const Real factor = root_first / (root_first - root_last);
  for (double& alpha_bar : alphas_cumprod) {
    const Real root = (sqrt(Real(alpha_bar)) - root_last) * factor;
    alpha_bar = double(lesser(root * root, first));  // which an entry equal to it may round above
  }
  alphas_cumprod.front() = first;
  alphas_cumprod.back() = terminal;
  return alphas_cumprod;
}

}}  // namespace eigenguide
