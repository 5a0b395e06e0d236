// SPDX-License-Identifier: MIT
#include <eigenguide/noise/posterior.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

TEST_CASE("posterior: is Bayes' rule for two Gaussian steps") {
  // x_{t-1} ~ N(a x0, A) and x_t | x_{t-1} ~ N(b x_{t-1}, B): precisions add up.
  for (const double before : {0.999, 0.7, 0.2})
    for (const double beta : {1e-4, 0.02, 0.5, 0.99}) {
      const double a = std::sqrt(before), A = 1 - before, b = std::sqrt(1 - beta), B = beta;
      const double variance = 1 / (1 / A + b * b / B);
      const Posterior step = posterior(before * (1 - beta), before);
      CHECK(step.variance == Approx(variance).epsilon(1e-10));
      CHECK(step.mean_x0 == Approx(variance * a / A).epsilon(1e-10));
      CHECK(step.mean_x == Approx(variance * b / B).epsilon(1e-10));
    }
}

TEST_CASE("posterior: the first timestep gives x0, without noise") {
  const Posterior step = posterior(0.99, 1.0);
  CHECK(step.variance == 0.0);
  CHECK(step.mean_x0 == Approx(1.0).epsilon(1e-15));
  CHECK(step.mean_x == 0.0);
}

TEST_CASE("posterior: from pure noise x does not matter") {
  const Posterior step = posterior(0.0, 0.25);
  CHECK(step.variance == 0.75);
  CHECK(step.mean_x0 == 0.5);
  CHECK(step.mean_x == 0.0);
}

TEST_CASE("posterior: a step that adds no noise stays") {
  const Posterior step = posterior(0.5, 0.5);
  CHECK(step.variance == 0.0);
  CHECK(step.mean_x0 == 0.0);
  CHECK(step.mean_x == 1.0);
}

TEST_CASE("posterior: what is no reverse step is rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(posterior(1.0, 1.0), "`alpha_bar` is 1; expected a number in [0, 1)");
  CHECK_REJECTS(posterior(nan, 1.0), "`alpha_bar`");
  CHECK_REJECTS(posterior(0.5, 0.4), "`alpha_bar_before` is 0.4");
  CHECK_REJECTS(posterior(0.0, 0.0), "`alpha_bar_before` is 0");
  CHECK_REJECTS(posterior(0.5, nan), "`alpha_bar_before`");
}
