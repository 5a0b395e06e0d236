// SPDX-License-Identifier: MIT
#include <eigenguide/presets/guidance_interval.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("guidance interval: its authors' has both its ends") {
  const guidance_interval::StepInterval interval{17, 22};
  std::size_t guided = 0;
  for (std::size_t step = 0; step < 32; ++step) guided += interval.contains({step, 32, {}}) ? 1 : 0;
  CHECK(guided == 6);
  CHECK(interval.contains({17, 32, {}}));
  CHECK(interval.contains({22, 32, {}}));
  CHECK_FALSE(interval.contains({23, 32, {}}));
}
