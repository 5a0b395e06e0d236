// SPDX-License-Identifier: MIT
#pragma once

// The schedulers of diffusers, from the parameters of a case.

#include <eigenguide/prediction/kind.hpp>
#include <eigenguide/presets/diffusers_sigmas_dpmsolver_multistep.hpp>
#include <eigenguide/presets/diffusers_sigmas_euler_discrete.hpp>
#include <eigenguide/presets/diffusers_sigmas_flow_match_euler.hpp>
#include <eigenguide/presets/diffusers_sigmas_unipc.hpp>

#include <map>
#include <stdexcept>
#include <string>

namespace golden {

namespace diffusers = eigenguide::diffusers;

/// The value of a parameter that names one of several.
template <class Value>
Value named(const std::string& name, const std::map<std::string, Value>& all) {
  const auto found = all.find(name);
  if (found == all.end()) throw std::runtime_error("has the unknown choice `" + name + "`");
  return found->second;
}

inline eigenguide::Kind kind_of(const std::string& prediction_type) {
  using eigenguide::Kind;
  return named<Kind>(prediction_type, {{"epsilon", Kind::epsilon},
                                       {"v_prediction", Kind::v},
                                       {"sample", Kind::sample},
                                       {"flow_prediction", Kind::flow}});
}

template <class C>
diffusers::Training training(const C& c) {
  using diffusers::BetaSchedule;
  diffusers::Training training;
  training.beta_schedule = named<BetaSchedule>(c.text("beta_schedule", "linear"),
                                               {{"linear", BetaSchedule::linear},
                                                {"scaled_linear", BetaSchedule::scaled_linear},
                                                {"squaredcos_cap_v2", BetaSchedule::squaredcos_cap_v2},
                                                {"sigmoid", BetaSchedule::sigmoid},
                                                {"laplace", BetaSchedule::laplace}});
  training.beta_start = c.number("beta_start", training.beta_start);
  training.beta_end = c.number("beta_end", training.beta_end);
  training.num_train_timesteps = c.count("num_train_timesteps", training.num_train_timesteps);
  training.rescale_betas_zero_snr = c.flag("rescale_betas_zero_snr", false);
  return training;
}

template <class C>
diffusers::SigmaConversion conversion(const C& c) {
  using diffusers::SigmaConversion;
  if (c.flag("use_karras_sigmas", false)) return SigmaConversion::karras;
  if (c.flag("use_exponential_sigmas", false)) return SigmaConversion::exponential;
  if (c.flag("use_beta_sigmas", false)) return SigmaConversion::beta;
  if (c.flag("use_lu_lambdas", false)) return SigmaConversion::lu;
  return SigmaConversion::none;
}

template <class C>
diffusers::TimestepSpacing spacing(const C& c, const std::string& otherwise = "linspace") {
  using diffusers::TimestepSpacing;
  return named<TimestepSpacing>(c.text("timestep_spacing", otherwise), {{"linspace", TimestepSpacing::linspace},
                                                                         {"leading", TimestepSpacing::leading},
                                                                         {"trailing", TimestepSpacing::trailing}});
}

template <class C>
diffusers::FinalSigmasType final_sigmas_type(const C& c) {
  using diffusers::FinalSigmasType;
  return named<FinalSigmasType>(c.text("final_sigmas_type", "zero"),
                                {{"zero", FinalSigmasType::zero}, {"sigma_min", FinalSigmasType::sigma_min}});
}

/// The multistep schedulers have the same parameters.
template <class Sigmas, class C>
Sigmas multistep(const C& c) {
  Sigmas sigmas;
  sigmas.training = training(c);
  sigmas.timestep_spacing = spacing(c);
  sigmas.steps_offset = c.count("steps_offset", 0);
  sigmas.conversion = conversion(c);
  sigmas.use_flow_sigmas = c.flag("use_flow_sigmas", false);
  sigmas.flow_shift = c.number("flow_shift", 1.0);
  sigmas.final_sigmas_type = final_sigmas_type(c);
  return sigmas;
}

template <class C>
diffusers::EulerDiscreteSigmas euler_discrete(const C& c) {
  using diffusers::InterpolationType;
  diffusers::EulerDiscreteSigmas sigmas;
  sigmas.training = training(c);
  sigmas.timestep_spacing = spacing(c);
  sigmas.steps_offset = c.count("steps_offset", 0);
  sigmas.interpolation_type =
      named<InterpolationType>(c.text("interpolation_type", "linear"),
                               {{"linear", InterpolationType::linear}, {"log_linear", InterpolationType::log_linear}});
  sigmas.conversion = conversion(c);
  sigmas.sigma_min = c.optional_number("sigma_min");
  sigmas.sigma_max = c.optional_number("sigma_max");
  sigmas.final_sigmas_type = final_sigmas_type(c);
  const bool is_v = c.text("prediction_type", "epsilon") == "v_prediction";
  if (is_v && c.text("timestep_type", "discrete") == "continuous")
    sigmas.timestep_type = diffusers::TimestepType::continuous;
  return sigmas;
}

/// Its steps, whose sigmas may be given.
template <class C>
diffusers::Steps flow_match_euler_steps(const C& c) {
  using diffusers::TimeShiftType;
  diffusers::FlowMatchEulerSigmas sigmas;
  sigmas.num_train_timesteps = c.count("num_train_timesteps", sigmas.num_train_timesteps);
  sigmas.shift = c.number("shift", 1.0);
  sigmas.use_dynamic_shifting = c.flag("use_dynamic_shifting", false);
  sigmas.time_shift_type =
      named<TimeShiftType>(c.text("time_shift_type", "exponential"),
                           {{"exponential", TimeShiftType::exponential}, {"linear", TimeShiftType::linear}});
  sigmas.mu = c.optional_number("mu");
  sigmas.shift_terminal = c.optional_number("shift_terminal");
  sigmas.conversion = conversion(c);
  sigmas.invert_sigmas = c.flag("invert_sigmas", false);
  const auto count = c.optional_count("num_inference_steps");
  if (c.has("sigmas")) return sigmas.set_sigmas(c.numbers("sigmas"));
  return sigmas.set_timesteps(count.value());
}

}  // namespace golden
