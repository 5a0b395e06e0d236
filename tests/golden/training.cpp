// SPDX-License-Identifier: MIT
// Training: loss weights, times, condition dropout, and losses.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/training/condition_dropout.hpp>
#include <eigenguide/training/edm_loss.hpp>
#include <eigenguide/training/flow_matching.hpp>
#include <eigenguide/training/loss_weight.hpp>
#include <eigenguide/training/mean_squared_error.hpp>
#include <eigenguide/training/timestep_density.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace golden {
namespace {

using namespace eigenguide;

/// `value` of each number of a tensor.
template <class T, class Value>
auto each(const Tensor<T>& tensor, const Value& value) {
  std::vector<decltype(value(0.0))> all;
  for (const T number : tensor.values) all.push_back(value(static_cast<double>(number)));
  return all;
}

template <class T>
std::vector<double> doubles(const Tensor<T>& tensor) {
  return {tensor.values.begin(), tensor.values.end()};
}

/// The toy network of VoiceFlow's cases, v(x, t) = (a₀ + a₁ t) x + t μ + b, with one a₀, a₁ and b for all samples.
template <class C, class T>
Tensor<T> velocity(const C& c, const Tensor<T>& x, const std::vector<double>& t) {
  const auto mu = c.input("mu"), a0 = c.input("a0"), a1 = c.input("a1"), b = c.input("b");
  Tensor<T> v = x;
  const auto to = view_of(v);
  const auto at = [](const Tensor<T>& tensor, std::size_t i) { return tensor.values[i % tensor.values.size()]; };
  for (std::size_t i = 0; i < to.samples(); ++i)
    for (std::size_t n = 0; n < to.size(); ++n) {
      const std::size_t k = i * to.size() + n;
      const T time = static_cast<T>(t[i]);
      to.sample(i)[n] = (at(a0, k) + at(a1, k) * time) * x.values[k] + time * at(mu, k) + at(b, k);
    }
  return v;
}

}  // namespace

void add_training(Table& table) {
  table.add("min_snr_weights", [](const auto& c) {
    const auto alphas = c.input("alphas_cumprod");
    const double gamma = c.number("snr_gamma");
    const auto at = [&](const auto& weight) {
      return each(c.input("timesteps"), [&](double timestep) {
        return weight(variance_preserving(static_cast<double>(alphas.values.at(static_cast<std::size_t>(timestep)))));
      });
    };
    Outputs out;
    out.add("snr", [&] { return at(snr); });
    out.add("min_snr_weight_epsilon", [&] { return at(MinSnr{Kind::epsilon, gamma}); });
    out.add("min_snr_weight_v_prediction", [&] { return at(MinSnr{Kind::v, gamma}); });
    return out;
  });

  table.add("timestep_density_sampling", [](const auto& c) {
    const std::string scheme = c.text("weighting_scheme");
    const LogitNormalTimes logit_normal{c.number("logit_mean", 0.0), c.number("logit_std", 1.0)};
    const ModeTimes mode{c.number("mode_scale", 1.29)};
    Outputs out;
    out.add("u", [&] {
      if (scheme == "logit_normal") return each(c.input("normal"), logit_normal);
      if (scheme == "mode") return each(c.input("uniform"), mode);
      return each(c.input("uniform"), UniformTimes{});
    });
    return out;
  });

  table.add("sd3_loss_weighting", [](const auto& c) {
    const std::string scheme = c.text("weighting_scheme");
    Outputs out;
    out.add("weighting", [&] {
      if (scheme == "sigma_sqrt") return each(c.input("sigmas"), sigma_sqrt_weight);
      if (scheme == "cosmap") return each(c.input("sigmas"), cosmap_weight);
      return each(c.input("sigmas"), [](double) { return 1.0; });
    });
    return out;
  });

  table.add("condition_keep_mask", [](const auto& c) {
    const auto cond = c.input("cond"), null = c.input("null");
    const auto keep = [&] { return keep_mask(ConditionDropout{c.number("cond_drop_prob")}, c.input("uniform").values); };
    Outputs out;
    out.add("keep_mask", keep);
    out.add("tokens", [&] {
      auto tokens = cond;
      where(keep(), view_of(cond), one_sample(null.values.data(), null.values.size()), view_of(tokens));
      return tokens.values;
    });
    return out;
  });

  table.add("flow_matching_loss", [](const auto& c) {
    const std::string kind = c.text("kind");
    if (kind != "fm" && kind != "cfm") throw std::runtime_error("has the unknown kind `" + kind + "`");
    const auto x1 = c.input("x1"), x0 = c.input("x0"), eps = c.input("eps");
    const std::vector<double> t = doubles(c.input("t"));
    const double sigma_min = c.number("sigma_min");
    auto x_t = x1, target = x1;
    const auto compute = [&] {
      std::vector<Level> levels;
      if (kind == "fm") {
        const FlowMatching flow{sigma_min};
        for (const double time : t) levels.push_back(flow.level(time));
        convert(Noising{}, levels, view_of(x1), view_of(eps), view_of(x_t));
        convert(flow, levels, view_of(x1), view_of(eps), view_of(target));
      } else {
        const ConditionalFlowMatching flow{sigma_min};
        for (const double time : t) levels.push_back(flow.level(time));
        noised(flow, levels, view_of(x1), view_of(x0), view_of(eps), view_of(x_t));
        convert(Target{Kind::flow_to_data}, levels, view_of(x1), view_of(x0), view_of(target));
      }
    };
    Outputs out;
    out.add("x_t", [&] {
      compute();
      return x_t.values;
    });
    out.add("loss", [&] {
      compute();
      const auto v = velocity(c, x_t, t);
      return std::vector<double>{mean_squared_error(view_of(v), view_of(target))};
    });
    return out;
  });

  table.add("edm2_loss", [](const auto& c) {
    const auto x = c.input("x"), noise = c.input("noise"), output = c.input("model_output");
    const EdmLoss edm{c.number("P_mean"), c.number("P_std"), c.number("sigma_data")};
    const auto levels = [&] { return each(c.input("rnd_normal"), [&](double normal) { return edm.level(normal); }); };
    Outputs out;
    out.add("sigma", [&] { return each(c.input("rnd_normal"), [&](double normal) { return edm.level(normal).sigma; }); });
    out.add("noisy", [&] {
      auto noisy = x;
      convert(Noising{}, levels(), view_of(x), view_of(noise), view_of(noisy));
      return noisy.values;
    });
    out.add("loss", [&] {
      auto loss = x;
      training_loss(edm, levels(), doubles(c.input("logvar")), view_of(output), view_of(x), view_of(loss));
      return loss.values;
    });
    return out;
  });
}

}  // namespace golden
