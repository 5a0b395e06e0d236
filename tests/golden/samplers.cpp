// SPDX-License-Identifier: MIT
// Samplers of ComfyUI, k-diffusion and EDM2 on a pair of analytic denoisers: guidance, and where a
// step is one combination of predictions and x, that step too, are the
// library's; what a sampler remembers between its steps is kept here.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/noise/karras.hpp>
#include <eigenguide/noise/linear_multistep.hpp>
#include <eigenguide/noise/sigmas.hpp>

#include <cmath>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace golden {
namespace {

using namespace eigenguide;

/// What a run begins with.
template <class T>
struct Setup {
  std::string sampler;
  double guidance_scale = 1.0;
  bool flow = false;
  double eta = 1.0, s_noise = 1.0, var_cond = 1.0, var_uncond = 1.0;
  Tensor<T> mean_cond{}, mean_uncond{}, x{}, noise{};
  std::vector<double> sigmas{};
};

template <class T>
std::vector<double> in_double(const Tensor<T>& tensor) {
  return {tensor.values.begin(), tensor.values.end()};
}

/// One run, and the state of the sampler.
template <class T>
class Run {
 public:
  explicit Run(const Setup<T>& c)
      : sampler_(c.sampler), cfg_{c.guidance_scale}, flow_(c.flow), eta_(c.eta), s_noise_(c.s_noise),
        var_cond_(c.var_cond), var_uncond_(c.var_uncond), mean_cond_(c.mean_cond), mean_uncond_(c.mean_uncond),
        x_(c.x), noise_(c.noise), sigmas_(c.sigmas) {}

  /// Every x at which a step began, and the last.
  Outputs outputs() {
    std::vector<T> before;
    for (step_ = 0; step_ + 1 < sigmas_.size(); ++step_) {
      before.insert(before.end(), x_.values.begin(), x_.values.end());
      sigma_ = sigmas_[step_];
      next_ = sigmas_[step_ + 1];
      predict(x_, sigma_);
      x_ = advanced();
    }
    Outputs outputs;
    outputs.add("x_before_step", [&] { return before; });
    outputs.add("out", [&] { return x_.values; });
    return outputs;
  }

 private:
  bool is(const char* name) const { return sampler_ == name; }

  /// Of Comfy's x, which is x₀ + σ ε, or (1 − σ) x₀ + σ ε for a flow.
  Level level(double sigma) const { return flow_ ? rectified_flow(sigma) : variance_exploding(sigma); }

  /// E[x₀ | x] where the data is N(mean, variance).
  Tensor<T> denoised(const Tensor<T>& x, double sigma, const Tensor<T>& mean, double variance) const {
    const double alpha = level(sigma).alpha, gain = variance * alpha / (alpha * alpha * variance + sigma * sigma);
    return sum<T>({{1.0 - gain * alpha, &mean}, {gain, &x}});
  }

  void predict(const Tensor<T>& x, double sigma) {
    cond_ = denoised(x, sigma, mean_cond_, var_cond_);
    uncond_ = denoised(x, sigma, mean_uncond_, var_uncond_);
    guided_ = cond_;
    guide(cfg_, view_of(cond_), view_of(uncond_), view_of(guided_));
  }

  /// x at another level, by the library's step.
  Tensor<T> stepped(const Cfg& cfg, const Level& from, const Level& to, Renoise renoise) const {
    Tensor<T> out = x_;
    step(cfg, Update{{Kind::sample, Kind::sample}, renoise}, from, to, view_of(x_), view_of(cond_),
         view_of(uncond_), view_of(out));
    return out;
  }
  Tensor<T> stepped(Renoise renoise) const { return stepped(cfg_, level(sigma_), level(next_), renoise); }

  /// x′ = g + σ′ (x − u) / σ: as if α were 1, for a flow too.
  Tensor<T> stepped_as_exploding(Renoise renoise) const {
    return stepped(cfg_, variance_exploding(sigma_), variance_exploding(next_), renoise);
  }

