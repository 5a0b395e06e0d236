// SPDX-License-Identifier: MIT
#include <eigenguide/noise/ancestral_step.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("ancestral_step: by hand") {
  // σ_up² = 4 · (25 − 4) / 25 = 3.36, σ_down² = 4 − 3.36
  CHECK(ancestral_step(5.0, 2.0).sigma_up == Approx(std::sqrt(3.36)).epsilon(1e-14));
  CHECK(ancestral_step(5.0, 2.0).sigma_down == Approx(0.8).epsilon(1e-14));
  CHECK(ancestral_step(5.0, 2.0, 0.5).sigma_up == Approx(0.5 * std::sqrt(3.36)).epsilon(1e-14));
}

TEST_CASE("ancestral_step: the variances add up to that of the end") {
  for (const double eta : {0.0, 0.3, 1.0, 1.7}) {
    const AncestralStep step = ancestral_step(10.0, 7.0, eta);
    CHECK(std::hypot(step.sigma_down, step.sigma_up) == Approx(7.0).epsilon(1e-14));
  }
}

TEST_CASE("ancestral_step: a small step and a small rest, of which squares would lose digits") {
  const double small = std::ldexp(1.0, -40), near = 1.0 - small;
  const double leg = std::ldexp(std::sqrt(2.0 - small), -20);  // √(1 − near²)
  CHECK(ancestral_step(1.0, near).sigma_up == Approx(near * leg).epsilon(1e-15));
  CHECK(ancestral_step(1e30, 1.0, near).sigma_down == Approx(leg).epsilon(1e-15));
}

TEST_CASE("ancestral_step: its limits") {
  CHECK(ancestral_step(5.0, 2.0, 0.0).sigma_down == 2.0);
  CHECK(ancestral_step(5.0, 2.0, 0.0).sigma_up == 0.0);
  CHECK(ancestral_step(5.0, 0.0).sigma_down == 0.0);
  CHECK(ancestral_step(5.0, 0.0).sigma_up == 0.0);
  CHECK(ancestral_step(5.0, 5.0).sigma_down == 5.0);
  CHECK(ancestral_step(5.0, 2.0, 4.0).sigma_up == 2.0);  // no more noise than the level has
  CHECK(ancestral_step(5.0, 2.0, 4.0).sigma_down == 0.0);
}

TEST_CASE("ancestral_step: what is no step down is rejected") {
  CHECK_REJECTS(ancestral_step(0.0, 0.0), "`sigma_from` is 0; expected a finite positive number");
  CHECK_REJECTS(ancestral_step(1.0, 2.0), "`sigma_to` is 2; expected a number in [0, `sigma_from`]");
  CHECK_REJECTS(ancestral_step(2.0, 1.0, -1.0), "`eta` is -1");
}
