// SPDX-License-Identifier: MIT
#include <eigenguide/noise/step_table.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

using namespace eigenguide;

namespace {

constexpr double levels[] = {16.0, 4.0, 2.0, 1.0};

}  // namespace

TEST_CASE("step_table: at its own number of steps it is the table, and 0 for its last") {
  CHECK(sigmas(StepTable{levels, 4}, 3) == std::vector<double>{16.0, 4.0, 2.0, 0.0});
}

TEST_CASE("step_table: between its points the logarithm is linear") {
  const auto list = values(StepTable{levels, 4}, 6);
  const double expected[] = {16.0, 8.0, 4.0, 2.8284271247461903, 2.0, 1.4142135623730951};
  for (std::size_t i = 0; i < 6; ++i) CHECK(list[i] == Approx(expected[i]).epsilon(1e-14));
  CHECK(sigmas(StepTable{levels, 4}, 1) == std::vector<double>{16.0, 0.0});
  CHECK(StepTable{levels, 4}(999999999999, 1000000000000) == Approx(1.0).epsilon(1e-11));
}

TEST_CASE("step_table: what is no table is rejected") {
  constexpr double with_zero[] = {1.0, 0.0};
  CHECK_REJECTS((StepTable{}(0, 1)), "`size` is 0; expected a table of at least 2 levels");
  CHECK_REJECTS((StepTable{levels, 1}(0, 1)), "`size` is 1");
  CHECK_REJECTS((StepTable{with_zero, 2}(0, 1)), "`levels` is 0; expected finite positive numbers");
  CHECK_REJECTS((StepTable{levels, 4}(3, 3)), "`i` is 3");
}

TEST_CASE("step table: a level lies between its neighbours, however it rounds") {
  constexpr double even[] = {700.0, 700.0, 700.0}, rising[] = {0.1, 700.0, 700.0};
  for (std::size_t i = 0; i < 7; ++i) CHECK(StepTable{even, 3}(i, 7) == 700.0);
  for (std::size_t i = 0; i < 7; ++i) CHECK(StepTable{rising, 3}(i, 7) <= 700.0);
  for (std::size_t i = 4; i < 7; ++i) CHECK(StepTable{rising, 3}(i, 7) == 700.0);
}

TEST_CASE("step table: a huge number of steps stays within the table") {
  const double three[] = {10.0, 1.0, 0.1};
  const std::size_t count = std::size_t{1} << 54;
  CHECK(StepTable{three, 3}(count - 1, count) == Approx(0.1));
}
