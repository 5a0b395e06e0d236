// SPDX-License-Identifier: MIT
#include <eigenguide/noise/flow_shift.hpp>
#include <eigenguide/noise/sigmas.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>
#include <utility>

using namespace eigenguide;

TEST_CASE("flow_shift: multiplies the ratio of noise to data") {
  for (const double shift : {0.25, 1.0, 3.0, 7.0, 17.0})
    for (const double t : {0.01, 0.11, 0.5, 0.9, 0.999}) {
      const double shifted = shifted_time(t, shift);
      const double ratio = shift * t / (1 - t);
      CHECK(shifted == Approx(ratio / (1 + ratio)).epsilon(1e-14));
      CHECK(unshifted_time(shifted, shift) == Approx(t).epsilon(1e-14));
    }
  CHECK(shifted_time(0.37, 1.0) == 0.37);
}

TEST_CASE("flow_shift: data and noise stay, exactly") {
  for (const double shift : {1e-300, 0.1, 3.0, 1e300}) {
    CHECK(shifted_time(0.0, shift) == 0.0);
    CHECK(shifted_time(1.0, shift) == 1.0);
    CHECK(unshifted_time(0.0, shift) == 0.0);
    CHECK(unshifted_time(1.0, shift) == 1.0);
  }
}

TEST_CASE("flow_shift: the dynamic exponential and linear shifts are this one") {
  const double mu = 1.15;
  for (const double t : {0.05, 0.5, 0.95}) {
    CHECK(shifted_time(t, std::exp(mu)) == Approx(std::exp(mu) / (std::exp(mu) + (1 / t - 1))).epsilon(1e-14));
    CHECK(shifted_time(t, mu) == Approx(mu / (mu + (1 / t - 1))).epsilon(1e-14));
  }
}

TEST_CASE("flow_shift: the times of a run are even before the shift") {
  const auto times = sigmas(FlowTimes{}, 4);
  CHECK(times == std::vector<double>{1.0, 0.75, 0.5, 0.25, 0.0});
  CHECK(FlowTimes{3.0}(1, 2) == 0.75);
  CHECK(sigmas(FlowTimes{7.0}, 1) == std::vector<double>{1.0, 0.0});
  CHECK(values(FlowTimes{}, 0).empty());
}

TEST_CASE("flow_shift: the steps below a time, counted one by one") {
  for (const double shift : {0.5, 1.0, 3.0, 7.0, 17.0})
    for (const double bound : {0.0, 0.11, 0.5, 1.0})
      for (const std::size_t count : {0U, 1U, 2U, 20U, 50U, 1000U}) {
        std::size_t below = 0;
        for (const double t : values(FlowTimes{shift}, count)) below += t < bound ? 1U : 0U;
        CHECK(steps_below(shift, bound, count) == below);
      }
}

TEST_CASE("flow_shift: shift 7 skips more than twice as many steps under 0.11 as shift 17") {
  CHECK(steps_below(1.0, 0.11, 50) == 5);
  CHECK(steps_below(7.0, 0.11, 50) == 0);
  CHECK(steps_below(7.0, 0.11, 1000) == 17);
  CHECK(steps_below(17.0, 0.11, 1000) == 7);
  CHECK(unshifted_time(0.11, 7.0) == Approx(0.11 / (0.11 + 7.0 * 0.89)));
  CHECK(double(steps_below(7.0, 0.11, 1000000000)) / 1e9 == Approx(unshifted_time(0.11, 7.0)).margin(1e-9));
}

TEST_CASE("flow_shift: times are stretched to the terminal one") {
  const std::vector<double> times{1.0, 0.8, 0.5, 0.2};
  const auto stretched = stretched_to_terminal(times, 0.1);
  CHECK(stretched.front() == 1.0);
  CHECK(stretched.back() == Approx(0.1).epsilon(1e-15));
  for (std::size_t i = 0; i < times.size(); ++i)
    CHECK(1 - stretched[i] == Approx((1 - times[i]) * 0.9 / 0.8).margin(1e-15));
}

TEST_CASE("flow_shift: one step, or none, has nothing to stretch") {
  CHECK(stretched_to_terminal({1.0}, 0.1) == std::vector<double>{1.0});
  CHECK(stretched_to_terminal({}, 0.1).empty());
}

TEST_CASE("flow_shift: numbers out of range are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(shifted_time(1.5, 3.0), "`t` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(shifted_time(0.5, 0.0), "`shift` is 0");
  CHECK_REJECTS(shifted_time(nan, 3.0), "`t`");
  CHECK_REJECTS(unshifted_time(-1.0, 3.0), "`shifted` is -1");
  CHECK_REJECTS(unshifted_time(0.5, -3.0), "`shift` is -3");
  CHECK_REJECTS(FlowTimes{}(3, 3), "`i` is 3");
  CHECK_REJECTS(steps_below(3.0, 1.1, 10), "`bound` is 1.1");
  CHECK_REJECTS(stretched_to_terminal({0.5}, 1.0), "`terminal` is 1");
  CHECK_REJECTS(stretched_to_terminal({0.5, nan}, 0.1), "`times`");
}

TEST_CASE("flow_shift: only times whose last is the least are stretched") {
  CHECK_REJECTS(stretched_to_terminal({1.0, 0.5, 1.0 - 1e-16}, 0.1), "`times` is 0.5");
}

TEST_CASE("flow_shift: a time is one whatever the shift, and however it rounds") {
  for (const double shift : {1e7, 10843961455707782.0, 1e300, 1e-7, 1e-300, 3.0, 0.3})
    for (std::size_t i = 0; i <= 1000; ++i) {
      const double t = static_cast<double>(i) / 1000.0;
      CHECK(shifted_time(t, shift) <= 1.0);
      CHECK(unshifted_time(t, shift) <= 1.0);
      CHECK(shifted_time(t, shift) >= 0.0);
      CHECK(unshifted_time(t, shift) >= 0.0);
    }
  for (const double terminal : {0.0, 0.02, 0.7})
    for (const double t : stretched_to_terminal(values(FlowTimes{1e7}, 27), terminal)) CHECK(t >= terminal);
  for (const auto& [last, terminal] : {std::pair{0.95, 0.07}, {0.29, 0.41}, {0.1, 0.23}})
    CHECK(stretched_to_terminal({1.0, last}, terminal).back() >= terminal);
}
