// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/likelihood/field.hpp>
#include <eigenguide/prediction/kind.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

/// Data x₀ ~ Σₖ wₖ N(μₖ, s² I), and what a perfect model predicts of it. At a
/// level (α, σ), with τ = α² s² + σ², rₖ the share of component k at x, m and C
/// the mean and covariance of μ by these shares:
///
///   x  ~ Σₖ wₖ N(α μₖ, τ I)
///   x₀ = m + α s²/τ (x − α m),  ∂x₀/∂x = α s²/τ I + σ² α/τ² C
///   ε  = σ/τ (x − α m),         ∂ε/∂x = σ/τ I − σ α²/τ² C
struct Mixture {
  std::vector<double> weight{0.3, 0.7};
  std::vector<std::vector<double>> mean{{1.0, -0.5}, {-0.8, 0.6}};
  double variance = 0.25;

  struct At {
    double width, log_density;
    std::vector<double> share, mean;
  };

  At at(const double* x, std::size_t size, const eigenguide::Level& level) const {
    const double tau = level.alpha * level.alpha * variance + level.sigma * level.sigma;
    At found{tau, 0.0, {}, std::vector<double>(size, 0.0)};
    double most = -HUGE_VAL, total = 0.0;
    for (std::size_t k = 0; k < weight.size(); ++k) {
      double squares = 0.0;
      for (std::size_t n = 0; n < size; ++n) squares += std::pow(x[n] - level.alpha * mean[k][n], 2);
      found.share.push_back(std::log(weight[k]) - 0.5 * squares / tau);
      most = std::fmax(most, found.share[k]);
    }
    for (double& share : found.share) total += share = std::exp(share - most);
    found.log_density = most + std::log(total) - 0.5 * static_cast<double>(size) * std::log(6.283185307179586 * tau);
    for (std::size_t k = 0; k < weight.size(); ++k) {
      found.share[k] /= total;
      for (std::size_t n = 0; n < size; ++n) found.mean[n] += found.share[k] * mean[k][n];
    }
    return found;
  }

  double log_density(const double* x, std::size_t size, const eigenguide::Level& level) const {
    return at(x, size, level).log_density;
  }

  /// The prediction of a kind along a path, and its vector–Jacobian product.
  template <class T, class Path>
  auto predict(const eigenguide::Kind& kind, const Path& path) const {
    return [*this, kind, path](const std::vector<double>& t, const eigenguide::BatchView<const T>& x,
                               const eigenguide::BatchView<T>& out) {
      for (std::size_t i = 0; i < x.samples(); ++i) {
        const eigenguide::Level level = path(t[i]).level;
        const std::vector<double> noisy(x.sample(i), x.sample(i) + x.size());
        const At here = at(noisy.data(), x.size(), level);
        const auto p = eigenguide::weights(kind, level);
        for (std::size_t n = 0; n < x.size(); ++n) {
          const double apart = (noisy[n] - level.alpha * here.mean[n]) / here.width;
          out.sample(i)[n] = static_cast<T>(double(p.epsilon) * level.sigma * apart +
                                            double(p.sample) * (here.mean[n] + level.alpha * variance * apart));
        }
      }
    };
  }
  template <class T, class Path>
  auto differentiated(const eigenguide::Kind& kind, const Path& path) const {
    return eigenguide::with_vjp(predict<T>(kind, path), [*this, kind, path](const std::vector<double>& t, const auto& x,
                                                                           const auto& v, const auto& out) {
      for (std::size_t i = 0; i < x.samples(); ++i) {
        const eigenguide::Level level = path(t[i]).level;
        const std::vector<double> noisy(x.sample(i), x.sample(i) + x.size());
        const At here = at(noisy.data(), x.size(), level);
        const auto p = eigenguide::weights(kind, level);
        const double e = double(p.epsilon), z = double(p.sample), tau = here.width;
        std::vector<double> product(x.size(), 0.0);
        for (std::size_t k = 0; k < weight.size(); ++k) {
          double along = 0.0;
          for (std::size_t n = 0; n < x.size(); ++n) along += (mean[k][n] - here.mean[n]) * double(v.sample(i)[n]);
          for (std::size_t n = 0; n < x.size(); ++n)
            product[n] += here.share[k] * along * (mean[k][n] - here.mean[n]) *
                          (z * level.sigma * level.sigma * level.alpha - e * level.sigma * level.alpha * level.alpha) / (tau * tau);
        }
        for (std::size_t n = 0; n < x.size(); ++n)
          out.sample(i)[n] = static_cast<T>(product[n] + (e * level.sigma + z * level.alpha * variance) / tau * double(v.sample(i)[n]));
      }
    });
  }
};
