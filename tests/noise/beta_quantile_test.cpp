// SPDX-License-Identifier: MIT
#include <eigenguide/noise/beta_quantile.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

TEST_CASE("beta_quantile: its values, by 50-digit arithmetic") {
  const auto near = [](double value) { return Approx(value).epsilon(1e-13); };
  CHECK(beta_quantile(0.3, 0.6, 0.6) == near(0.23401700387523588));
  CHECK(beta_quantile(0.75, 2.0, 5.0) == near(0.38947948520072443));
  CHECK(beta_quantile(0.5, 0.05, 3.0) == near(2.1934966675234507e-7));
  CHECK(beta_quantile(0.01, 70.0, 30.0) == near(0.58874821929483729));
  CHECK(beta_quantile(1e-12, 0.6, 1.2) == near(8.0939358571728291e-21));
}

TEST_CASE("beta_quantile: the distributions whose quantiles are elementary") {
  const double pi = std::acos(-1.0);
  for (int step = 1; step < 200; ++step) {
    const double p = step / 200.0;
    REQUIRE(std::fabs(beta_quantile(p, 1.0, 1.0) - p) < 1e-14);
    REQUIRE(std::fabs(beta_quantile(p, 3.0, 1.0) - std::cbrt(p)) < 1e-14);
    REQUIRE(std::fabs(beta_quantile(p, 1.0, 0.25) - (1.0 - std::pow(1.0 - p, 4.0))) < 1e-14);
    REQUIRE(std::fabs(beta_quantile(p, 0.5, 0.5) - std::pow(std::sin(0.5 * pi * p), 2.0)) < 1e-14);
    // I_x(2, 2) = 3x² − 2x³
    const double cubic = 0.5 + std::cos((2.0 * pi - std::acos(1.0 - 2.0 * p)) / 3.0);
    REQUIRE(std::fabs(beta_quantile(p, 2.0, 2.0) - cubic) < 1e-14);
  }
}

TEST_CASE("beta_quantile: its ends, its middle, its mirror") {
  CHECK(beta_quantile(0.0, 0.6, 0.6) == 0.0);
  CHECK(beta_quantile(1.0, 0.6, 0.6) == 1.0);
  for (const double alpha : {0.05, 0.6, 1.0, 7.0, 1e4}) CHECK(beta_quantile(0.5, alpha, alpha) == 0.5);
  for (const double p : {0.125, 0.375, 0.875})
    CHECK(beta_quantile(p, 0.7, 3.0) == Approx(1.0 - beta_quantile(1.0 - p, 3.0, 0.7)).epsilon(1e-13));
}

TEST_CASE("beta_quantile: it rises, however extreme the distribution") {
  for (const double alpha : {1e-3, 0.05, 1.0, 30.0, 1e4})
    for (const double beta : {1e-3, 0.4, 2.0, 500.0, 1e4}) {
      double before = 0.0;
      for (int step = 0; step <= 64; ++step) {
        const double x = beta_quantile(step / 64.0, alpha, beta);
        REQUIRE(x >= before);
        REQUIRE(x <= 1.0);
        before = x;
      }
    }
}

TEST_CASE("beta_quantile: what is no distribution is rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(beta_quantile(-0.1, 1.0, 1.0), "`p` is -0.1; expected a number in [0, 1]");
  CHECK_REJECTS(beta_quantile(nan, 1.0, 1.0), "`p` is nan");
  CHECK_REJECTS(beta_quantile(0.5, 0.0, 1.0), "`alpha` is 0; expected a number in [0.001, 10000]");
  CHECK_REJECTS(beta_quantile(0.5, 1.0, 2e4), "`beta` is 20000");
  for (const double shape : {1e-309, 1e-306, 1e-200, 9.9e-4}) {
    CHECK_REJECTS(beta_quantile(0.5, shape, 1e4), "`alpha` is");
    CHECK_REJECTS(beta_quantile(0.5, 1.0, shape), "`beta` is");
  }
}

TEST_CASE("beta_quantile: of the least shapes, to the error that is promised") {
  for (int step = 1; step < 64; ++step)
    for (const double shape : {1e-3, 1e-2, 0.1}) {
      const double p = std::pow(step / 64.0, shape), x = static_cast<double>(std::pow(static_cast<long double>(p), 1.0L / shape));
      REQUIRE(std::fabs(beta_quantile(p, shape, 1.0) - x) < 1e-13 + 1e-15 / shape);
    }
  CHECK(beta_quantile(0.5, 1e-3, 1.0) * std::ldexp(1.0, 1000) == Approx(1.0).epsilon(4e-12));
  CHECK(beta_quantile(0.5, 1.0, 1e-3) == 1.0);
  CHECK(beta_quantile(0.5, 1e-3, 1e4) < 1e-300);
}
