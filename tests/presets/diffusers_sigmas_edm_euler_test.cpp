// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_sigmas_edm_euler.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("diffusers_sigmas_edm_euler: Karras's and exponential sigmas, told as ln sigma / 4") {
  diffusers::EdmEulerSigmas sigmas;
  const auto karras = sigmas.set_timesteps(3);
  CHECK(karras.sigmas.front() == 80.0);
  CHECK(karras.sigmas[1] ==
        Approx(std::pow((std::pow(80.0, 1.0 / 7) + std::pow(0.002, 1.0 / 7)) / 2, 7)).epsilon(1e-13));
  CHECK(karras.sigmas[3] == 0.0);
  sigmas.sigma_schedule = diffusers::SigmaSchedule::exponential;
  const auto exponential = sigmas.set_timesteps(3);
  CHECK(exponential.sigmas[1] == Approx(std::sqrt(80.0 * 0.002)).epsilon(1e-13));
  for (std::size_t i = 0; i < 3; ++i) CHECK(exponential.timesteps[i] == Approx(std::log(exponential.sigmas[i]) / 4));
}

TEST_CASE("diffusers_sigmas_edm_euler: one step is of one end or the other") {
  diffusers::EdmEulerSigmas sigmas;
  CHECK(sigmas.set_timesteps(1).sigmas.front() == 80.0);
  sigmas.sigma_schedule = diffusers::SigmaSchedule::exponential;
  CHECK(sigmas.set_timesteps(1).sigmas.front() == Approx(0.002));
  CHECK(sigmas.set_timesteps(0).sigmas.empty());
  sigmas.final_sigmas_type = diffusers::FinalSigmasType::sigma_min;
  CHECK(sigmas.set_timesteps(4).sigmas[4] == sigmas.set_timesteps(4).sigmas[3]);
}

TEST_CASE("diffusers_sigmas_edm_euler: what is no range or rho is rejected") {
  diffusers::EdmEulerSigmas sigmas;
  sigmas.rho = 0.0;
  CHECK_REJECTS(sigmas.set_timesteps(4), "`rho` is 0");
  sigmas = {};
  sigmas.sigma_min = 0.0;
  CHECK_REJECTS(sigmas.set_timesteps(4), "`sigma_min` is 0");
}

TEST_CASE("diffusers_sigmas_edm_euler: more steps than a list has are rejected before one is made") {
  check_count_is_bounded("count", [](std::size_t count) { return diffusers::EdmEulerSigmas{}.set_timesteps(count); });
}
