// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/ramp.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// σ at every timestep of a model's training, 0-based, and between them.
///
///   ln σ(t) = (1 − w) ln σ_k + w ln σ_{k+1},  k = ⌊t⌋, w = t − k
///
/// Beyond its ends the table goes on as it ends: a t below 0 is 0, one above
/// T − 1 is T − 1, and a σ beyond has the timestep of that end.
///
/// The last entry need not rise: in tables of zero terminal SNR it stands for an
/// infinite one, and may be below the last but one. A σ has the place that the
/// last entry not above it begins.
class SigmaTable {
 public:
  /// Inputs  sigmas  in units of the data, from little noise to much
  /// Errors  a table that is empty; entries that are not positive and finite; one
  ///         before the last that is not above that before it
  explicit SigmaTable(std::vector<double> sigmas) : sigmas_(std::move(sigmas)) {
    if (sigmas_.empty()) reject("sigmas", "empty", "a positive number for each timestep");
    for (std::size_t i = 0; i < sigmas_.size(); ++i) {
      const double before = i > 0 && i + 1 < sigmas_.size() ? sigmas_[i - 1] : 0.0;
      require(is_finite(sigmas_[i]) && sigmas_[i] > before, "sigmas", sigmas_[i], "positive numbers that rise");
    }
  }

  const std::vector<double>& sigmas() const { return sigmas_; }

  /// σ(t), its logarithm interpolated.
  /// Errors: a t that is not finite
  double sigma(double t) const {
    const auto [k, w] = place(t);
    if (w == 0.0) return sigmas_[k];
    return in_sigma_range(std::exp((1.0 - w) * std::log(sigmas_[k]) + w * std::log(sigmas_[k + 1])), sigmas_[k], sigmas_[k + 1]);
  }

  /// σ(t), itself interpolated: diffusers reads its tables so.
  /// Errors: a t that is not finite
  double linear_sigma(double t) const {
    const auto [k, w] = place(t);
    if (w == 0.0) return sigmas_[k];
    return in_sigma_range((1.0 - w) * sigmas_[k] + w * sigmas_[k + 1], sigmas_[k], sigmas_[k + 1]);
  }

  /// The t of σ(t).
  /// Errors: a σ that is not positive
  double timestep(double sigma) const {
    require(is_finite(sigma) && sigma > 0.0, "sigma", sigma, "a finite positive number");
    if (sigmas_.size() == 1) return 0.0;
    const auto last = sigmas_.end() - 1;
    const auto above = sigma >= *last ? last : std::upper_bound(sigmas_.begin(), last, sigma);
    if (above == sigmas_.begin()) return 0.0;
    const double high = static_cast<double>(above - sigmas_.begin());
    const double from = std::log(*(above - 1)), to = std::log(*above);
    if (from == to) return high;
    const double w = (std::min)((std::max)((std::log(sigma) - from) / (to - from), 0.0), 1.0);
    return (1.0 - w) * (high - 1.0) + w * high;
  }

 private:
  /// Where t lies: the entry before it, and the share of the way to the next.
  std::pair<std::size_t, double> place(double t) const {
    require_finite("t", t);
    if (t <= 0.0) return {0, 0.0};
    if (t >= static_cast<double>(sigmas_.size() - 1)) return {sigmas_.size() - 1, 0.0};
    const double k = std::floor(t);
    return {static_cast<std::size_t>(k), t - k};
  }

  std::vector<double> sigmas_;
};

}}  // namespace eigenguide
