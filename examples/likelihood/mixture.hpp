// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include <eigenguide/likelihood/field.hpp>
#include <eigenguide/noise/level.hpp>

/// Data x₀ ~ Σₖ wₖ N(μₖ, s² I): the flow ε − x₀ that a perfect model would
/// predict of it, and its density, both exact.
struct Mixture {
  std::vector<double> weight;
  std::vector<std::vector<double>> mean;
  double variance;

  /// ln p of x at a level, and the flow there.
  double at(const double* x, std::size_t size, const eigenguide::Level& level, double* flow = nullptr) const {
    const double tau = level.alpha * level.alpha * variance + level.sigma * level.sigma;
    std::vector<double> share;
    double most = -HUGE_VAL, total = 0.0;
    for (std::size_t k = 0; k < weight.size(); ++k) {
      double squares = 0.0;
      for (std::size_t n = 0; n < size; ++n) squares += std::pow(x[n] - level.alpha * mean[k][n], 2);
      share.push_back(std::log(weight[k]) - 0.5 * squares / tau);
      most = std::fmax(most, share[k]);
    }
    for (double& one : share) total += one = std::exp(one - most);
    for (std::size_t n = 0; flow && n < size; ++n) {
      double m = 0.0;
      for (std::size_t k = 0; k < weight.size(); ++k) m += share[k] / total * mean[k][n];
      const double apart = (x[n] - level.alpha * m) / tau;
      flow[n] = level.sigma * apart - (m + level.alpha * variance * apart);
    }
    return most + std::log(total) - 0.5 * static_cast<double>(size) * std::log(6.283185307179586 * tau);
  }

  double log_density(const double* x, std::size_t size) const { return at(x, size, {1.0, 0.0}); }

  /// As log_likelihood takes a model: its derivatives are differences.
  auto model() const {
    return eigenguide::finite_differences([*this](const std::vector<double>& t, const auto& x, const auto& out) {
      for (std::size_t i = 0; i < x.samples(); ++i)
        at(x.sample(i), x.size(), eigenguide::rectified_flow(t[i]), out.sample(i));
    });
  }
};
