// SPDX-License-Identifier: MIT
#include <eigenguide/noise/ramp.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

TEST_CASE("ramp: from 0 to 1, exact at both ends") {
  CHECK(ramp(0, 5) == 0.0);
  CHECK(ramp(1, 5) == 0.25);
  CHECK(ramp(3, 5) == 0.75);
  for (const std::size_t count : {2u, 3u, 7u, 49u, 1000u, 123457u}) CHECK(ramp(count - 1, count) == 1.0);
}

TEST_CASE("ramp: one alone is 0, and a huge count is no trouble") {
  CHECK(ramp(0, 1) == 0.0);
  CHECK(ramp(std::size_t{1} << 39, (std::size_t{1} << 40) + 1) == 0.5);
}

TEST_CASE("ramp: a number that is not of the list is rejected") {
  CHECK_REJECTS(ramp(3, 3), "`i` is 3; expected a number of the list, less than `count`");
  CHECK_REJECTS(ramp(0, 0), "`i` is 0");
}

TEST_CASE("ramp: the range of levels") {
  CHECK_NOTHROW(require_sigma_range(0.5, 0.5));
  CHECK_REJECTS(require_sigma_range(0.1, 0.0), "`sigma_max` is 0; expected a finite positive number");
  CHECK_REJECTS(require_sigma_range(0.1, std::numeric_limits<double>::infinity()), "`sigma_max` is inf");
  CHECK_REJECTS(require_sigma_range(0.0, 1.0), "`sigma_min` is 0; expected a positive number, at most `sigma_max`");
  CHECK_REJECTS(require_sigma_range(2.0, 1.0), "`sigma_min` is 2");
  CHECK_REJECTS(require_sigma_range(std::numeric_limits<double>::quiet_NaN(), 1.0), "`sigma_min` is nan");
}

TEST_CASE("ramp: a level is kept between the first and the last") {
  CHECK(in_sigma_range(0.09, 0.1, 1.0) == 0.1);
  CHECK(in_sigma_range(0.5, 0.1, 1.0) == 0.5);
  CHECK(in_sigma_range(1.1, 0.1, 1.0) == 1.0);
}
