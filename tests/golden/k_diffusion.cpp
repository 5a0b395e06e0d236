// SPDX-License-Identifier: MIT
// k-diffusion's noise levels, and the numbers of its steps.

#include "table.hpp"

#include <eigenguide/noise/ancestral_step.hpp>
#include <eigenguide/noise/exponential.hpp>
#include <eigenguide/noise/karras.hpp>
#include <eigenguide/noise/linear_multistep.hpp>
#include <eigenguide/noise/polyexponential.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/noise/variance_preserving_sigmas.hpp>
#include <eigenguide/presets/k_diffusion_schedule.hpp>

#include <stdexcept>
#include <string>

namespace golden {
namespace {

using namespace eigenguide;

template <class Case>
std::vector<double> doubles(const Case& c, const std::string& name) {
  const auto values = c.input(name).values;
  return {values.begin(), values.end()};
}

/// `function` of every value.
template <class Function>
std::vector<double> map(const std::vector<double>& inputs, const Function& function) {
  std::vector<double> results;
  for (const double input : inputs) results.push_back(function(input));
  return results;
}

template <class Case>
std::vector<double> get_sigmas(const Case& c) {
  const std::string name = c.text("schedule");
  const std::size_t steps = c.count("steps");
  if (name == "vp")
    return sigmas(
        VariancePreservingSigmas{c.number("beta_d", 19.9), c.number("beta_min", 0.1), c.number("eps_s", 1e-3)}, steps);
  const double min = c.number("sigma_min"), max = c.number("sigma_max");
  if (name == "karras") return sigmas(Karras{min, max, c.number("rho", 7.0)}, steps);
  if (name == "exponential") return sigmas(Exponential{min, max}, steps);
  if (name == "polyexponential") return sigmas(Polyexponential{min, max, c.number("rho", 1.0)}, steps);
  throw std::runtime_error("names the unknown schedule `" + name + "`");
}

}  // namespace

void add_k_diffusion(Table& table) {
  table.add("get_sigmas", [](const auto& c) {
    Outputs outputs;
    outputs.add("sigmas", [&] { return get_sigmas(c); });
    return outputs;
  });

  table.add("discrete_schedule", [](const auto& c) {
    const auto schedule = k_diffusion::DiscreteSchedule::of(doubles(c, "alphas_cumprod"));
    Outputs outputs;
    outputs.add("sigmas_n", [&] { return sigmas(schedule, c.count("n")); });
    outputs.add("t_of_sigma", [&] {
      return map(doubles(c, "sigma"), [&](double sigma) { return schedule.timestep(sigma); });
    });
    outputs.add("t_of_sigma_quantized", [&] {
      return map(doubles(c, "sigma"), [&](double sigma) { return schedule.timestep(sigma, true); });
    });
    outputs.add("sigma_of_t",
                [&] { return map(doubles(c, "t"), [&](double t) { return schedule.table.sigma(t); }); });
    return outputs;
  });

  table.add("ancestral_step", [](const auto& c) {
    const auto from = doubles(c, "sigma_from"), to = doubles(c, "sigma_to");
    const auto steps = [&](double AncestralStep::*part) {
      std::vector<double> parts;
      for (std::size_t k = 0; k < from.size(); ++k)
        parts.push_back(eigenguide::ancestral_step(from[k], to[k], c.number("eta")).*part);
      return parts;
    };
    Outputs outputs;
    outputs.add("sigma_down", [&] { return steps(&AncestralStep::sigma_down); });
    outputs.add("sigma_up", [&] { return steps(&AncestralStep::sigma_up); });
    return outputs;
  });

  table.add("lms_coefficients", [](const auto& c) {
    const auto levels = doubles(c, "sigmas");
    Outputs outputs;
    outputs.add("coeffs", [&] {
      std::vector<double> weights;  // a row an (order, step), 0 beyond the order
      const std::size_t rows[][2] = {{1, 0}, {2, 1}, {3, 2}, {4, 3}, {4, 4}};
      for (const auto& [order, i] : rows)
        for (std::size_t j = 0; j < 4; ++j)
          weights.push_back(j < order ? linear_multistep_weight(levels, order, i, j) : 0.0);
      return weights;
    });
    return outputs;
  });
}

}  // namespace golden
