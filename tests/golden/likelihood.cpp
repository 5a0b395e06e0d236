// SPDX-License-Identifier: MIT
// Log-likelihoods along ODEs whose models are formulas.

#include "table.hpp"
#include "views.hpp"
#include "voiceflow.hpp"

#include <eigenguide/core.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace golden {
namespace {

using namespace eigenguide;

/// The denoiser of Σₖ wₖ N(μₖ, s² I) at a noise of variance σ², with one mixture for all samples or one Gaussian for each.
///
///   D = Σ rₖ μₖ + q (x − Σ rₖ μₖ),  rₖ ∝ wₖ N(x; μₖ, s² + σ²),  q = s² / (s² + σ²)
///   J = q I + (1 − q) / (s² + σ²) Σ rₖ (μₖ − μ̄)(μₖ − μ̄)ᵀ, which is symmetric
template <class T>
struct Denoiser {
  Tensor<T> mean;
  std::vector<double> weights;  // none: one mean for each sample
  double variance;

  struct At {
    double keeps, width;
    std::vector<double> share;
    std::vector<double> mean;  // μ̄
  };

  const T* centre(std::size_t sample, std::size_t k, std::size_t size) const {
    return mean.values.data() + (weights.empty() ? sample : k) * size;
  }

  At at(const BatchView<const T>& x, std::size_t sample, double sigma) const {
    const std::size_t size = x.size(), count = weights.empty() ? 1 : weights.size();
    At found{variance / (variance + sigma * sigma), variance + sigma * sigma, std::vector<double>(count), std::vector<double>(size, 0.0)};
    for (std::size_t k = 0; k < count; ++k) {
      double squares = 0.0;
      for (std::size_t n = 0; n < size; ++n) {
        const double apart = static_cast<double>(x.sample(sample)[n]) - static_cast<double>(centre(sample, k, size)[n]);
        squares += apart * apart;
      }
      found.share[k] = (weights.empty() ? 0.0 : std::log(weights[k])) - 0.5 * squares / found.width;
    }
    const double most = *std::max_element(found.share.begin(), found.share.end());
    double total = 0.0;
    for (double& share : found.share) total += share = std::exp(share - most);
    for (std::size_t k = 0; k < count; ++k) {
      found.share[k] /= total;
      for (std::size_t n = 0; n < size; ++n) found.mean[n] += found.share[k] * static_cast<double>(centre(sample, k, size)[n]);
    }
    return found;
  }

  void operator()(const std::vector<double>& sigma, const BatchView<const T>& x, const BatchView<T>& out) const {
    for (std::size_t i = 0; i < x.samples(); ++i) {
      const At here = at(x, i, sigma[i]);
      for (std::size_t n = 0; n < x.size(); ++n)
        out.sample(i)[n] = static_cast<T>(here.mean[n] + here.keeps * (static_cast<double>(x.sample(i)[n]) - here.mean[n]));
    }
  }

  void vjp(const std::vector<double>& sigma, const BatchView<const T>& x, const BatchView<const T>& v,
           const BatchView<T>& out) const {
    for (std::size_t i = 0; i < x.samples(); ++i) {
      const At here = at(x, i, sigma[i]);
      std::vector<double> product(x.size());
      for (std::size_t n = 0; n < x.size(); ++n) product[n] = here.keeps * static_cast<double>(v.sample(i)[n]);
      for (std::size_t k = 0; k < here.share.size(); ++k) {
        const T* const centred = centre(i, k, x.size());
        double along = 0.0;
        for (std::size_t n = 0; n < x.size(); ++n)
          along += (static_cast<double>(centred[n]) - here.mean[n]) * static_cast<double>(v.sample(i)[n]);
        for (std::size_t n = 0; n < x.size(); ++n)
          product[n] += (1.0 - here.keeps) / here.width * here.share[k] * along * (static_cast<double>(centred[n]) - here.mean[n]);
      }
      for (std::size_t n = 0; n < x.size(); ++n) out.sample(i)[n] = static_cast<T>(product[n]);
    }
  }
};

std::vector<double> nats(const std::vector<LogLikelihood>& found) {
  std::vector<double> all;
  all.reserve(found.size());
  for (const LogLikelihood& one : found) all.push_back(one.nats);
  return all;
}

}  // namespace

