// SPDX-License-Identifier: MIT
#include <eigenguide/guide/levels.hpp>

#include <support/catch.hpp>

#include <array>
#include <vector>

using namespace eigenguide;

TEST_CASE("levels: they are one for all, or one for each") {
  std::vector<double> seen;
  const auto note = [&](const Level& level) { seen.push_back(level.sigma); };
  Levels(rectified_flow(0.5)).for_each(3, note);
  CHECK(seen == std::vector<double>{0.5});
  seen.clear();
  const std::array<Level, 2> two{rectified_flow(0.1), rectified_flow(0.2)};
  Levels(two).for_each(2, note);
  CHECK(seen == std::vector<double>{0.1, 0.2});
  CHECK(Levels(two)[1].sigma == 0.2);
  CHECK_REJECTS(Levels(two).for_each(3, note), "`levels` is 2; expected one level, or one for each sample");
  CHECK_REJECTS(Levels(two).for_each(3, note, "next"), "`next` is 2");
  CHECK_REJECTS(Levels(nullptr, 2).for_each(2, note), "`levels` is null");
}
