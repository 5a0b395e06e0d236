// SPDX-License-Identifier: MIT
#include <eigenguide/noise/karras.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

TEST_CASE("karras: the paper's levels, evenly spaced in their root of order rho") {
  const Karras schedule{0.02, 20.0, 5.0};
  const auto list = values(schedule, 9);
  const double first = std::pow(20.0, 0.2), last = std::pow(0.02, 0.2);
  for (std::size_t i = 0; i < list.size(); ++i)
    CHECK(std::pow(list[i], 0.2) == Approx(first + (last - first) * static_cast<double>(i) / 8.0).epsilon(1e-13));
}

TEST_CASE("karras: the middle of EDM's default range, by 50-digit arithmetic") {
  CHECK(Karras{}(1, 3) == Approx(2.5152189761471586).epsilon(1e-13));
}

TEST_CASE("karras: both ends are exact, one step is the greater") {
  for (const std::size_t count : {2u, 3u, 18u, 1001u}) {
    CHECK(Karras{}(0, count) == 80.0);
    CHECK(Karras{}(count - 1, count) == 0.002);
  }
  CHECK(Karras{}(0, 1) == 80.0);
  CHECK(Karras{0.7, 0.7, 7.0}(1, 3) == Approx(0.7).epsilon(1e-14));
}

TEST_CASE("karras: rho 1 is a straight line, and levels fall") {
  CHECK(Karras{1.0, 3.0, 1.0}(1, 3) == 2.0);
  const auto list = sigmas(Karras{}, 1000);
  for (std::size_t i = 0; i + 1 < list.size(); ++i) REQUIRE(list[i] > list[i + 1]);
}

TEST_CASE("karras: what makes no schedule is rejected") {
  CHECK_REJECTS((Karras{0.0, 1.0, 7.0}(0, 2)), "`sigma_min` is 0");
  CHECK_REJECTS((Karras{0.1, -1.0, 7.0}(0, 2)), "`sigma_max` is -1");
  CHECK_REJECTS((Karras{0.1, 1.0, 0.0}(0, 2)), "`rho` is 0; expected a number in (0, 1e6]");
  CHECK_REJECTS((Karras{0.1, 1.0, 1e15}(0, 2)), "`rho` is 1e+15");
  CHECK_REJECTS((Karras{0.1, 1.0, std::numeric_limits<double>::quiet_NaN()}(0, 2)), "`rho` is nan");
  CHECK_REJECTS(Karras{}(2, 2), "`i` is 2");
}

TEST_CASE("karras: any rho of its range gives levels that fall") {
  for (const double rho : {1e-300, 1e-3, 0.1, 1e3, 1e6}) {
    const auto list = sigmas(Karras{0.002, 80.0, rho}, 5);
    CHECK(list.front() == 80.0);
    CHECK(list[4] == 0.002);
    for (std::size_t i = 1; i < 5; ++i) {
      CHECK(is_finite(list[i]));
      CHECK(list[i] <= list[i - 1]);
    }
  }
}

TEST_CASE("karras: a large rho tends to the exponential schedule") {
  for (const double rho : {1e3, 1e5, 1e6})
    for (std::size_t i = 1; i < 17; ++i) {
      const long double x = i / 17.0L, span = std::log(0.002L / 80.0L);
      const double want = static_cast<double>(80.0L * std::exp(rho * std::log1p(x * std::expm1(span / rho))));
      CHECK(Karras{0.002, 80.0, rho}(i, 18) == Approx(want).epsilon(2e-16 * rho));
    }
  CHECK(Karras{0.002, 80.0, 1e6}(1, 5) == Approx(80.0 * std::pow(0.002 / 80.0, 0.25)).epsilon(1e-4));
}
