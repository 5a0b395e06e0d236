// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_sigmas_flow_match_euler.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("diffusers_sigmas_flow_match_euler: even times down to the first of training") {
  const auto steps = diffusers::FlowMatchEulerSigmas{}.set_timesteps(4);
  REQUIRE(steps.sigmas.size() == 5);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(steps.sigmas[i] == Approx(1 - double(i) / 3 * 0.999).epsilon(1e-13));
    CHECK(steps.timesteps[i] == 1000 * steps.sigmas[i]);
  }
  CHECK(steps.sigmas[4] == 0.0);
}

TEST_CASE("diffusers_sigmas_flow_match_euler: a static shift enters twice at the end, once in given times") {
  diffusers::FlowMatchEulerSigmas sigmas;
  sigmas.shift = 3.0;
  const double t = 0.001, once = 3 * t / (1 + 2 * t), twice = 9 * t / (1 + 8 * t);
  CHECK(sigmas.set_timesteps(7).sigmas[6] == Approx(twice).epsilon(1e-13));
  CHECK(sigmas.set_sigmas({1.0, 0.5, t}).sigmas[2] == Approx(once).epsilon(1e-13));
}

TEST_CASE("diffusers_sigmas_flow_match_euler: dynamic shifts take k from mu alone") {
  diffusers::FlowMatchEulerSigmas sigmas;
  sigmas.shift = 3.0;
  sigmas.use_dynamic_shifting = true;
  CHECK_REJECTS(sigmas.set_timesteps(4), "`mu` is absent");
  sigmas.mu = 1.15;
  CHECK(sigmas.set_sigmas({0.5}).sigmas[0] == Approx(std::exp(1.15) / (std::exp(1.15) + 1)));
  sigmas.time_shift_type = diffusers::TimeShiftType::linear;
  CHECK(sigmas.set_sigmas({0.5}).sigmas[0] == Approx(1.15 / 2.15));
  sigmas.mu = -1.0;
  CHECK_REJECTS(sigmas.set_timesteps(4), "`mu` is -1");
  sigmas.mu = 1.0 / 0.0;
  CHECK_REJECTS(sigmas.set_timesteps(4), "`mu` is inf");
}

TEST_CASE("diffusers_sigmas_flow_match_euler: the stretch, then a conversion, then the inversion") {
  diffusers::FlowMatchEulerSigmas sigmas;
  sigmas.shift_terminal = 0.1;
  CHECK(sigmas.set_timesteps(5).sigmas[4] == Approx(0.1).epsilon(1e-13));
  sigmas.conversion = diffusers::SigmaConversion::exponential;
  CHECK(sigmas.set_timesteps(5).sigmas[2] == Approx(std::sqrt(0.1)).epsilon(1e-13));
  sigmas.invert_sigmas = true;
  const auto inverted = sigmas.set_timesteps(5);
  CHECK(inverted.sigmas[2] == Approx(1 - std::sqrt(0.1)).epsilon(1e-13));
  CHECK(inverted.sigmas[4] == Approx(0.9).epsilon(1e-13));
  CHECK(inverted.sigmas[5] == 1.0);
  CHECK(inverted.timesteps[2] == 1000 * inverted.sigmas[2]);
}

TEST_CASE("diffusers_sigmas_flow_match_euler: one step stays 1, and none has no sigmas") {
  diffusers::FlowMatchEulerSigmas sigmas;
  sigmas.shift_terminal = 0.1;
  CHECK(sigmas.set_timesteps(1).sigmas == std::vector<double>{1.0, 0.0});
  CHECK(sigmas.set_timesteps(0).sigmas.empty());
  CHECK(sigmas.set_sigmas({}).sigmas.empty());
}

TEST_CASE("diffusers_sigmas_flow_match_euler: what is no time or shift is rejected") {
  diffusers::FlowMatchEulerSigmas sigmas;
  CHECK_REJECTS(sigmas.set_sigmas({1.5}), "`t` is 1.5");
  sigmas.shift = 0.0;
  CHECK_REJECTS(sigmas.set_timesteps(4), "`shift` is 0");
  sigmas = {};
  sigmas.num_train_timesteps = 0;
  CHECK_REJECTS(sigmas.set_timesteps(4), "`num_train_timesteps` is 0");
}

TEST_CASE("diffusers_sigmas_flow_match_euler: more steps than a list has are rejected before one is made") {
  check_count_is_bounded("count", [](std::size_t count) { return diffusers::FlowMatchEulerSigmas{}.set_timesteps(count); });
}
