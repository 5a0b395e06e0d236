// SPDX-License-Identifier: MIT
// Whole runs with the model's outputs given: the library makes the levels, the
// conversions and every first-order step; what a sampler of higher order adds is
// kept here.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/diffusers_level.hpp>
#include <eigenguide/presets/diffusers_sigmas_dpmsolver_multistep.hpp>
#include <eigenguide/presets/diffusers_sigmas_euler_discrete.hpp>
#include <eigenguide/presets/diffusers_sigmas_flow_match_euler.hpp>
#include <eigenguide/presets/diffusers_sigmas_unipc.hpp>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace golden {
namespace {

using namespace eigenguide;

/// Σ wᵢ vᵢ
template <class T>
Tensor<T> sum(const std::vector<std::pair<double, const Tensor<T>*>>& terms) {
  Tensor<T> out = *terms.at(0).second;
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    double value = 0.0;
    for (const auto& [weight, term] : terms)
      if (weight != 0.0) value += weight * static_cast<double>(term->values[i]);
    out.values[i] = static_cast<T>(value);
  }
  return out;
}

/// A run over levels, one more than steps, of a model of one kind.
template <class T>
class Run {
 public:
  Run(const Kind& kind, std::vector<Level> levels, Tensor<T> x, Tensor<T> outputs)
      : kind_(kind), levels_(std::move(levels)), x_(std::move(x)), outputs_(std::move(outputs)) {}

  /// The samples after each step that `advance` takes, number k.
  std::vector<T> samples(const std::function<void(Run&, std::size_t)>& advance) {
    std::vector<T> all;
    for (std::size_t k = 0; k + 1 < levels_.size(); ++k) {
      output_ = part(outputs_, k);
      advance(*this, k);
      all.insert(all.end(), x_.values.begin(), x_.values.end());
    }
    return all;
  }

  /// DDIM's and Euler's.
  void first_order(std::size_t k) {
    Tensor<T> next = x_;
    step(Cfg{}, Update{{kind_, kind_}}, levels_[k], levels_[k + 1], view_of(x_), view_of(output_), view_of(output_),
         view_of(next));
    x_ = next;
  }

  /// The same of a model whose input has variance 1.
  void first_order_in_x0(std::size_t k) {
    Tensor<T> x0 = x_;
    convert(Preconditioning{kind_}, levels_[k], view_of(x_), view_of(output_), view_of(x0));
    x_ = stepped(x_, x0, k);
  }

  /// DPM-Solver++(2M), Lu et al., arXiv:2211.01095: Euler's step in x₀, which is
  /// extrapolated to the middle of the step in λ.
  void dpmpp_2m(std::size_t k, std::size_t order) {
    const Tensor<T> x0 = denoised(k);
    const bool is_last = k + 2 == levels_.size();
    Tensor<T> towards = x0;
    if (order > 1 && k > 0 && !is_last) {
      const double bend = 0.5 * (lambda(k + 1) - lambda(k)) / (lambda(k) - lambda(k - 1));
      towards = sum<T>({{1.0 + bend, &x0}, {-bend, &history_.back()}});
    }
    history_.push_back(x0);
    const Tensor<T> x = x_;
    x_ = stepped(x, towards, k);
  }

  /// UniPC with B₂ and x₀, Zhao et al., arXiv:2302.04867, of order 2.
  void unipc(std::size_t k) {
    const Tensor<T> x0 = denoised(k);
    if (k > 0) x_ = corrected(k, x0);
    history_.push_back(x0);
    last_x_ = x_;
    const std::size_t order = k == 0 || k + 2 == levels_.size() ? 1 : 2;
    last_order_ = order;
    Tensor<T> towards = x0;
    if (order == 2) {
      // D₁ = (m₋₁ − m₀) / r, of which half counts.
      const double r = (lambda(k - 1) - lambda(k)) / (lambda(k + 1) - lambda(k));
      const Tensor<T>& before = history_[k - 1];
      const double share = 0.5 / r;
      towards = sum<T>({{1.0 - share, &x0}, {share, &before}});
    }
    x_ = stepped(last_x_, towards, k);
  }

 private:
  double lambda(std::size_t k) const { return half_log_snr(levels_.at(k)); }

  Tensor<T> denoised(std::size_t k) const {
    Tensor<T> x0 = x_;
    convert({kind_, Kind::sample}, levels_[k], view_of(x_), view_of(output_), view_of(x0));
    return x0;
  }

  /// From x at step k towards an x₀, to the next level.
  Tensor<T> stepped(const Tensor<T>& x, const Tensor<T>& x0, std::size_t k) const {
    Tensor<T> next = x;
    step(Cfg{}, Update{{Kind::sample, Kind::sample}}, levels_[k], levels_[k + 1], view_of(x), view_of(x0), view_of(x0),
         view_of(next));
    return next;
  }

  /// The step to k again, now that x₀ there is known.
  Tensor<T> corrected(std::size_t k, const Tensor<T>& x0) const {
    const Tensor<T>& m0 = history_[k - 1];
    const double h = lambda(k) - lambda(k - 1), hh = -h, b = std::expm1(hh);
    double rho_before = 0.0, rho = 0.5, r = 1.0;
    if (last_order_ == 2) {
      // Of [1 1; r 1] ρ = b: the weights of D₁ and of the new difference.
      r = (lambda(k - 2) - lambda(k - 1)) / h;
      const double phi1 = b / hh - 1.0, phi2 = phi1 / hh - 0.5, b1 = phi1 / b, b2 = 2.0 * phi2 / b;
      rho_before = (b1 - b2) / (1.0 - r);
      rho = b1 - rho_before;
    }
    // x₀ is m₀ + ρ₋₁ D₁ + ρ (m − m₀), towards which the step is Euler's.
    Tensor<T> towards = sum<T>({{1.0 - rho - rho_before / r, &m0}, {rho, &x0}});
    if (rho_before != 0.0) towards = sum<T>({{1.0, &towards}, {rho_before / r, &history_[k - 2]}});
    return stepped(last_x_, towards, k - 1);
  }

