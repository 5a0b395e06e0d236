// SPDX-License-Identifier: MIT
#include <eigenguide/noise/linear_multistep.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

TEST_CASE("linear_multistep: even steps have the textbook's weights") {
  const std::vector<double> t{0.0, 1.0, 2.0, 3.0, 4.0};
  CHECK(linear_multistep_weight(t, 1, 2, 0) == Approx(1.0).epsilon(1e-14));
  CHECK(linear_multistep_weight(t, 2, 2, 0) == Approx(3.0 / 2.0).epsilon(1e-14));
  CHECK(linear_multistep_weight(t, 2, 2, 1) == Approx(-1.0 / 2.0).epsilon(1e-14));
  const double third[] = {23.0 / 12.0, -16.0 / 12.0, 5.0 / 12.0};
  const double fourth[] = {55.0 / 24.0, -59.0 / 24.0, 37.0 / 24.0, -9.0 / 24.0};
  for (std::size_t j = 0; j < 3; ++j) CHECK(linear_multistep_weight(t, 3, 3, j) == Approx(third[j]).epsilon(1e-13));
  for (std::size_t j = 0; j < 4; ++j) CHECK(linear_multistep_weight(t, 4, 3, j) == Approx(fourth[j]).epsilon(1e-13));
}

TEST_CASE("linear_multistep: a derivative that is a polynomial is integrated exactly, at every order") {
  const std::vector<double> t{5.0, 4.1, 3.3, 2.9, 2.2, 1.9, 1.1, 0.8, 0.1};
  for (std::size_t order = 1; order <= 8; ++order) {
    const double power = static_cast<double>(order);
    double sum = 0.0, size = 0.0;
    for (std::size_t j = 0; j < order; ++j) {
      const double term = linear_multistep_weight(t, order, 7, j) * power * std::pow(t[7 - j], power - 1.0);
      sum += term;
      size += std::fabs(term);
    }
    CHECK(sum == Approx(std::pow(0.1, power) - std::pow(0.8, power)).epsilon(0.0).margin(1e-14 * size));
  }
}

TEST_CASE("linear_multistep: levels at the end of double, whose sum is beyond it") {
  CHECK(linear_multistep_weight({1.7e308, 1.6e308, 1.5e308}, 2, 1, 0) == Approx(-1.5e307).epsilon(1e-14));
  CHECK(linear_multistep_weight({1.7e308, 1.6e308, 1.5e308}, 2, 1, 1) == Approx(0.5e307).epsilon(1e-14));
  CHECK_REJECTS(linear_multistep_weight({1.7e308, 0.0, -1.7e308}, 2, 1, 0), "`t` is 0; expected levels whose weights are within double");
  CHECK_REJECTS(linear_multistep_weight({-1.7e308, 1.7e308, 0.0}, 2, 1, 0), "`t` is 1.7e+308; expected levels whose");
  const std::vector<double> across{0.9e308, -0.9e308, 0.9e308};  // a quotient by an infinite difference is 0
  CHECK_REJECTS(linear_multistep_weight(across, 2, 1, 0), "`t` is -9e+307; expected levels whose differences are within double");
  CHECK_REJECTS(linear_multistep_weight(across, 2, 1, 1), "`t` is 9e+307; expected levels whose differences");
  CHECK_REJECTS(linear_multistep_weight({std::numeric_limits<double>::infinity(), 1.0, 0.0}, 2, 1, 0), "`t` is inf; expected a finite number");
}

TEST_CASE("linear_multistep: what is no step is rejected") {
  const std::vector<double> t{3.0, 2.0, 2.0, 1.0};
  CHECK_REJECTS(linear_multistep_weight(t, 1, 3, 0), "`i` is 3; expected a step of the run");
  CHECK_REJECTS(linear_multistep_weight(t, 2, 0, 0), "`order` is 2; expected a number from 1 to 8, at most `i` + 1");
  CHECK_REJECTS(linear_multistep_weight(t, 0, 0, 0), "`order` is 0");
  CHECK_REJECTS(linear_multistep_weight(t, 1, 0, 1), "`j` is 1; expected a number less than `order`");
  CHECK_REJECTS(linear_multistep_weight(t, 2, 2, 0), "`t` is 2; expected levels that differ");
  CHECK_REJECTS(linear_multistep_weight({std::numeric_limits<double>::quiet_NaN(), 0.0}, 1, 0, 0), "`t` is nan");
}
