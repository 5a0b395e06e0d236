// SPDX-License-Identifier: MIT
// Whole runs with the model's outputs given: the library makes the levels, the
// conversions and every first-order step; what a sampler of higher order adds is
// kept here.

#include "schedulers.hpp"
#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/diffusers_level.hpp>

#include <Eigen/LU>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace golden {
namespace {

using namespace eigenguide;

/// What a multistep sampler is told.
struct Multistep {
  std::size_t order = 2;
  bool lower_order_final = true, euler_at_final = false, to_zero = true;
  std::string solver_type{};
};

/// A run over levels, one more than steps, of a model of one kind.
template <class T>
class Run {
 public:
  Run(const Kind& kind, std::vector<Level> levels, Tensor<T> x, Tensor<T> outputs)
      : kind_(kind), levels_(std::move(levels)), x_(std::move(x)), outputs_(std::move(outputs)) {}

  /// The samples after each step that `advance` takes, number k.
  std::vector<T> samples(const std::function<void(Run&, std::size_t)>& advance) {
    std::vector<T> all;
    for (std::size_t k = 0; k < steps(); ++k) {
      output_ = part(outputs_, k);
      advance(*this, k);
      all.insert(all.end(), x_.values.begin(), x_.values.end());
    }
    return all;
  }

  /// Euler's.
  void first_order(std::size_t k) { first_order(k, levels_.at(k + 1)); }

  /// DDIM's to any level.
  void first_order(std::size_t k, const Level& to) {
    Tensor<T> next = x_;
    step(Cfg{}, Update{{kind_, kind_}}, levels_[k], to, view_of(x_), view_of(output_), view_of(output_), view_of(next));
    x_ = next;
  }

  /// DDIM's with x₀ clipped to [−range, range], and the ε of x₀ before.
  void clipped(std::size_t k, const Level& to, double range) {
    const Tensor<T> x0 = denoised(k);
    Tensor<T> kept = x0, next = x_;
    for (T& value : kept.values) value = std::clamp(value, static_cast<T>(-range), static_cast<T>(range));
    step(Cfg{}, Update{{Kind::sample, Kind::sample}, Renoise::uncond}, levels_[k], to, view_of(x_), view_of(kept),
         view_of(x0), view_of(next));
    x_ = next;
  }

  /// Euler's of a model whose input has variance 1.
  void first_order_in_x0(std::size_t k) {
    Tensor<T> x0 = x_;
    convert(Preconditioning{kind_}, levels_[k], view_of(x_), view_of(output_), view_of(x0));
    x_ = stepped(x_, x0, k);
  }

  /// DPM-Solver++(2M) and (3M), Lu et al., arXiv:2211.01095: Euler's step in λ
  /// towards an x₀ that is continued by its differences.
  ///
  ///   D₁, D₂   the first and the second divided difference of x₀ over λ, times h and h²
  ///   towards  m₀ + φ₁ D₁ + φ₂ D₂,  φ₁ = 1/E − 1/h,  φ₂ = (1/2 + E/h² − 1/h) / E,  E = 1 − exp(−h)
  void dpmpp(std::size_t k, const Multistep& options) {
    history_.push_back(denoised(k));
    const bool is_short = options.lower_order_final && steps() < 15, is_last = k + 1 == steps();
    std::size_t order = (std::min)(options.order, k + 1);
    if (is_last && (options.euler_at_final || options.to_zero || is_short)) order = 1;
    if (k + 2 == steps() && is_short) order = (std::min)(order, std::size_t{2});
    const Tensor<T>& m0 = history_[k];
    Tensor<T> towards = m0;
    if (order > 1) {
      const double h = lambda(k + 1) - lambda(k), gained = -std::expm1(-h), r0 = (lambda(k) - lambda(k - 1)) / h;
      const double linear = 1.0 / gained - 1.0 / h;
      const Tensor<T>& m1 = history_[k - 1];
      if (order == 2) {
        const double share = (options.solver_type == "heun" ? linear : 0.5) / r0;
        towards = sum<T>({{1.0 + share, &m0}, {-share, &m1}});
      } else {
        const double r1 = (lambda(k - 1) - lambda(k - 2)) / h, bend = 0.5 / gained + 1.0 / (h * h) - 1.0 / (h * gained);
        const double first = linear * (1.0 + r0 / (r0 + r1)) + bend / (r0 + r1);
        const double second = linear * r0 / (r0 + r1) + bend / (r0 + r1);
        towards = sum<T>({{1.0 + first / r0, &m0}, {-first / r0 - second / r1, &m1}, {second / r1, &history_[k - 2]}});
      }
    }
    x_ = stepped(x_, towards, k);
  }

