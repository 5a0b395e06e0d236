// SPDX-License-Identifier: MIT
#include <eigenguide/noise/level.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

TEST_CASE("level: the three coordinate systems") {
  CHECK(variance_preserving(0.64).alpha == Approx(0.8));
  CHECK(variance_preserving(0.64).sigma == Approx(0.6));
  CHECK(variance_exploding(80.0).alpha == 1.0);
  CHECK(variance_exploding(80.0).sigma == 80.0);
  CHECK(rectified_flow(0.25).alpha == 0.75);
  CHECK(rectified_flow(0.25).sigma == 0.25);
}

TEST_CASE("level: the ends of each coordinate are levels") {
  CHECK(variance_preserving(0.0).sigma == 1.0);
  CHECK(variance_preserving(1.0).sigma == 0.0);
  CHECK(variance_exploding(0.0).alpha == 1.0);
  CHECK(rectified_flow(0.0).alpha == 1.0);
  CHECK(rectified_flow(1.0).alpha == 0.0);
}

TEST_CASE("level: numbers that are no level are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(variance_exploding(-1.0), "`sigma` is -1; expected a finite number, at least 0");
  CHECK_REJECTS(variance_preserving(1.5), "`alpha_bar` is 1.5");
  CHECK_REJECTS(variance_preserving(nan), "`alpha_bar`");
  CHECK_REJECTS(rectified_flow(-0.1), "`t` is -0.1; expected a number in [0, 1]");
  CHECK_REJECTS((Level{-0.5, 1.0}).validate(), "`alpha` is -0.5");
  CHECK_REJECTS((Level{nan, 1.0}).validate(), "`alpha`");
  CHECK_REJECTS((Level{1.0, 1.0 / 0.0}).validate(), "`sigma` is inf");
  CHECK_REJECTS((Level{0.0, 0.0}).validate(), "`alpha` is 0; expected a positive number where `sigma` is 0");
}
