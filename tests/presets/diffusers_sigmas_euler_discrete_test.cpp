// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_sigmas_euler_discrete.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

diffusers::EulerDiscreteSigmas stable_diffusion() {
  diffusers::EulerDiscreteSigmas sigmas;
  sigmas.training = {diffusers::BetaSchedule::scaled_linear, 0.00085, 0.012, 1000, false};
  return sigmas;
}

}  // namespace

TEST_CASE("diffusers_sigmas_euler_discrete: the table's sigmas between whole timesteps") {
  const auto steps = stable_diffusion().set_timesteps(20);
  const auto table = stable_diffusion().training.sigmas().sigmas();
  REQUIRE(steps.sigmas.size() == 21);
  REQUIRE(steps.timesteps.size() == 20);
  CHECK(steps.sigmas.front() == table.back());
  CHECK(steps.sigmas[19] == table.front());
  CHECK(steps.sigmas[20] == 0.0);
  const double share = 999.0 - 999.0 / 19 - 946.0;  // of timestep 946.42…
  CHECK(steps.sigmas[1] == Approx(table[946] + share * (table[947] - table[946])).epsilon(1e-12));
}

TEST_CASE("diffusers_sigmas_euler_discrete: a conversion runs between the spaced sigmas") {
  auto sigmas = stable_diffusion();
  sigmas.timestep_spacing = diffusers::TimestepSpacing::leading;
  const auto spaced = sigmas.set_timesteps(10);
  sigmas.conversion = diffusers::SigmaConversion::karras;
  const auto converted = sigmas.set_timesteps(10);
  CHECK(converted.sigmas.front() == spaced.sigmas.front());
  CHECK(converted.sigmas[9] == spaced.sigmas[9]);
  CHECK(converted.timesteps.front() == Approx(900.0));
  sigmas.sigma_max = 10.0;
  sigmas.sigma_min = 0.1;
  CHECK(sigmas.set_timesteps(10).sigmas.front() == 10.0);
  CHECK(sigmas.set_timesteps(10).sigmas[9] == 0.1);
}

TEST_CASE("diffusers_sigmas_euler_discrete: log_linear has a sigma too many") {
  auto sigmas = stable_diffusion();
  sigmas.interpolation_type = diffusers::InterpolationType::log_linear;
  const auto steps = sigmas.set_timesteps(4);
  REQUIRE(steps.sigmas.size() == 6);
  CHECK(steps.timesteps.size() == 4);
  CHECK(steps.sigmas[2] == Approx(std::sqrt(steps.sigmas[0] * steps.sigmas[4])));
}

TEST_CASE("diffusers_sigmas_euler_discrete: continuous timesteps are EDM's") {
  auto sigmas = stable_diffusion();
  sigmas.timestep_type = diffusers::TimestepType::continuous;
  const auto steps = sigmas.set_timesteps(4);
  REQUIRE(steps.timesteps.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(steps.timesteps[i] == Approx(std::log(steps.sigmas[i]) / 4));
}

TEST_CASE("diffusers_sigmas_euler_discrete: the end, one step, and none") {
  auto sigmas = stable_diffusion();
  CHECK(sigmas.set_timesteps(1).timesteps == std::vector<double>{0.0});
  CHECK(sigmas.set_timesteps(0).sigmas.empty());
  sigmas.final_sigmas_type = diffusers::FinalSigmasType::sigma_min;
  CHECK(sigmas.set_timesteps(5).sigmas.back() == sigmas.training.sigmas().sigmas().front());
  sigmas.timestep_spacing = diffusers::TimestepSpacing::trailing;
  const auto longer = sigmas.set_timesteps(61);
  CHECK(longer.timesteps.back() == -1.0);
  CHECK(longer.sigmas.size() == 63);
  CHECK(longer.sigmas[61] == sigmas.training.sigmas().sigmas().front());
}

TEST_CASE("diffusers_sigmas_euler_discrete: more steps than a list has are rejected before one is made") {
  check_count_is_bounded("count", [](std::size_t count) { return diffusers::EulerDiscreteSigmas{}.set_timesteps(count); });
}
