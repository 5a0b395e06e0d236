// SPDX-License-Identifier: MIT
// ComfyUI's noise levels: of its models, its schedulers and its nodes.

#include "table.hpp"

#include <eigenguide/noise/polyexponential.hpp>
#include <eigenguide/noise/variance_preserving_sigmas.hpp>
#include <eigenguide/presets/comfyui_half_log_snr.hpp>
#include <eigenguide/presets/comfyui_model_sampling.hpp>
#include <eigenguide/presets/comfyui_schedulers.hpp>
#include <eigenguide/presets/comfyui_sigma_nodes.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

namespace golden {
namespace {

using namespace eigenguide;

template <class Value>
Value named(const std::map<std::string, Value>& values, const std::string& name) {
  const auto found = values.find(name);
  if (found == values.end()) throw std::runtime_error("names the unknown `" + name + "`");
  return found->second;
}

/// `function` of every value of the input of that name.
template <class Case, class Function>
std::vector<double> map_input(const Case& c, const std::string& name, const Function& function) {
  std::vector<double> results;
  for (const auto value : c.input(name).values) results.push_back(function(static_cast<double>(value)));
  return results;
}

template <class Case>
comfyui::ModelSamplingDiscrete discrete_of(const Case& c) {
  using comfyui::BetaSchedule;
  static const std::map<std::string, BetaSchedule> schedules{{"linear", BetaSchedule::linear},
                                                             {"sqrt_linear", BetaSchedule::sqrt_linear},
                                                             {"cosine", BetaSchedule::cosine},
                                                             {"squaredcos_cap_v2", BetaSchedule::cosine},
                                                             {"sqrt", BetaSchedule::sqrt}};
  return comfyui::ModelSamplingDiscrete(named(schedules, c.text("beta_schedule", "linear")),
                                        c.number("linear_start", 0.00085), c.number("linear_end", 0.012),
                                        c.flag("zsnr", false), c.count("timesteps", 1000));
}

/// `use` of the model sampling that the case names.
template <class Case, class Use>
auto with_model(const Case& c, const Use& use) {
  const std::string name = c.text("model_sampling", "sd15");
  if (name == "sd15" || name == "discrete") return use(discrete_of(c));
  if (name == "flow" || name == "discrete_flow")
    return use(comfyui::ModelSamplingDiscreteFlow{c.number("shift", 1.0), c.number("multiplier", 1000.0)});
  if (name == "flux") return use(comfyui::ModelSamplingFlux{c.number("shift", 1.15)});
  if (name == "cascade") return use(comfyui::ModelSamplingStableCascade{c.number("shift", 1.0)});
  if (name == "continuous_edm")
    return use(comfyui::ModelSamplingContinuousEdm{c.number("sigma_min", 0.002), c.number("sigma_max", 120.0)});
  if (name == "continuous_v")
    return use(comfyui::ModelSamplingContinuousV{c.number("sigma_min", 0.002), c.number("sigma_max", 120.0)});
  if (name == "cosmos_rflow")
    return use(comfyui::ModelSamplingCosmosRflow{c.number("sigma_min", 0.002), c.number("sigma_max", 80.0)});
  throw std::runtime_error("names the unknown model sampling `" + name + "`");
}

/// The outputs that every model sampling has; `levels` is the table's name.
template <class Case, class Model>
Outputs model_outputs(const Case& c, const Model& model, const std::string& levels) {
  Outputs outputs;
  outputs.add(levels, [&] {
    return map_input(c, "indices", [&](double index) { return model[static_cast<std::size_t>(index)]; });
  });
  outputs.add("sigma_of_t", [&] { return map_input(c, "t", [&](double t) { return model.sigma(t); }); });
  outputs.add("t_of_sigma", [&] { return map_input(c, "sigma", [&](double sigma) { return model.timestep(sigma); }); });
  outputs.add("percent_to_sigma", [&] {
    return map_input(c, "percent", [&](double percent) { return model.percent_to_sigma(percent); });
  });
  return outputs;
}

comfyui::Scheduler scheduler_of(const std::string& name) {
  using comfyui::Scheduler;
  static const std::map<std::string, Scheduler> schedulers{
      {"simple", Scheduler::simple},         {"sgm_uniform", Scheduler::sgm_uniform},
      {"karras", Scheduler::karras},         {"exponential", Scheduler::exponential},
      {"ddim_uniform", Scheduler::ddim_uniform}, {"beta", Scheduler::beta},
      {"normal", Scheduler::normal},         {"linear_quadratic", Scheduler::linear_quadratic},
      {"kl_optimal", Scheduler::kl_optimal}};
  return named(schedulers, name);
}

template <class Case>
std::vector<double> explicit_sigmas(const Case& c) {
  const std::string name = c.text("schedule");
  const std::size_t steps = c.count("steps");
  if (name == "vp")
    return sigmas(
        VariancePreservingSigmas{c.number("beta_d", 19.9), c.number("beta_min", 0.1), c.number("eps_s", 1e-3)}, steps);
  const double min = c.number("sigma_min"), max = c.number("sigma_max");
  if (name == "laplace")
    return values(comfyui::LaplaceScheduler{min, max, c.number("mu", 0.0), c.number("beta", 0.5)}, steps);
  if (name == "kl_optimal") return sigmas(KlOptimal{min, max, 1.0}, steps);
  if (name == "polyexponential") return sigmas(Polyexponential{min, max, c.number("rho", 1.0)}, steps);
  if (name == "exponential") return sigmas(Exponential{min, max}, steps);
  if (name == "karras") return sigmas(Karras{min, max, c.number("rho", 7.0)}, steps);
  throw std::runtime_error("names the unknown schedule `" + name + "`");
}

template <class Compute>
Outputs only_sigmas(const Compute& compute) {
  Outputs outputs;
  outputs.add("sigmas", compute);
  return outputs;
}

void add_models(Table& table) {
  table.add("model_sampling_discrete",
            [](const auto& c) { return model_outputs(c, discrete_of(c), "sigmas"); });
  table.add("model_sampling_continuous", [](const auto& c) {
    return with_model(c, [&](const auto& model) { return model_outputs(c, model, "table"); });
  }, {"sigma_data"});
  table.add("model_sampling_flux_resolution", [](const auto& c) {
    const double shift =
        comfyui::flux_shift(c.number("width"), c.number("height"), c.number("max_shift"), c.number("base_shift"));
    Outputs outputs;
    outputs.add("shift", [&] { return std::vector<double>{shift}; });
    outputs.add("sigmas", [&] {
      const comfyui::ModelSamplingFlux model{shift};
      return map_input(c, "indices", [&](double index) { return model[static_cast<std::size_t>(index)]; });
    });
    return outputs;
  });
  table.add("rescale_zero_terminal_snr_sigmas", [](const auto& c) {
    return only_sigmas([&] {
      return comfyui::rescale_zero_terminal_snr_sigmas(map_input(c, "sigmas", [](double sigma) { return sigma; }));
    });
  });
  table.add("half_log_snr", [](const auto& c) {
    const bool is_flow = c.text("model_sampling") != "eps";
    const auto lambda = [=](double sigma) { return comfyui::sigma_to_half_log_snr(sigma, is_flow); };
    Outputs outputs;
    outputs.add("half_log_snr", [&] { return map_input(c, "sigmas", lambda); });
    outputs.add("sigma_back", [&] {
      return map_input(c, "sigmas",
                       [&](double sigma) { return comfyui::half_log_snr_to_sigma(lambda(sigma), is_flow); });
    });
    return outputs;
  });
}

void add_schedulers(Table& table) {
  table.add("comfy_scheduler_sigmas", [](const auto& c) {
    return only_sigmas([&] {
      return with_model(c, [&](const auto& model) {
        return comfyui::calculate_sigmas(model, scheduler_of(c.text("scheduler")), c.count("steps"));
      });
    });
  });
  table.add("comfy_beta_sigmas", [](const auto& c) {
    return only_sigmas([&] {
      return with_model(c, [&](const auto& model) {
        return comfyui::beta_scheduler(model, c.count("steps"), c.number("alpha", 0.6), c.number("beta", 0.6));
      });
    });
  });
  table.add("comfy_denoise_sigmas", [](const auto& c) {
    return only_sigmas([&] {
      return with_model(c, [&](const auto& model) {
        return comfyui::basic_scheduler(model, scheduler_of(c.text("scheduler")), c.count("steps"),
                                        c.number("denoise"));
      });
    });
  });
  table.add("linear_quadratic_sigmas", [](const auto& c) {
    return only_sigmas([&] {
      return sigmas(LinearQuadratic{c.number("threshold_noise", 0.025), c.optional_count("linear_steps"),
                                    c.number("sigma_max", 1.0)},
                    c.count("steps"));
    });
  });
}

void add_nodes(Table& table) {
  table.add("comfy_explicit_sigmas", [](const auto& c) { return only_sigmas([&] { return explicit_sigmas(c); }); });
  table.add("ltxv_scheduler_sigmas", [](const auto& c) {
    return only_sigmas([&] {
      // The latent's last three extents are its frames, height and width.
      std::size_t tokens = 4096;
      if (c.has("latent_shape")) {
        const auto shape = c.numbers("latent_shape");
        tokens = 1;
        for (std::size_t k = shape.size() - (std::min)(shape.size(), std::size_t{3}); k < shape.size(); ++k)
          tokens *= static_cast<std::size_t>(shape[k]);
      }
      return comfyui::ltxv_sigmas(c.count("steps"), c.number("max_shift"), c.number("base_shift"),
                                  c.flag("stretch", true), c.number("terminal"), tokens);
    });
  });
  table.add("loglinear_interp_sigmas", [](const auto& c) {
    using Model = comfyui::StepTableModel;
    static const std::map<std::string, Model> models{
        {"align_your_steps SD1", Model::ays_sd1},    {"align_your_steps SDXL", Model::ays_sdxl},
        {"align_your_steps SVD", Model::ays_svd},    {"optimal_steps FLUX", Model::optimal_flux},
        {"optimal_steps Wan", Model::optimal_wan},   {"optimal_steps Chroma", Model::optimal_chroma}};
    return only_sigmas([&] {
      return comfyui::table_sigmas(named(models, c.text("node") + " " + c.text("model_type")), c.count("steps"),
                                   c.number("denoise", 1.0));
    });
  });
}

}  // namespace

void add_comfyui_sigmas(Table& table) {
  add_models(table);
  add_schedulers(table);
  add_nodes(table);
}

}  // namespace golden