  /// UniPC with x₀, Zhao et al., arXiv:2302.04867.
  void unipc(std::size_t k, const Multistep& options) {
    const Tensor<T> x0 = denoised(k);
    if (k > 0) x_ = combined(k - 1, last_order_, &x0, options);
    history_.push_back(x0);
    last_x_ = x_;
    last_order_ = (std::min)(options.order, k + 1);
    if (options.lower_order_final) last_order_ = (std::min)(last_order_, steps() - k);
    x_ = combined(k, last_order_, nullptr, options);
  }

 private:
  std::size_t steps() const { return outputs_.shape.at(0); }
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

  /// UniPC's step from k, with the x₀ of its end if that is known. The weights ρ
  /// of the differences Dᵢ = (mᵢ − m₀) / rᵢ of other steps, rᵢ = (λᵢ − λ_k) / h, and
  /// at r = 1 of the end itself, solve
  ///
  ///   Σ ρᵢ rᵢ^(j−1) = j! ψ_j / B,  ψ₁ = (1 − exp(−h)) / h − 1,  ψ_{j+1} = −ψ_j / h − 1 / (j + 1)!
  ///
  /// with B = exp(−h) − 1, or −h of "bh1"; but that ρ = 1/2 where there is but one.
  Tensor<T> combined(std::size_t k, std::size_t order, const Tensor<T>* end, const Multistep& options) const {
    const Tensor<T>& m0 = history_[k];
    const std::size_t known = order - 1 + (end ? 1 : 0);
    if (known == 0) return stepped(last_x_, m0, k);
    const double h = lambda(k + 1) - lambda(k), whole = std::expm1(-h);
    const double b = options.solver_type == "bh1" ? -h : whole;
    const auto size = static_cast<Eigen::Index>(known);
    Eigen::VectorXd r(size), right(size);
    Eigen::MatrixXd powers(size, size);
    double phi = whole / -h - 1.0, factorial = 1.0;
    for (Eigen::Index j = 0; j < size; ++j) {
      const auto back = static_cast<std::size_t>(j) + 1;
      r[j] = back < order ? (lambda(k - back) - lambda(k)) / h : 1.0;
      right[j] = phi * factorial / b;
      factorial *= static_cast<double>(j + 2);
      phi = phi / -h - 1.0 / factorial;
    }
    for (Eigen::Index j = 0; j < size; ++j) powers.row(j) = r.array().pow(static_cast<double>(j));
    Eigen::VectorXd rho = powers.lu().solve(right);
    if (known == 1) rho[0] = 0.5;
    // −α B Σ ρ D beside Euler's −α whole m₀.
    rho *= b / whole;
    std::vector<std::pair<double, const Tensor<T>*>> terms{{1.0 - (rho.array() / r.array()).sum(), &m0}};
    for (Eigen::Index j = 0; j < size; ++j) {
      const auto back = static_cast<std::size_t>(j) + 1;
      terms.emplace_back(rho[j] / r[j], back < order ? &history_[k - back] : end);
    }
    return stepped(last_x_, sum<T>(terms), k);
  }

