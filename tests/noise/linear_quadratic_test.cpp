// SPDX-License-Identifier: MIT
#include <eigenguide/noise/linear_quadratic.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("linear_quadratic: ten steps, by hand") {
  const double expected[] = {1.0, 0.995, 0.99, 0.985, 0.98, 0.975, 0.932, 0.813, 0.618, 0.347, 0.0};
  const auto list = sigmas(LinearQuadratic{}, 10);
  REQUIRE(list.size() == 11);
  for (std::size_t i = 0; i < 11; ++i) CHECK(list[i] == Approx(expected[i]).epsilon(1e-14));
}

TEST_CASE("linear_quadratic: no corner where the parts meet, and the end is 0") {
  const LinearQuadratic schedule{0.1, 300, 2.0};
  const std::size_t n = 1000;
  const double before = schedule(300, n) - schedule(299, n);
  const double after = schedule(301, n) - schedule(300, n);
  const double second = schedule(302, n) - 2.0 * schedule(301, n) + schedule(300, n);
  CHECK(before == Approx(-2.0 * 0.1 / 300.0).epsilon(1e-11));
  CHECK(after - before == Approx(0.5 * second).epsilon(1e-6));
  // The parabola through the last three of the list goes on to 0.
  CHECK(3.0 * schedule(999, n) - 3.0 * schedule(998, n) + schedule(997, n) == Approx(0.0).margin(1e-11));
}

TEST_CASE("linear_quadratic: any split of the steps is defined") {
  CHECK(LinearQuadratic{0.025, {}, 14.6}(0, 1) == 14.6);
  CHECK(sigmas(LinearQuadratic{}, 2) == std::vector<double>{1.0, 0.975, 0.0});
  CHECK(LinearQuadratic{0.025, 0, 1.0}(2, 4) == 0.75);   // (2/4)²
  CHECK(LinearQuadratic{0.5, 4, 1.0}(2, 4) == 0.75);     // 0.5 · 2/4
  CHECK(sigmas(LinearQuadratic{}, 0).empty());
}

TEST_CASE("linear_quadratic: what makes no schedule is rejected") {
  CHECK_REJECTS((LinearQuadratic{1.5, {}, 1.0}(0, 2)), "`threshold_noise` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS((LinearQuadratic{0.1, 3, 1.0}(0, 2)), "`linear_steps` is 3; expected at most the number of steps");
  CHECK_REJECTS((LinearQuadratic{0.1, 1, 0.0}(0, 2)), "`sigma_max` is 0");
  CHECK_REJECTS(LinearQuadratic{}(2, 2), "`i` is 2");
}

TEST_CASE("linear-quadratic: a share that would take the levels below 0 is rejected") {
  CHECK_REJECTS(values(LinearQuadratic{0.9}, 10), "`threshold_noise` is 0.9; expected a share that leaves");
  CHECK_REJECTS(values(LinearQuadratic{0.5, 1}, 10), "`threshold_noise` is 0.5");
  for (const double share : {0.0, 0.3, 0.66})
    for (const double level : values(LinearQuadratic{share}, 10)) CHECK(level >= 0.0);
}
