// SPDX-License-Identifier: MIT
// Training tables, and the levels and timesteps of runs.

#include "schedulers.hpp"
#include "table.hpp"

#include <eigenguide/noise/linear_quadratic.hpp>
#include <eigenguide/noise/resolution_shift.hpp>
#include <eigenguide/presets/diffusers_sigmas_edm_euler.hpp>
#include <eigenguide/presets/guided_diffusion.hpp>

#include <cmath>
#include <stdexcept>
#include <string>

namespace golden {
namespace {

using namespace eigenguide;

/// The outputs of a scheduler's steps.
template <class Compute>
Outputs outputs_of(const Compute& compute) {
  Outputs outputs;
  outputs.add("sigmas", [&] { return compute().sigmas; });
  outputs.add("timesteps", [&] { return compute().timesteps; });
  return outputs;
}

/// Those of one whose count is given.
template <class Sigmas, class C>
Outputs steps_of(const Sigmas& sigmas, const C& c) {
  return outputs_of([&] { return sigmas.set_timesteps(c.count("num_inference_steps")); });
}

/// The entries of a table at the indices of a case.
template <class C>
std::vector<double> at_indices(const C& c, const std::vector<double>& table) {
  std::vector<double> picked;
  for (const auto index : c.input("indices").values) picked.push_back(table.at(static_cast<std::size_t>(index)));
  return picked;
}

}  // namespace

void add_diffusers_sigmas(Table& table) {
  table.add("alphas_cumprod", [](const auto& c) {
    const diffusers::Training tables = training(c);
    Outputs outputs;
    outputs.add("betas", [&] { return at_indices(c, tables.betas()); });
    outputs.add("alphas_cumprod", [&] { return at_indices(c, tables.alphas_cumprod()); });
    return outputs;
  });

  table.add("betas_for_alpha_bar", [](const auto& c) {
    const std::string name = c.text("alpha_transform_type", "cosine");
    const std::size_t count = c.count("num_train_timesteps");
    const double max_beta = c.number("max_beta", 0.999);
    Outputs outputs;
    outputs.add("betas", [&] {
      if (name == "cosine") return values(BetasOf{CosineAlphaBar{}, max_beta}, count);
      if (name == "exp") return values(BetasOf{ExponentialAlphaBar{}, max_beta}, count);
      if (name == "laplace") return values(BetasOf{diffusers::LaplaceAlphaBar{}, max_beta}, count);
      throw std::runtime_error("has the unknown alpha_transform_type `" + name + "`");
    });
    return outputs;
  });

  table.add("rescale_zero_terminal_snr", [](const auto& c) {
    Outputs outputs;
    outputs.add("betas", [&] {
      const auto betas = c.input("betas").values;
      return betas_of_alphas_cumprod(rescale_zero_terminal_snr(alphas_cumprod({betas.begin(), betas.end()})));
    });
    return outputs;
  });

  table.add("sigmas_euler_discrete", [](const auto& c) { return steps_of(euler_discrete(c), c); });
  table.add("sigmas_dpmsolver_multistep",
            [](const auto& c) { return steps_of(multistep<diffusers::DpmSolverMultistepSigmas>(c), c); }, {"prediction_type"});
  table.add("sigmas_unipc", [](const auto& c) { return steps_of(multistep<diffusers::UniPcSigmas>(c), c); },
            {"prediction_type"});
  table.add("sigmas_flow_match_euler", [](const auto& c) {
    return outputs_of([&] { return flow_match_euler_steps(c); });
  });

  table.add("sigmas_edm_euler", [](const auto& c) {
    using diffusers::SigmaSchedule;
    diffusers::EdmEulerSigmas sigmas;
    sigmas.sigma_min = c.number("sigma_min", sigmas.sigma_min);
    sigmas.sigma_max = c.number("sigma_max", sigmas.sigma_max);
    sigmas.rho = c.number("rho", sigmas.rho);
    sigmas.sigma_schedule =
        named<SigmaSchedule>(c.text("sigma_schedule", "karras"),
                             {{"karras", SigmaSchedule::karras}, {"exponential", SigmaSchedule::exponential}});
    sigmas.final_sigmas_type = final_sigmas_type(c);
    return outputs_of([&] { return sigmas.set_timesteps(c.count("num_inference_steps")); });
  });

  table.add("flux_calculate_shift", [](const auto& c) {
    LinearResolutionShift shift;
    shift.base_tokens = c.number("base_seq_len", shift.base_tokens);
    shift.max_tokens = c.number("max_seq_len", shift.max_tokens);
    shift.base_shift = c.number("base_shift", shift.base_shift);
    shift.max_shift = c.number("max_shift", shift.max_shift);
    Outputs outputs;
    outputs.add("mu", [&] { return std::vector<double>{shift(c.number("image_seq_len"))}; });
    return outputs;
  });

  table.add("flux2_empirical_mu", [](const auto& c) {
    Outputs outputs;
    outputs.add("mu", [&] {
      return std::vector<double>{flux2_resolution_shift(c.number("image_seq_len"), c.count("num_steps"))};
    });
    return outputs;
  });

  table.add("linear_quadratic_sigmas_mochi", [](const auto& c) {
    LinearQuadratic schedule;
    schedule.threshold_noise = c.number("threshold_noise", schedule.threshold_noise);
    schedule.linear_steps = c.optional_count("linear_steps");
    Outputs outputs;
    outputs.add("sigmas", [&] { return values(schedule, c.count("num_steps")); });
    return outputs;
  });

  table.add("gaussian_diffusion_tables", [](const auto& c) {
    const std::size_t count = c.count("num_timesteps");
    const std::string name = c.text("beta_schedule");
    if (name != "linear" && name != "cosine") throw std::runtime_error("has the unknown beta_schedule `" + name + "`");
    const auto betas = [&] {
      return name == "linear" ? values(guided_diffusion::linear_betas(count), count)
                              : values(BetasOf<CosineAlphaBar>{}, count);
    };
    const auto of_posterior = [&](double Posterior::*member) {
      std::vector<double> all;
      for (const Posterior& step : guided_diffusion::posteriors(betas())) all.push_back(step.*member);
      return all;
    };
    const auto of_alpha_bar = [&](const auto& function) {
      std::vector<double> all = alphas_cumprod(betas());
      for (double& each : all) each = function(each);
      return all;
    };
    Outputs outputs;
    outputs.add("betas", betas);
    outputs.add("alphas_cumprod", [&] { return alphas_cumprod(betas()); });
    outputs.add("posterior_variance", [&] { return of_posterior(&Posterior::variance); });
    outputs.add("posterior_mean_coef1", [&] { return of_posterior(&Posterior::mean_x0); });
    outputs.add("posterior_mean_coef2", [&] { return of_posterior(&Posterior::mean_x); });
    outputs.add("posterior_log_variance_clipped",
                [&] { return guided_diffusion::posterior_log_variance_clipped(betas()); });
    outputs.add("sqrt_recip_alphas_cumprod",
                [&] { return of_alpha_bar([](double alpha_bar) { return std::sqrt(1.0 / alpha_bar); }); });
    outputs.add("sqrt_recipm1_alphas_cumprod",
                [&] { return of_alpha_bar([](double alpha_bar) { return std::sqrt(1.0 / alpha_bar - 1.0); }); });
    return outputs;
  });
}

}  // namespace golden
