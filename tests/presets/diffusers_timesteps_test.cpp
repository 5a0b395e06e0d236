// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_timesteps.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/noise/timestep_spacing.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

using diffusers::TimestepSpacing;

TEST_CASE("diffusers_timesteps: Euler's") {
  using diffusers::euler_timesteps;
  CHECK(euler_timesteps(TimestepSpacing::linspace, 1000, 0, 4) == std::vector<double>{999, 666, 333, 0});
  CHECK(euler_timesteps(TimestepSpacing::linspace, 11, 0, 4)[1] == Approx(20.0 / 3.0));
  CHECK(euler_timesteps(TimestepSpacing::leading, 1000, 1, 3) == std::vector<double>{667, 334, 1});
  CHECK(euler_timesteps(TimestepSpacing::trailing, 1000, 1, 4) == std::vector<double>{999, 749, 499, 249});
}

TEST_CASE("diffusers_timesteps: the multistep schedulers'") {
  using diffusers::multistep_timesteps;
  CHECK(multistep_timesteps(TimestepSpacing::linspace, 1000, 0, 4) == std::vector<double>{999, 749, 500, 250});
  CHECK(multistep_timesteps(TimestepSpacing::leading, 1000, 1, 3) == std::vector<double>{751, 501, 251});
  CHECK(multistep_timesteps(TimestepSpacing::trailing, 1000, 1, 4) == std::vector<double>{999, 749, 499, 249});
}

TEST_CASE("diffusers_timesteps: one step of Euler's linspace is the first timestep, of the others' the last") {
  CHECK(diffusers::euler_timesteps(TimestepSpacing::linspace, 1000, 0, 1) == std::vector<double>{0});
  CHECK(diffusers::multistep_timesteps(TimestepSpacing::linspace, 1000, 0, 1) == std::vector<double>{999});
  CHECK(LinspaceTimesteps{}(0, 1) == 999.0);
}

TEST_CASE("diffusers_timesteps: trailing is the plain spacing where the stride is a double") {
  for (const std::size_t count : {1U, 5U, 8U, 16U, 20U, 40U, 125U, 500U, 1000U})
    CHECK(diffusers::trailing_timesteps(1000, count) == values(TrailingTimesteps{}, count));
}

TEST_CASE("diffusers_timesteps: a trailing half may round the other way") {
  const auto peer = diffusers::trailing_timesteps(1000, 48);
  CHECK(peer.size() == 48);
  CHECK(TrailingTimesteps{}(3, 48) == 937.0);  // 937.5 to the even 938, less 1
  CHECK(std::fabs(peer[3] - 936.5) == 0.5);
  CHECK(peer[3] == 936.0);
}

TEST_CASE("diffusers_timesteps: a trailing stride that falls short adds a step at -1") {
  const auto peer = diffusers::trailing_timesteps(1000, 61);
  CHECK(peer.size() == 62);
  CHECK(peer.back() == -1.0);
  std::size_t longer = 0;
  for (std::size_t count = 1; count <= 1000; ++count)
    longer += diffusers::trailing_timesteps(1000, count).size() == count + 1 ? 1U : 0U;
  CHECK(longer == 62);
}

TEST_CASE("diffusers_timesteps: no steps, and more steps than timesteps") {
  for (const auto spacing : {TimestepSpacing::linspace, TimestepSpacing::leading, TimestepSpacing::trailing}) {
    CHECK(diffusers::euler_timesteps(spacing, 1000, 0, 0).empty());
    CHECK(diffusers::multistep_timesteps(spacing, 1000, 0, 0).empty());
    CHECK_REJECTS(diffusers::euler_timesteps(spacing, 0, 0, 4), "`num_train_timesteps` is 0");
  }
  CHECK(diffusers::euler_timesteps(TimestepSpacing::leading, 2, 1, 3) == std::vector<double>{1, 1, 1});
}

TEST_CASE("diffusers_timesteps: counts and offsets up to the largest number") {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  for (const auto spacing : {TimestepSpacing::linspace, TimestepSpacing::leading, TimestepSpacing::trailing})
    for (const std::size_t count : {std::size_t{1000000000}, most - 1, most}) {
      CHECK_REJECTS(diffusers::euler_timesteps(spacing, 1000, 0, count), "`count` is");
      CHECK_REJECTS(diffusers::multistep_timesteps(spacing, 1000, 0, count), "`count` is");
    }
  CHECK_REJECTS(diffusers::trailing_timesteps(1000, most), "expected fewer than 1e9");
  CHECK_REJECTS(diffusers::trailing_timesteps(0, 4), "`num_train_timesteps` is 0");
  CHECK(diffusers::trailing_timesteps(1000, 0).empty());
  const double offset = static_cast<double>(most);
  CHECK(diffusers::euler_timesteps(TimestepSpacing::leading, 1000, most, 2) ==
        std::vector<double>{500.0 + offset, offset});
}
