// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_sigmas_dpmsolver_multistep.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

diffusers::DpmSolverMultistepSigmas stable_diffusion() {
  diffusers::DpmSolverMultistepSigmas sigmas;
  sigmas.training = {diffusers::BetaSchedule::scaled_linear, 0.00085, 0.012, 1000, false};
  return sigmas;
}

}  // namespace

TEST_CASE("diffusers_sigmas_dpmsolver_multistep: the table's sigmas at whole timesteps") {
  const auto steps = stable_diffusion().set_timesteps(4);
  const auto table = stable_diffusion().training.sigmas().sigmas();
  CHECK(steps.timesteps == std::vector<double>{999, 749, 500, 250});
  CHECK(steps.sigmas == std::vector<double>{table[999], table[749], table[500], table[250], 0.0});
}

TEST_CASE("diffusers_sigmas_dpmsolver_multistep: conversions run between the table's ends") {
  auto sigmas = stable_diffusion();
  sigmas.timestep_spacing = diffusers::TimestepSpacing::leading;
  sigmas.conversion = diffusers::SigmaConversion::karras;
  const auto steps = sigmas.set_timesteps(8);
  const SigmaTable table = sigmas.training.sigmas();
  CHECK(steps.sigmas.front() == table.sigmas().back());
  CHECK(steps.sigmas[7] == table.sigmas().front());
  for (std::size_t i = 0; i < 8; ++i) CHECK(std::fabs(steps.timesteps[i] - table.timestep(steps.sigmas[i])) <= 0.5);
}

TEST_CASE("diffusers_sigmas_dpmsolver_multistep: timesteps are rounded or cut by conversion and schedule") {
  auto sigmas = stable_diffusion();
  sigmas.conversion = diffusers::SigmaConversion::lu;
  const auto rounded = sigmas.set_timesteps(9);
  sigmas.conversion = diffusers::SigmaConversion::exponential;
  const auto cut = sigmas.set_timesteps(9);
  CHECK(rounded.sigmas == cut.sigmas);
  std::size_t differ = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK((rounded.timesteps[i] == cut.timesteps[i] || rounded.timesteps[i] == cut.timesteps[i] + 1));
    differ += rounded.timesteps[i] != cut.timesteps[i] ? 1U : 0U;
  }
  CHECK(differ > 0);
  sigmas.training.beta_schedule = diffusers::BetaSchedule::squaredcos_cap_v2;
  const auto cosine = sigmas.set_timesteps(9);
  sigmas.conversion = diffusers::SigmaConversion::lu;
  CHECK(sigmas.set_timesteps(9).timesteps == cosine.timesteps);
}

TEST_CASE("diffusers_sigmas_dpmsolver_multistep: flow sigmas begin below 1") {
  auto sigmas = stable_diffusion();
  sigmas.use_flow_sigmas = true;
  sigmas.flow_shift = 3.0;
  const auto steps = sigmas.set_timesteps(5);
  for (std::size_t i = 0; i < 5; ++i) {
    const double t = 0.999 * double(5 - i) / 5;
    CHECK(steps.sigmas[i] == Approx(3 * t / (1 + 2 * t)).epsilon(1e-13));
    CHECK(steps.timesteps[i] == std::floor(1000 * steps.sigmas[i]));
  }
  CHECK(steps.sigmas.back() == 0.0);
  sigmas.flow_shift = 0.0;
  CHECK_REJECTS(sigmas.set_timesteps(5), "`shift` is 0");
}

TEST_CASE("diffusers_sigmas_dpmsolver_multistep: the end, one step, and none") {
  auto sigmas = stable_diffusion();
  CHECK(sigmas.set_timesteps(1).timesteps == std::vector<double>{999});
  CHECK(sigmas.set_timesteps(0).sigmas.empty());
  sigmas.final_sigmas_type = diffusers::FinalSigmasType::sigma_min;
  const double first = sigmas.training.sigmas().sigmas().front();
  CHECK(sigmas.set_timesteps(3).sigmas.back() == first);
  sigmas.use_flow_sigmas = true;
  CHECK(sigmas.set_timesteps(3).sigmas.back() == first);
  sigmas.conversion = diffusers::SigmaConversion::karras;
  CHECK(sigmas.set_timesteps(1).sigmas.front() == sigmas.training.sigmas().sigmas().back());
}

TEST_CASE("diffusers_sigmas_dpmsolver_multistep: more steps than a list has are rejected before one is made") {
  diffusers::DpmSolverMultistepSigmas sigmas;
  for (const bool use_flow_sigmas : {false, true}) {
    sigmas.use_flow_sigmas = use_flow_sigmas;
    check_count_is_bounded("count", [&](std::size_t count) { return sigmas.set_timesteps(count); });
  }
}
