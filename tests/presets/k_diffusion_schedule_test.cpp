// SPDX-License-Identifier: MIT
#include <eigenguide/presets/k_diffusion_schedule.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("k_diffusion_schedule: even timesteps from the last to the first") {
  const k_diffusion::DiscreteSchedule schedule{SigmaTable({1.0, 4.0, 9.0})};
  CHECK(sigmas(schedule, 3) == std::vector<double>{9.0, 4.0, 1.0, 0.0});
  CHECK(schedule(1, 5) == Approx(6.0).epsilon(1e-14));  // √(4 · 9)
  CHECK(sigmas(schedule, 1) == std::vector<double>{9.0, 0.0});
  CHECK(sigmas(schedule, 0).empty());
}

TEST_CASE("k_diffusion_schedule: the table is of the training's variances") {
  const auto schedule = k_diffusion::DiscreteSchedule::of({0.8, 0.5, 0.2});
  CHECK(values(schedule, 3)[0] == Approx(2.0).epsilon(1e-14));
  CHECK(values(schedule, 3)[2] == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("k_diffusion_schedule: the timestep of a sigma, between two or the nearest") {
  const k_diffusion::DiscreteSchedule schedule{SigmaTable({1.0, 4.0, 9.0})};
  CHECK(schedule.timestep(2.0) == Approx(0.5).epsilon(1e-14));
  CHECK(schedule.timestep(6.1, true) == 2.0);
  CHECK(schedule.timestep(5.9, true) == 1.0);
  CHECK(schedule.timestep(0.0) == 0.0);
  CHECK(schedule.timestep(0.0, true) == 0.0);
  CHECK(schedule.timestep(1000.0) == 2.0);
}

TEST_CASE("k_diffusion_schedule: what is no step or sigma is rejected") {
  const k_diffusion::DiscreteSchedule schedule{SigmaTable({1.0, 4.0})};
  CHECK_REJECTS(schedule(2, 2), "`i` is 2");
  CHECK_REJECTS(schedule.timestep(-1.0), "`sigma` is -1");
  CHECK_REJECTS(k_diffusion::DiscreteSchedule::of({0.5, 0.0}), "`alphas_cumprod` is 0");
}