  Kind kind_;
  std::vector<Level> levels_;
  Tensor<T> x_, outputs_, output_, last_x_;
  std::vector<Tensor<T>> history_;  ///< x₀ of every step so far
  std::size_t last_order_ = 1;
};

/// DDIM's timesteps, and ᾱ where each step begins and where it ends.
struct DdimSteps {
  std::vector<double> from, to;
};
template <class C>
DdimSteps ddim_steps(const C& c) {
  const auto table = training(c).alphas_cumprod();
  const std::size_t count = c.count("num_inference_steps"), offset = c.count("steps_offset", 0);
  const double final_alpha = c.flag("set_alpha_to_one", true) ? 1.0 : table.at(0);
  DdimSteps steps;
  std::vector<double> timesteps = diffusers::euler_timesteps(spacing(c, "leading"), table.size(), offset, count);
  for (double& t : timesteps) t = std::nearbyint(t);
  for (const double t : timesteps) {
    const double next = t - static_cast<double>(table.size() / count);
    steps.from.push_back(table.at(static_cast<std::size_t>(t)));
    steps.to.push_back(next >= 0.0 ? table.at(static_cast<std::size_t>(next)) : final_alpha);
  }
  return steps;
}

template <class LevelOf>
std::vector<Level> levels_of(const std::vector<double>& sigmas, const LevelOf& level_of) {
  std::vector<Level> levels;
  for (const double sigma : sigmas) levels.push_back(level_of(sigma));
  return levels;
}

template <class C>
Multistep multistep_options(const C& c, const std::string& solver_type) {
  Multistep options;
  options.order = c.count("solver_order", 2);
  if (options.order < 1 || options.order > 3) throw std::runtime_error("is of an order that this sampler lacks");
  options.lower_order_final = c.flag("lower_order_final", true);
  options.to_zero = c.text("final_sigmas_type", "zero") == "zero";
  options.solver_type = c.text("solver_type", solver_type);
  return options;
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

    std::vector<double> sigmas;
    std::vector<Level> levels;
    Advance advance = [](Run<T>& run, std::size_t k) { run.first_order(k); };
    Outputs outputs;
    if (scheduler == "ddim") {
      const DdimSteps steps = ddim_steps(c);
      levels = levels_of(steps.from, variance_preserving);
      const auto ends = levels_of(steps.to, variance_preserving);
      const bool clips = c.flag("clip_sample", true);
      const double range = c.number("clip_sample_range", 1.0);
      advance = [=](Run<T>& run, std::size_t k) {
        if (clips) run.clipped(k, ends[k], range);
        else run.first_order(k, ends[k]);
      };
      outputs.add("alphas_cumprod", [&] { return steps.from; });
    } else if (scheduler == "euler") {
      sigmas = euler_discrete(c).set_timesteps(c.count("num_inference_steps")).sigmas;
      levels = levels_of(sigmas, variance_exploding);
      // x has α = 1 there, and the model's input variance 1.
      if (kind != Kind::epsilon) advance = [](Run<T>& run, std::size_t k) { run.first_order_in_x0(k); };
    } else if (scheduler == "flow_match_euler") {
      sigmas = flow_match_euler_steps(c).sigmas;
      levels = levels_of(sigmas, rectified_flow);
    } else if (scheduler == "dpmsolver++_multistep") {
      sigmas = multistep<diffusers::DpmSolverMultistepSigmas>(c).set_timesteps(c.count("num_inference_steps")).sigmas;
      levels = levels_of(sigmas, of_table);
      Multistep options = multistep_options(c, "midpoint");
      options.euler_at_final = c.flag("euler_at_final", false);
      advance = [options](Run<T>& run, std::size_t k) { run.dpmpp(k, options); };
    } else if (scheduler == "unipc") {
      sigmas = multistep<diffusers::UniPcSigmas>(c).set_timesteps(c.count("num_inference_steps")).sigmas;
      levels = levels_of(sigmas, of_table);
      const Multistep options = multistep_options(c, "bh2");
      advance = [options](Run<T>& run, std::size_t k) { run.unipc(k, options); };
    } else {
      throw std::runtime_error("has the unknown scheduler `" + scheduler + "`");
    }
    outputs.add("sigmas", [&] { return sigmas; });
    outputs.add("samples", [&] { return Run<T>(kind, levels, x, outputs_of_model).samples(advance); });
    return outputs;
  });
}

}  // namespace golden
