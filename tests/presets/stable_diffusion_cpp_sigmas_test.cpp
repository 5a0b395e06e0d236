// SPDX-License-Identifier: MIT
#include <eigenguide/presets/stable_diffusion_cpp_sigmas.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

using namespace eigenguide;

namespace {

double timestep_itself(double t) { return t; }

}  // namespace

TEST_CASE("stable_diffusion_cpp_sigmas: smoothstep's timesteps, by hand") {
  // u = 1, ¾, ½, ¼: 1, 27/32, ½, 5/32 of 999
  CHECK(stable_diffusion_cpp::smoothstep_sigmas(timestep_itself, 4) ==
        std::vector<double>{999.0, 843.0, 500.0, 156.0, 0.0});
}

TEST_CASE("stable_diffusion_cpp_sigmas: one step starts at the last timestep, none has no levels") {
  CHECK(stable_diffusion_cpp::smoothstep_sigmas(timestep_itself, 1) == std::vector<double>{999.0, 0.0});
  CHECK(stable_diffusion_cpp::smoothstep_sigmas(timestep_itself, 0).empty());
}

TEST_CASE("stable_diffusion_cpp_sigmas: smoothstep falls, most steeply in the middle") {
  const auto list = stable_diffusion_cpp::smoothstep_sigmas(timestep_itself, 40);
  for (std::size_t i = 0; i + 1 < list.size(); ++i) REQUIRE(list[i] > list[i + 1]);
  CHECK(list[19] - list[21] > 3.0 * (list[0] - list[2]));
  CHECK(list[19] - list[21] > 3.0 * (list[37] - list[39]));
}

TEST_CASE("stable_diffusion_cpp_sigmas: more steps than a list has are rejected before one is made") {
  check_count_is_bounded("steps", [](std::size_t steps) { return stable_diffusion_cpp::smoothstep_sigmas(timestep_itself, steps); });
}
