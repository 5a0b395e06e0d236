// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// σ at every timestep of a model's training, and between them: ln σ is linear
/// from each to the next.
class SigmaTable {
 public:
  /// Inputs  sigmas  in units of the data, from little noise to much
  /// Errors  a table that is empty, or does not rise from positive numbers
  explicit SigmaTable(std::vector<double> sigmas) : sigmas_(std::move(sigmas)) {
    if (sigmas_.empty()) reject("sigmas", "empty", "a σ for each timestep");
    for (std::size_t i = 0; i < sigmas_.size(); ++i) {
      const bool rises = sigmas_[i] > 0.0 && (i == 0 || sigmas_[i] > sigmas_[i - 1]);
      require(is_finite(sigmas_[i]) && rises, "sigmas", sigmas_[i], "positive numbers that rise");
    }
  }

  std::size_t size() const { return sigmas_.size(); }
  double operator[](std::size_t timestep) const { return sigmas_[timestep]; }
  const std::vector<double>& sigmas() const { return sigmas_; }

  /// σ at a timestep; beyond the ends that of the end.
  double sigma(double t) const {
    const auto [low, share] = place(t);
    if (share == 0.0) return sigmas_[low];
    return std::exp((1.0 - share) * std::log(sigmas_[low]) + share * std::log(sigmas_[low + 1]));
  }

  /// Linear in σ itself, as diffusers reads its tables.
  double sigma_linear(double t) const {
    const auto [low, share] = place(t);
    return share == 0.0 ? sigmas_[low] : (1.0 - share) * sigmas_[low] + share * sigmas_[low + 1];
  }

  /// The timestep of a σ; of one beyond the ends that of the end.
  /// Errors: a σ that is not positive
  double timestep(double sigma) const {
    require(is_finite(sigma) && sigma > 0.0, "sigma", sigma, "a positive number");
    if (sigma <= sigmas_.front()) return 0.0;
    if (sigma >= sigmas_.back()) return static_cast<double>(size() - 1);
    const std::size_t high = static_cast<std::size_t>(std::upper_bound(sigmas_.begin(), sigmas_.end(), sigma) - sigmas_.begin());
    const double from = std::log(sigmas_[high - 1]), to = std::log(sigmas_[high]);
    return static_cast<double>(high - 1) + (std::log(sigma) - from) / (to - from);
  }

  /// The timestep whose ln σ is nearest; of two as near, the first.
  /// Errors: a σ that is not positive
  std::size_t nearest_timestep(double sigma) const {
    const double t = timestep(sigma);
    const std::size_t low = static_cast<std::size_t>(t);
    if (low + 1 >= size()) return low;
    const double wanted = std::log(sigma), below = std::fabs(wanted - std::log(sigmas_[low]));
    return std::fabs(wanted - std::log(sigmas_[low + 1])) < below ? low + 1 : low;
  }

 private:
  std::vector<double> sigmas_;

  std::pair<std::size_t, double> place(double t) const {
    const double last = static_cast<double>(size() - 1);
    if (!(t > 0.0)) return {0, 0.0};
    if (t >= last) return {size() - 1, 0.0};
    const double low = std::floor(t);
    return {static_cast<std::size_t>(low), t - low};
  }
};

}}  // namespace eigenguide