  Tensor<T> advanced() {
    if (is("euler")) return stepped(Renoise::guided);
    if (is("euler_cfg_pp")) return stepped(Renoise::uncond);
    // Euler's step towards 2 g − u = u + 2 s (c − u).
    if (is("euler_cfg_pp_alternative")) return stepped(Cfg{2.0 * cfg_.scale}, level(sigma_), level(next_), Renoise::guided);
    if (is("euler_ancestral_cfg_pp")) return euler_ancestral_cfg_pp();
    if (is("heun")) return heun();
    if (is("lms")) return lms();
    if (is("dpmpp_2m")) return dpmpp_2m();
    if (is("dpmpp_2m_cfg_pp")) return dpmpp_2m_cfg_pp();
    if (is("res_multistep")) return res_multistep(false);
    if (is("res_multistep_cfg_pp")) return res_multistep(true);
    if (is("gradient_estimation")) return gradient_estimation(false);
    if (is("gradient_estimation_cfg_pp")) return gradient_estimation(true);
    throw std::runtime_error("has the unknown sampler `" + sampler_ + "`");
  }

  /// DDIM with η, in units of the data: σ / α; the noise that is taken along is
  /// that of u.
  Tensor<T> euler_ancestral_cfg_pp() {
    const Level to = level(next_);
    if (next_ == 0.0) return stepped(Renoise::uncond);
    const double from_ratio = sigma_ / level(sigma_).alpha, to_ratio = next_ / to.alpha;
    const double kept = to_ratio / from_ratio;
    const double fresh = std::fmin(to_ratio, eta_ * to_ratio * std::sqrt(1.0 - kept * kept));
    const double taken = std::sqrt(to_ratio * to_ratio - fresh * fresh);
    const Tensor<T> x = stepped(cfg_, level(sigma_), {to.alpha, to.alpha * taken}, Renoise::uncond), z = part(noise_, step_);
    return sum<T>({{1.0, &x}, {to.alpha * s_noise_ * fresh, &z}});
  }

  /// Karras et al., arXiv:2206.00364, without churn.
  Tensor<T> heun() {
    const Tensor<T> euler = stepped(Renoise::guided);
    if (next_ == 0.0) return euler;
    const Tensor<T> here = slope(x_, guided_, sigma_);
    predict(euler, next_);
    const Tensor<T> there = slope(euler, guided_, next_);
    const double half = 0.5 * (next_ - sigma_);
    return sum<T>({{1.0, &x_}, {half, &here}, {half, &there}});
  }

  /// Adams and Bashforth's, of order 4 at most.
  Tensor<T> lms() {
    slopes_.push_back(slope(x_, guided_, sigma_));
    const std::size_t order = step_ < 3 ? step_ + 1 : 4;
    Tensor<T> out = x_;
    for (std::size_t j = 0; j < order; ++j)
      out = sum<T>({{1.0, &out}, {linear_multistep_weight(sigmas_, order, step_, j), &slopes_[step_ - j]}});
    return out;
  }

  /// DPM-Solver++(2M), Lu et al., arXiv:2211.01095, in λ = −ln σ.
  Tensor<T> dpmpp_2m() {
    const double shrink = next_ / sigma_;
    const Tensor<T> mixed = step_ > 0 && next_ > 0.0
                                ? sum<T>({{1.0 + bend(), &guided_}, {-bend(), &last_}})
                                : guided_;
    last_ = guided_;
    return sum<T>({{shrink, &x_}, {1.0 - shrink, &mixed}});
  }

  /// The same with the noise of u, x′ = g + σ′ (x − u) / σ + (1 − σ′ / σ) (g − u₋₁) / 2r.
  Tensor<T> dpmpp_2m_cfg_pp() {
    const Tensor<T> line = stepped_as_exploding(Renoise::uncond);
    const double curved = step_ > 0 && next_ > 0.0 ? (1.0 - next_ / sigma_) * bend() : 0.0;
    const Tensor<T>& last = step_ > 0 ? last_ : uncond_;
    const Tensor<T> out = sum<T>({{1.0, &line}, {curved, &guided_}, {-curved, &last}});
    last_ = uncond_;
    return out;
  }

  /// 1 / 2r of DPM-Solver++(2M): half this step in λ by the last.
  double bend() const { return 0.5 * std::log(sigma_ / next_) / std::log(sigmas_[step_ - 1] / sigma_); }

