// SPDX-License-Identifier: MIT
#include <eigenguide/noise/exponential.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("exponential: one ratio from each level to the next") {
  const auto list = values(Exponential{0.01, 100.0}, 5);
  const double expected[] = {100.0, 10.0, 1.0, 0.1, 0.01};
  for (std::size_t i = 0; i < 5; ++i) CHECK(list[i] == Approx(expected[i]).epsilon(1e-14));
  CHECK(Exponential{}(1, 3) == Approx(0.4).epsilon(1e-14));
}

TEST_CASE("exponential: both ends are exact, one step is the greater") {
  for (const std::size_t count : {2u, 3u, 18u, 1001u}) {
    CHECK(Exponential{}(0, count) == 80.0);
    CHECK(Exponential{}(count - 1, count) == 0.002);
  }
  CHECK(Exponential{}(0, 1) == 80.0);
}

TEST_CASE("exponential: what makes no schedule is rejected") {
  CHECK_REJECTS((Exponential{0.0, 1.0}(0, 2)), "`sigma_min` is 0");
  CHECK_REJECTS((Exponential{0.1, 0.0}(0, 2)), "`sigma_max` is 0");
  CHECK_REJECTS(Exponential{}(0, 0), "`i` is 0");
}