void add_likelihood(Table& table) {
  table.add("log_likelihood", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const std::string model = c.text("model");
    if (model != "gaussian" && model != "mixture") throw std::runtime_error("has the unknown model `" + model + "`");
    const Tensor<T> x = c.input("x"), probe = c.input("probe");
    Denoiser<T> denoiser{c.input("mean"), {}, c.number("var")};
    if (model == "mixture") {
      const auto weights = c.input("weights").values;
      denoiser.weights.assign(weights.begin(), weights.end());
    }
    const double sigma_min = c.number("sigma_min"), sigma_max = c.number("sigma_max");
    const DormandPrince solver{c.number("rtol"), c.number("atol")};
    Outputs outputs;
    outputs.add("log_likelihood", [&] {
      auto ode = probability_flow(Kind::sample, variance_exploding_path,
                                  with_vjp(denoiser, [&](const auto&... arguments) { denoiser.vjp(arguments...); }));
      const GivenProbes<T> given{{view_of(probe)}};
      std::vector<LogLikelihood> found;
      LikelihoodWorkspace<T> workspace;
      log_likelihood(LikelihoodOde{solver, given, NormalPrior{sigma_max}, {sigma_min, sigma_max}}, ode, view_of(x), found,
                     workspace);
      return nats(found);
    });
    if (model == "gaussian")
      outputs.add("analytic_log_density", [&] {
        const NormalPrior density{std::sqrt(denoiser.variance + sigma_min * sigma_min)};
        const Tensor<T> centred = sum<T>({{1.0, &x}, {-1.0, &denoiser.mean}});
        const std::vector<double> values(centred.values.begin(), centred.values.end());
        const std::size_t size = view_of(x).size();
        std::vector<double> all;
        for (std::size_t i = 0; i < view_of(x).samples(); ++i) all.push_back(density(values.data() + i * size, size));
        return all;
      });
    return outputs;
  });

  // The divergence is summed as Euler's method does, whatever solver takes x to the noise.
  table.add("flow_log_likelihood", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const VoiceFlow<T> model(c);
    const Tensor<T> x = c.input("x"), noise = c.input("noise");
    const std::size_t steps = c.count("n_timesteps");
    const std::vector<double> times = even_times(1.0, 0.0, steps);
    auto field = with_vjp(
        [&](const std::vector<double>& t, const BatchView<const T>& at, const BatchView<T>& out) {
          for (std::size_t n = 0; n < at.size(); ++n) out.data()[n] = model.flow(at.data()[n], t[0], n);
        },
        [&](const std::vector<double>& t, const BatchView<const T>& at, const BatchView<const T>& v, const BatchView<T>& out) {
          for (std::size_t n = 0; n < at.size(); ++n) out.data()[n] = model.slope(t[0], n) * v.data()[n];
        });
    std::vector<Tensor<T>> drawn;
    GivenProbes<T> probes{{}, 1, true};
    for (std::size_t k = 0; k < steps; ++k) drawn.push_back(part(noise, k));
    for (const Tensor<T>& one : drawn) probes.given.push_back(one_sample(one.values.data(), one.values.size()));

    const auto run = [&] {
      std::vector<LogLikelihood> found;
      LikelihoodWorkspace<T> workspace;
      if (model.is_euler()) {
        log_likelihood(LikelihoodOde{Euler{}, probes, NormalPrior{}, times}, field, view_of(x), found, workspace);
        const BatchView<const double> ended = workspace.ended();
        return std::make_pair(found[0], std::vector<double>(ended.data(), ended.data() + ended.size()));
      }
      Tensor<T> at = x;
      LogLikelihood all;
      for (std::size_t k = 0; k < steps; ++k) {
        std::vector<Estimate> here;
        divergence(GivenProbes<T>{{probes.given[k]}}, field, {times[k]}, view_of(at), here, workspace);
        all.divergence += (times[k + 1] - times[k]) * here[0].value;
        at = model.step(at, times[k], times[k + 1]);
      }
      const std::vector<double> latent(at.values.begin(), at.values.end());
      all.prior = NormalPrior{}(latent.data(), latent.size());
      all.nats = all.prior + all.divergence;
      return std::make_pair(all, latent);
    };
    Outputs outputs;
    outputs.add("latent", [&] { return run().second; });
    outputs.add("prior_log_likelihood", [&] { return std::vector<double>{run().first.prior}; });
    outputs.add("log_likelihood", [&] { return std::vector<double>{run().first.nats}; });
    return outputs;
  });
}

}  // namespace golden