  /// RES, Zhang et al., arXiv:2308.02157, of order 2.
  Tensor<T> res_multistep(bool cfg_pp) {
    const Tensor<T>& from = cfg_pp ? uncond_ : guided_;
    Tensor<T> out;
    if (step_ == 0 || next_ == 0.0) {
      out = stepped_as_exploding(cfg_pp ? Renoise::uncond : Renoise::guided);
    } else {
      const double h = std::log(sigma_ / next_), c2 = -std::log(sigmas_[step_ - 1] / sigma_) / h;
      const double phi1 = std::expm1(-h) / -h, phi2 = (phi1 - 1.0) / -h, shrink = std::exp(-h);
      const double b2 = h * phi2 / c2, b1 = h * phi1 - b2, shift = cfg_pp ? shrink : 0.0;
      out = sum<T>({{shrink, &x_}, {shift, &guided_}, {-shift, &uncond_}, {b1, &from}, {b2, &last_}});
    }
    last_ = from;
    return out;
  }

  /// Permenter, Yuan, arXiv:2306.04848, with γ = 2.
  Tensor<T> gradient_estimation(bool cfg_pp) {
    const Tensor<T> slope_here = slope(x_, cfg_pp ? uncond_ : guided_, sigma_);
    Tensor<T> out = stepped_as_exploding(cfg_pp ? Renoise::uncond : Renoise::guided);
    if (step_ > 0 && next_ > 0.0) {
      const double dt = next_ - sigma_;
      out = sum<T>({{1.0, &out}, {dt, &slope_here}, {-dt, &last_}});
    }
    last_ = slope_here;
    return out;
  }

  /// (x − x₀) / σ
  static Tensor<T> slope(const Tensor<T>& x, const Tensor<T>& x0, double sigma) {
    return sum<T>({{1.0 / sigma, &x}, {-1.0 / sigma, &x0}});
  }

  std::string sampler_;
  Cfg cfg_;
  bool flow_;
  double eta_, s_noise_, var_cond_, var_uncond_;
  Tensor<T> mean_cond_, mean_uncond_, x_, noise_;
  std::vector<double> sigmas_;

  std::size_t step_ = 0;
  double sigma_ = 0.0, next_ = 0.0;
  Tensor<T> cond_, uncond_, guided_, last_;  ///< last_: what the sampler keeps of the step before
  std::vector<Tensor<T>> slopes_;            ///< of every step so far
};

}  // namespace

void add_samplers(Table& table) {
  table.add("comfy_sampler", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    Setup<T> setup{c.text("sampler"), c.number("guidance_scale"), c.text("model_sampling") == "flow"};
    if (!setup.flow && c.text("model_sampling") != "eps") throw std::runtime_error("has an unknown model_sampling");
    setup.eta = c.number("eta", 1.0), setup.s_noise = c.number("s_noise", 1.0);
    setup.var_cond = c.number("var_cond"), setup.var_uncond = c.number("var_uncond");
    setup.mean_cond = c.input("mean_cond"), setup.mean_uncond = c.input("mean_uncond");
    setup.x = c.input("x"), setup.sigmas = in_double(c.input("sigmas"));
    if (setup.sampler == "euler_ancestral_cfg_pp") setup.noise = c.input("noise");
    return Run<T>(setup).outputs();
  });

  table.add("kdiffusion_sampler", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    Setup<T> setup{c.text("sampler")};
    setup.var_cond = setup.var_uncond = c.number("var");
    setup.mean_cond = setup.mean_uncond = c.input("mean");
    setup.x = c.input("x"), setup.sigmas = in_double(c.input("sigmas"));
    return Run<T>(setup).outputs();
  });

  // A worse network in the place of the unconditional one.
  table.add("edm_heun_autoguidance_sampler", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    Setup<T> setup{"heun", c.number("guidance_scale")};
    setup.var_cond = c.number("var_cond"), setup.var_uncond = c.number("var_guide");
    setup.mean_cond = c.input("mean_cond"), setup.mean_uncond = c.input("mean_guide");
    const Karras karras{c.number("sigma_min"), c.number("sigma_max"), c.number("rho", 7.0)};
    setup.sigmas = sigmas(karras, c.count("num_steps"));
    const Tensor<T> noise = c.input("x");
    setup.x = sum<T>({{karras.sigma_max, &noise}});
    return Run<T>(setup).outputs();
  });
}

}  // namespace golden
