// SPDX-License-Identifier: MIT
// Runs of models that are formulas: VoiceFlow's ODE, and EDM2's two-dimensional
// toy. Guidance and steps are the library's; a second stage is kept here, or in
// voiceflow.hpp.

#include "table.hpp"
#include "views.hpp"
#include "voiceflow.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/noise/karras.hpp>
#include <eigenguide/noise/sigmas.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>
#include <vector>

namespace golden {
namespace {

using namespace eigenguide;

/// Σₖ φₖ N(x; μₖ, Σₖ + σ² I), its φ normalised.
class Mixture {
 public:
  template <class T>
  Mixture(const Tensor<T>& weights, const Tensor<T>& means, const Tensor<T>& covariances) {
    const auto dimension = static_cast<Eigen::Index>(means.shape.at(1));
    for (std::size_t k = 0; k < weights.values.size(); ++k) {
      weight_.push_back(static_cast<double>(weights.values[k]));
      Eigen::VectorXd mean(dimension);
      Eigen::MatrixXd covariance(dimension, dimension);
      for (Eigen::Index i = 0; i < dimension; ++i) mean[i] = part(means, k).values[static_cast<std::size_t>(i)];
      for (Eigen::Index i = 0; i < covariance.size(); ++i)
        covariance.data()[i] = part(covariances, k).values[static_cast<std::size_t>(i)];
      mean_.push_back(mean);
      covariance_.push_back(covariance);
    }
  }

  struct At {
    double log_density;
    Eigen::VectorXd score;
  };
  At operator()(const Eigen::VectorXd& x, double sigma) const {
    double total = 0.0, most = -INFINITY;
    std::vector<double> log_share;
    std::vector<Eigen::VectorXd> slope;
    for (const double weight : weight_) total += weight;
    for (std::size_t k = 0; k < weight_.size(); ++k) {
      const Eigen::Index n = x.size();
      const Eigen::LLT<Eigen::MatrixXd> factor(covariance_[k] + sigma * sigma * Eigen::MatrixXd::Identity(n, n));
      slope.push_back(factor.solve(mean_[k] - x));
      const double log_volume = factor.matrixLLT().diagonal().array().log().sum();
      log_share.push_back(std::log(weight_[k] / total) - 0.5 * static_cast<double>(n) * std::log(2.0 * M_PI) - log_volume -
                          0.5 * slope.back().dot(mean_[k] - x));
      most = (std::max)(most, log_share.back());
    }
    double sum = 0.0;
    Eigen::VectorXd score = Eigen::VectorXd::Zero(x.size());
    for (std::size_t k = 0; k < weight_.size(); ++k) {
      sum += std::exp(log_share[k] - most);
      score += std::exp(log_share[k] - most) * slope[k];
    }
    return {most + std::log(sum), score / sum};
  }

 private:
  std::vector<double> weight_;
  std::vector<Eigen::VectorXd> mean_;
  std::vector<Eigen::MatrixXd> covariance_;
};

/// The mixture's log density and score of every sample.
template <class T>
struct OfBatch {
  std::vector<double> log_density;
  Tensor<T> score;
};
template <class T>
OfBatch<T> of_batch(const Mixture& mixture, const Tensor<T>& x, double sigma) {
  OfBatch<T> all{{}, x};
  for (std::size_t i = 0; i < x.shape.at(0); ++i) {
    const Tensor<T> one = part(x, i);
    Eigen::VectorXd at(static_cast<Eigen::Index>(one.values.size()));
    for (Eigen::Index n = 0; n < at.size(); ++n) at[n] = static_cast<double>(one.values[static_cast<std::size_t>(n)]);
    const Mixture::At found = mixture(at, sigma);
    all.log_density.push_back(found.log_density);
    for (Eigen::Index n = 0; n < at.size(); ++n)
      all.score.values[i * one.values.size() + static_cast<std::size_t>(n)] = static_cast<T>(found.score[n]);
  }
  return all;
}

}  // namespace

void add_analytic(Table& table) {
  table.add("flow_ode_trajectory", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const VoiceFlow<T> model(c);
    const Tensor<T> start = c.input("x");
    const std::size_t steps = c.count("n_timesteps");
    Outputs outputs;
    outputs.add("trajectory", [&] {
      Tensor<T> x = start;
      std::vector<T> all = x.values;
      for (std::size_t k = 0; k < steps; ++k) {
        x = model.step(x, static_cast<double>(k) / static_cast<double>(steps), static_cast<double>(k + 1) / static_cast<double>(steps));
        all.insert(all.end(), x.values.begin(), x.values.end());
      }
      return all;
    });
    return outputs;
  });

  // Heun's sampler of EDM on scores, with a worse mixture in the place of the unconditional one.
  table.add("gaussian_mixture_autoguidance_toy", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const Tensor<T> x = c.input("x");
    const Mixture cond(c.input("phi_cond"), c.input("mu_cond"), c.input("Sigma_cond"));
    const Mixture guide_mixture(c.input("phi_guide"), c.input("mu_guide"), c.input("Sigma_guide"));
    const Cfg method{c.number("guidance_scale")};
    const Karras karras{c.number("sigma_min"), c.number("sigma_max"), c.number("rho", 7.0)};
    const std::size_t steps = c.count("num_steps");
    const double sigma = c.number("sigma");

    const auto denoised = [&](const Tensor<T>& at, double level) {
      const Tensor<T> of_cond = of_batch(cond, at, level).score, of_guide = of_batch(guide_mixture, at, level).score;
      Tensor<T> x0 = at;
      guide(method, view_of(of_cond), view_of(of_guide), view_of(x0));
      convert({Kind::score, Kind::sample}, variance_exploding(level), view_of(at), view_of(x0), view_of(x0));
      return x0;
    };
    Outputs outputs;
    outputs.add("logp", [&] { return of_batch(cond, x, sigma).log_density; });
    outputs.add("score", [&] { return of_batch(cond, x, sigma).score.values; });
    outputs.add("trajectory", [&] {
      const std::vector<double> levels = sigmas(karras, steps);
      Tensor<T> at = sum<T>({{karras.sigma_max, &x}});
      std::vector<T> all = at.values;
      for (std::size_t k = 0; k < steps; ++k) {
        const double from = levels[k], to = levels[k + 1];
        const Tensor<T> x0 = denoised(at, from);
        Tensor<T> next = at;
        step(Cfg{}, Update{{Kind::sample, Kind::sample}}, variance_exploding(from), variance_exploding(to), view_of(at),
             view_of(x0), view_of(x0), view_of(next));
        if (to > 0.0) {
          const Tensor<T> there = denoised(next, to);
          const double half = 0.5 * (to - from);
          next = sum<T>({{1.0, &at}, {half / from, &at}, {-half / from, &x0}, {half / to, &next}, {-half / to, &there}});
        }
        at = next;
        all.insert(all.end(), at.values.begin(), at.values.end());
      }
      return all;
    });
    return outputs;
  });
}

}  // namespace golden
