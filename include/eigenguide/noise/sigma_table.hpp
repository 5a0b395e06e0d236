// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

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
class SigmaTable {
 public:
  /// Inputs  sigmas  in units of the data, from little noise to much
  /// Errors  a table that is empty, or that does not rise from positive numbers
  explicit SigmaTable(std::vector<double> sigmas) : sigmas_(std::move(sigmas)) {
    if (sigmas_.empty()) reject("sigmas", "empty", "a positive number for each timestep");
    double before = 0.0;
    for (const double sigma : sigmas_) {
      require(is_finite(sigma) && sigma > before, "sigmas", sigma, "positive numbers that rise");
      before = sigma;
    }
  }

  const std::vector<double>& sigmas() const { return sigmas_; }

  /// σ(t), its logarithm interpolated.
  /// Errors: a t that is not finite
  double sigma(double t) const {
    const auto [k, w] = place(t);
    if (w == 0.0) return sigmas_[k];
    return std::exp((1.0 - w) * std::log(sigmas_[k]) + w * std::log(sigmas_[k + 1]));
  }

  /// σ(t), itself interpolated: diffusers reads its tables so.
  /// Errors: a t that is not finite
  double linear_sigma(double t) const {
    const auto [k, w] = place(t);
    if (w == 0.0) return sigmas_[k];
    return (1.0 - w) * sigmas_[k] + w * sigmas_[k + 1];
  }

  /// The t of σ(t).
  /// Errors: a σ that is not positive
  double timestep(double sigma) const {
    require(is_finite(sigma) && sigma > 0.0, "sigma", sigma, "a finite positive number");
    if (sigma <= sigmas_.front()) return 0.0;
    if (sigma >= sigmas_.back()) return static_cast<double>(sigmas_.size() - 1);
    const auto above = std::upper_bound(sigmas_.begin(), sigmas_.end(), sigma);
    const double high = static_cast<double>(above - sigmas_.begin());
    const double from = std::log(*(above - 1)), to = std::log(*above);
    const double w = (std::log(sigma) - from) / (to - from);
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
