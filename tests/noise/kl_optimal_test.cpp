// SPDX-License-Identifier: MIT
#include <eigenguide/noise/kl_optimal.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("kl_optimal: angles are even") {
  const auto list = values(KlOptimal{0.1, 30.0, 2.0}, 8);
  const double first = std::atan(15.0), last = std::atan(0.05);
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(std::atan(0.5 * list[i]) == Approx(first + (last - first) * static_cast<double>(i) / 7.0).epsilon(1e-14));
}

TEST_CASE("kl_optimal: the middle of a range that mirrors at sigma_data is sigma_data") {
  CHECK(KlOptimal{0.02, 50.0, 1.0}(1, 3) == Approx(1.0).epsilon(1e-14));
  CHECK(KlOptimal{0.2, 500.0, 10.0}(1, 3) == Approx(10.0).epsilon(1e-14));
}

TEST_CASE("kl_optimal: both ends are exact, one step is the greater") {
  for (const std::size_t count : {2u, 3u, 18u, 1001u}) {
    CHECK(KlOptimal{}(0, count) == 80.0);
    CHECK(KlOptimal{}(count - 1, count) == 0.002);
  }
  CHECK(KlOptimal{}(0, 1) == 80.0);
}

TEST_CASE("kl_optimal: what makes no schedule is rejected") {
  CHECK_REJECTS((KlOptimal{0.0, 1.0, 1.0}(0, 2)), "`sigma_min` is 0");
  CHECK_REJECTS((KlOptimal{0.1, 1.0, 0.0}(0, 2)), "`sigma_data` is 0; expected a finite positive number");
  CHECK_REJECTS(KlOptimal{}(2, 2), "`i` is 2");
}

TEST_CASE("kl_optimal: stays between its ends where the angles are one") {
  for (const KlOptimal schedule : {KlOptimal{0.5, 80.0, 1e-300}, KlOptimal{1e-300, 1.0, 1e7}, KlOptimal{0.3, 0.30000001, 1e-9}})
    for (std::size_t i = 0; i < 9; ++i) {
      CHECK(schedule(i, 9) >= schedule.sigma_min);
      CHECK(schedule(i, 9) <= schedule.sigma_max);
    }
}
