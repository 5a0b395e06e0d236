// SPDX-License-Identifier: MIT
#include <eigenguide/noise/laplace_sigmas.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

namespace {

/// The share of a Laplace distribution that lies above `value`.
double share_above(double value, double mu, double beta) {
  const double tail = 0.5 * std::exp(-std::fabs(value - mu) / beta);
  return value > mu ? tail : 1.0 - tail;
}

}  // namespace

TEST_CASE("laplace_sigmas: the levels are quantiles of a Laplace distribution of ln sigma") {
  const auto list = values(LaplaceSigmas{1e-9, 1e9, 0.4, 0.7}, 11);
  for (std::size_t i = 1; i < 10; ++i)
    CHECK(share_above(std::log(list[i]), 0.4, 0.7) == Approx(static_cast<double>(i) / 10.0).epsilon(1e-12));
}

TEST_CASE("laplace_sigmas: the range holds, at its ends exactly") {
  const LaplaceSigmas schedule{0.5, 2.0, 0.0, 1.0};
  CHECK(schedule(0, 101) == 2.0);
  CHECK(schedule(1, 101) == 2.0);
  CHECK(schedule(50, 101) == 1.0);
  CHECK(schedule(99, 101) == 0.5);
  CHECK(schedule(100, 101) == 0.5);
  CHECK(schedule(0, 1) == 2.0);
}

TEST_CASE("laplace_sigmas: what makes no schedule is rejected") {
  CHECK_REJECTS((LaplaceSigmas{0.0, 1.0, 0.0, 0.5}(0, 2)), "`sigma_min` is 0");
  CHECK_REJECTS((LaplaceSigmas{0.1, 1.0, std::numeric_limits<double>::infinity(), 0.5}(0, 2)), "`mu` is inf");
  CHECK_REJECTS((LaplaceSigmas{0.1, 1.0, 0.0, 0.0}(0, 2)), "`beta` is 0; expected a finite positive number");
  CHECK_REJECTS(LaplaceSigmas{}(2, 2), "`i` is 2");
}
