// SPDX-License-Identifier: MIT
#include <eigenguide/presets/guidance_interval.hpp>

#include <eigenguide/schedule/ramp.hpp>

#include <support/catch.hpp>

#include <vector>

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

TEST_CASE("guidance interval: a window as any other") {
  const auto schedule = within(guidance_interval::StepInterval{17, 22}, Constant{2.0});
  std::vector<double> expected(32, 1.0);
  for (std::size_t step = 17; step <= 22; ++step) expected[step] = 2.0;
  CHECK(scales_of(schedule, 32) == expected);
  CHECK_NOTHROW(schedule.validate());
  CHECK_FALSE(guidance_interval::StepInterval{5, 4}.contains({5, 32, {}}));
}
