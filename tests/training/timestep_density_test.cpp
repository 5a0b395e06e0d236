// SPDX-License-Identifier: MIT
#include <eigenguide/training/timestep_density.hpp>

#include <eigenguide/training/loss_weight.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

TEST_CASE("timestep_density: logit-normal times have the logit that was drawn") {
  const LogitNormalTimes times{0.5, 2.0};
  for (const double normal : {-3.0, -0.4, 0.0, 1.7}) {
    const double t = times(normal);
    CHECK(std::log(t / (1 - t)) == Approx(0.5 + 2.0 * normal).margin(1e-12));
  }
  CHECK(LogitNormalTimes{}(0.0) == 0.5);
  CHECK(LogitNormalTimes{}(1000.0) == 1.0);
  CHECK(LogitNormalTimes{}(-1000.0) == 0.0);
  CHECK(LogitNormalTimes{0.0, 0.0}(3.0) == 0.5);
}

TEST_CASE("timestep_density: mode times fall from 1 to 0 within the paper's range") {
  for (const double scale : {-1.0, 0.0, 1.29, 1.75}) {
    const ModeTimes times{scale};
    CHECK(times(0.0) == 1.0);
    CHECK(times(1.0) == Approx(0.0).margin(1e-15));
    CHECK(times(0.5) == Approx(0.5));
    double last = 1.0;
    for (int i = 1; i <= 100; ++i) {
      const double t = times(i / 100.0);
      CHECK(t <= last + 1e-15);
      last = t;
    }
  }
  CHECK(ModeTimes{}(0.3) == Approx(0.7));
  CHECK(ModeTimes{1.29}(0.25) == Approx(0.75 - 1.29 * (0.5 * (1 + std::sqrt(0.5)) - 0.75)));
}

TEST_CASE("timestep_density: cosmap times have the density that cosmap weighs with") {
  CHECK(CosmapTimes{}(0.0) == 0.0);
  CHECK(CosmapTimes{}(1.0) == Approx(1.0));
  for (const double u : {0.1, 0.4, 0.5, 0.9}) {
    const double t = CosmapTimes{}(u), step = 1e-5;
    CHECK(t == Approx(1 - 1 / (std::tan(3.141592653589793 * u / 2) + 1)));
    const double slope = (CosmapTimes{}(u + step) - CosmapTimes{}(u - step)) / (2 * step);
    CHECK(slope == Approx(1 / cosmap_weight(t)).epsilon(1e-8));
  }
}

TEST_CASE("timestep_density: uniform times are the draws") { CHECK(UniformTimes{}(0.3) == 0.3); }

TEST_CASE("timestep_density: bad draws and parameters are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(UniformTimes{}(1.5), "`u` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(ModeTimes{}(-0.5), "`u` is -0.5");
  CHECK_REJECTS(ModeTimes{nan}(0.5), "`scale`");
  CHECK_REJECTS(CosmapTimes{}(nan), "`u`");
  CHECK_REJECTS(LogitNormalTimes{}(nan), "`normal`");
  CHECK_REJECTS((LogitNormalTimes{0.0, -1.0}(0.0)), "`std` is -1");
  CHECK_REJECTS((LogitNormalTimes{nan, 1.0}(0.0)), "`mean`");
}
