// SPDX-License-Identifier: MIT
#include <eigenguide/noise/betas.hpp>
#include <eigenguide/noise/sigmas.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>
#include <utility>

using namespace eigenguide;

TEST_CASE("betas: each schedule is its formula") {
  const double first = 0.00085, last = 0.012;
  for (const std::size_t count : {2U, 3U, 50U, 1000U}) {
    for (std::size_t i = 0; i < count; ++i) {
      const double p = double(i) / double(count - 1);
      CHECK(LinearBetas{first, last}(i, count) == Approx(first * (1 - p) + last * p).epsilon(1e-13));
      CHECK(ScaledLinearBetas{first, last}(i, count) ==
            Approx(std::pow(std::sqrt(first) * (1 - p) + std::sqrt(last) * p, 2)).epsilon(1e-13));
      CHECK(SqrtBetas{first, last}(i, count) ==
            Approx(std::pow(first * (1 - p) + last * p, 0.5)).epsilon(1e-13));
      const double share = 0.5 + 0.5 * std::tanh(0.5 * (12 * p - 6));  // the sigmoid
      CHECK(SigmoidBetas{first, last}(i, count) ==
            Approx(first * (1 - share) + last * share).epsilon(1e-12));
    }
  }
}

TEST_CASE("betas: the defaults are those of the papers") {
  CHECK(LinearBetas{}(0, 1000) == 1e-4);
  CHECK(LinearBetas{}(999, 1000) == 0.02);
  CHECK(ScaledLinearBetas{}(0, 1000) == Approx(0.00085).epsilon(1e-15));
  CHECK(ScaledLinearBetas{}(999, 1000) == Approx(0.012).epsilon(1e-15));
  CHECK(SqrtBetas{}(999, 1000) == std::sqrt(0.02));
  CHECK(SigmoidBetas{}(0, 1000) > 1e-4);
  CHECK(SigmoidBetas{}(999, 1000) < 0.02);
}

TEST_CASE("betas: both ends are met exactly, where the span between them is rounded") {
  for (const auto& [first, last] : {std::pair{0.49, 0.21}, {0.61, 0.06}, {0.19, 0.84}}) {
    CHECK(LinearBetas{first, last}(0, 7) == first);
    CHECK(LinearBetas{first, last}(6, 7) == last);
  }
}

TEST_CASE("betas: one timestep has the first, none give an empty list") {
  CHECK(LinearBetas{0.1, 0.2}(0, 1) == 0.1);
  CHECK(SqrtBetas{0.25, 0.5}(0, 1) == 0.5);
  CHECK(values(LinearBetas{}, 0).empty());
}

TEST_CASE("betas: may fall, stay, and reach 0 and 1") {
  CHECK(LinearBetas{0.5, 0.1}(1, 3) == Approx(0.3));
  CHECK(ScaledLinearBetas{0.25, 0.25}(7, 9) == 0.25);
  CHECK(LinearBetas{0.0, 1.0}(4, 5) == 1.0);
  CHECK(LinearBetas{0.0, 1.0}(0, 5) == 0.0);
}

TEST_CASE("betas: what is no share of a variance is rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS((LinearBetas{-0.1, 0.2}(0, 4)), "`beta_start` is -0.1; expected a number in [0, 1]");
  CHECK_REJECTS((LinearBetas{0.1, 1.5}(0, 4)), "`beta_end` is 1.5");
  CHECK_REJECTS((ScaledLinearBetas{nan, 0.2}(0, 4)), "`beta_start`");
  CHECK_REJECTS((SqrtBetas{0.1, nan}(0, 4)), "`beta_end`");
  CHECK_REJECTS((SigmoidBetas{2.0, 0.2}(0, 4)), "`beta_start` is 2");
  CHECK_REJECTS(LinearBetas{}(4, 4), "`i` is 4");
}
