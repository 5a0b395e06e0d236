// SPDX-License-Identifier: MIT
#include <eigenguide/noise/variance_preserving_sigmas.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("variance_preserving_sigmas: the formula at even times") {
  const auto list = values(VariancePreservingSigmas{8.0, 0.5, 0.1}, 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const double t = 1.0 - 0.3 * static_cast<double>(i);
    CHECK(list[i] == Approx(std::sqrt(std::exp(4.0 * t * t + 0.5 * t) - 1.0)).epsilon(1e-13));
  }
}

TEST_CASE("variance_preserving_sigmas: small times lose no digits, great ones do not overflow") {
  CHECK(VariancePreservingSigmas{0.0, 1.0, 1e-20}(1, 2) == Approx(1e-10).epsilon(1e-14));
  CHECK(VariancePreservingSigmas{2800.0, 0.0, 1e-3}(0, 1) == Approx(std::exp(700.0)).epsilon(1e-12));
}

TEST_CASE("variance_preserving_sigmas: one step is t = 1, and the last time may be 0") {
  CHECK(VariancePreservingSigmas{}(0, 1) == VariancePreservingSigmas{}(0, 20));
  CHECK(VariancePreservingSigmas{19.9, 0.1, 0.0}(1, 2) == 0.0);
}

TEST_CASE("variance_preserving_sigmas: what makes no schedule is rejected") {
  CHECK_REJECTS((VariancePreservingSigmas{-1.0, 0.1, 0.001}(0, 2)),
                "`beta_d` is -1; expected a finite number, at least 0");
  CHECK_REJECTS((VariancePreservingSigmas{1.0, -0.1, 0.001}(0, 2)), "`beta_min` is -0.1");
  CHECK_REJECTS((VariancePreservingSigmas{3000.0, 0.1, 0.001}(0, 2)), "`beta_d` is 3000");
  CHECK_REJECTS((VariancePreservingSigmas{1.0, 0.1, 1.5}(0, 2)), "`eps_s` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(VariancePreservingSigmas{}(2, 2), "`i` is 2");
}
