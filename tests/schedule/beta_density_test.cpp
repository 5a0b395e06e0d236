// SPDX-License-Identifier: MIT
#include <eigenguide/schedule/beta_density.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

double density(double a, double b, double t) { return static_cast<double>(BetaDensity{a, b}(t)); }

}  // namespace

TEST_CASE("beta density: the density is that of the Beta distribution") {
  CHECK(density(2.0, 2.0, 0.5) == Approx(1.5).epsilon(1e-13));                        // 6 t (1 − t)
  CHECK(density(3.0, 2.0, 0.25) == Approx(12.0 * 0.0625 * 0.75).epsilon(1e-13));      // 12 t² (1 − t)
  CHECK(density(0.5, 0.5, 0.3) == Approx(1.0 / (3.14159265358979323846 * std::sqrt(0.21))).epsilon(1e-13));
  CHECK(density(1.0, 4.0, 0.1) == Approx(4.0 * std::pow(0.9, 3)).epsilon(1e-13));
  for (const double a : {0.2, 1.0, 2.5, 12.0, 300.0})
    for (const double b : {0.7, 3.0, 40.0}) {
      const double t = 0.37, log_beta = std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
      const double want = (a - 1) * std::log(t) + (b - 1) * std::log(1 - t) - log_beta;
      CHECK(std::log(density(a, b, t)) == Approx(want).epsilon(1e-12).margin(1e-12));
    }
}

TEST_CASE("beta density: the mean of the density over a run is 1") {
  for (const double a : {1.5, 2.0, 5.0}) {
    double sum = 0.0;
    const int steps = 20000;
    for (int i = 0; i < steps; ++i) sum += density(a, 3.0, (i + 0.5) / steps);
    CHECK(sum / steps == Approx(1.0).epsilon(1e-5));
  }
}

TEST_CASE("beta density: at the ends it is 0, or the slope that is left") {
  CHECK(density(2.0, 2.0, 0.0) == 0.0);
  CHECK(density(2.0, 2.0, 1.0) == 0.0);
  CHECK(density(1.0, 4.0, 0.0) == 4.0);
  CHECK(density(3.0, 1.0, 1.0) == 3.0);
  CHECK(density(1.0, 1.0, 0.0) == 1.0);
  CHECK_FALSE(is_finite(density(0.5, 2.0, 0.0)));
  CHECK_FALSE(is_finite(density(2.0, 0.5, 1.0)));
}

TEST_CASE("beta: a scale over the share of the run that is done") {
  CHECK(Beta{7.5, {2.0, 2.0}}({2, 4, {}}) == Approx(7.5 * 1.5));
  CHECK(Beta{7.5, {2.0, 2.0}}({0, 4, {}}) == 0.0);
  CHECK(Beta{}({3, 4, {}}) == 1.0);
  const std::size_t many = std::size_t{1} << 60;  // whose last share rounds to 1
  CHECK(is_finite(Beta{1.0, {2.0, 0.5}}({many - 1, many, {}})));
  CHECK_REJECTS((Beta{1.0, {0.5, 1.0}}({0, 4, {}})), "`step` is 0; expected more than 0");
  CHECK_REJECTS((Beta{1.0, {0.0, 1.0}}.validate()), "`a` is 0");
  CHECK_REJECTS((Beta{1.0, {1.0, 2000.0}}.validate()), "`b` is 2000");
}