  Kind kind_;
  std::vector<Level> levels_;
  Tensor<T> x_, outputs_, output_, last_x_;
  std::vector<Tensor<T>> history_;  ///< x₀ of every step so far
  std::size_t last_order_ = 1;
};

Kind kind_of(const std::string& prediction_type) {
  if (prediction_type == "epsilon") return Kind::epsilon;
  if (prediction_type == "v_prediction") return Kind::v;
  if (prediction_type == "sample") return Kind::sample;
  if (prediction_type == "flow_prediction") return Kind::flow;
  throw std::runtime_error("has the unknown prediction_type `" + prediction_type + "`");
}

template <class C>
diffusers::Training training_of(const C& c) {
  diffusers::Training training;
  if (c.text("beta_schedule", "linear") == "scaled_linear") training.beta_schedule = diffusers::BetaSchedule::scaled_linear;
  else if (c.text("beta_schedule", "linear") != "linear") throw std::runtime_error("has an unknown beta_schedule");
  training.beta_start = c.number("beta_start", training.beta_start);
  training.beta_end = c.number("beta_end", training.beta_end);
  training.num_train_timesteps = c.count("num_train_timesteps", training.num_train_timesteps);
  return training;
}

template <class Sigmas, class C>
std::vector<double> multistep_sigmas(const C& c) {
  Sigmas sigmas;
  sigmas.training = training_of(c);
  if (c.flag("use_karras_sigmas", false)) sigmas.conversion = diffusers::SigmaConversion::karras;
  sigmas.use_flow_sigmas = c.flag("use_flow_sigmas", false);
  sigmas.flow_shift = c.number("flow_shift", 1.0);
  return sigmas.set_timesteps(c.count("num_inference_steps")).sigmas;
}

template <class LevelOf>
std::vector<Level> levels_of(const std::vector<double>& sigmas, const LevelOf& level_of) {
  std::vector<Level> levels;
  for (const double sigma : sigmas) levels.push_back(level_of(sigma));
  return levels;
}

/// ᾱ where each step of DDIM begins, and where the last ends.
template <class C>
std::vector<double> ddim_alphas(const C& c) {
  const auto table = training_of(c).alphas_cumprod();
  const std::size_t count = c.count("num_inference_steps"), ratio = table.size() / count;
  std::vector<double> visited;
  for (std::size_t i = count; i-- > 0;) visited.push_back(table.at(i * ratio + c.count("steps_offset", 0)));
  const bool to_data = c.flag("set_alpha_to_one", true);
  visited.push_back(to_data ? 1.0 : table.at(0));
  return visited;
}

}  // namespace

void add_trajectories(Table& table) {
  table.add("sampler_trajectory", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    using Advance = std::function<void(Run<T>&, std::size_t)>;
    const std::string scheduler = c.text("scheduler");
    const auto x = c.input("x"), outputs_of_model = c.input("model_outputs");
    const bool flow = c.flag("use_flow_sigmas", false);
    const Kind kind = kind_of(c.text("prediction_type", flow || scheduler == "flow_match_euler" ? "flow_prediction" : "epsilon"));
    const auto of_table = [&](double sigma) { return diffusers::level_of(sigma, flow); };
    const std::size_t order = c.count("solver_order", 2);

    std::vector<double> sigmas;
    std::vector<Level> levels;
    Advance advance = [](Run<T>& run, std::size_t k) { run.first_order(k); };
    Outputs outputs;
    if (scheduler == "ddim") {
      std::vector<double> alphas = ddim_alphas(c);
      levels = levels_of(alphas, variance_preserving);
      alphas.pop_back();
      outputs.add("alphas_cumprod", [&] { return alphas; });
    } else if (scheduler == "euler") {
      diffusers::EulerDiscreteSigmas euler;
      euler.training = training_of(c);
      sigmas = euler.set_timesteps(c.count("num_inference_steps")).sigmas;
      levels = levels_of(sigmas, variance_exploding);
      // x has α = 1 there, and the model's input variance 1.
      if (kind != Kind::epsilon) advance = [](Run<T>& run, std::size_t k) { run.first_order_in_x0(k); };
    } else if (scheduler == "flow_match_euler") {
      diffusers::FlowMatchEulerSigmas euler;
      euler.shift = c.number("shift", 1.0);
      sigmas = euler.set_timesteps(c.count("num_inference_steps")).sigmas;
      levels = levels_of(sigmas, rectified_flow);
    } else if (scheduler == "dpmsolver++_multistep") {
      sigmas = multistep_sigmas<diffusers::DpmSolverMultistepSigmas>(c);
      levels = levels_of(sigmas, of_table);
      if (order > 2) throw std::runtime_error("is of an order that this sampler lacks");
      advance = [order](Run<T>& run, std::size_t k) { run.dpmpp_2m(k, order); };
    } else if (scheduler == "unipc") {
      sigmas = multistep_sigmas<diffusers::UniPcSigmas>(c);
      levels = levels_of(sigmas, of_table);
      if (order != 2) throw std::runtime_error("is of an order that this sampler lacks");
      advance = [](Run<T>& run, std::size_t k) { run.unipc(k); };
    } else {
      throw std::runtime_error("has the unknown scheduler `" + scheduler + "`");
    }
    outputs.add("sigmas", [&] { return sigmas; });
    outputs.add("samples", [&] { return Run<T>(kind, levels, x, outputs_of_model).samples(advance); });
    return outputs;
  });
}

}  // namespace golden
