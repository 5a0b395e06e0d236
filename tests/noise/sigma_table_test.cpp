// SPDX-License-Identifier: MIT
#include <eigenguide/noise/sigma_table.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

TEST_CASE("sigma_table: holds its entries and interpolates their logarithm") {
  const SigmaTable table({0.5, 2.0, 32.0});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(table.sigma(double(i)) == table.sigmas()[i]);
    CHECK(table.linear_sigma(double(i)) == table.sigmas()[i]);
    CHECK(table.timestep(table.sigmas()[i]) == double(i));
  }
  CHECK(table.sigma(0.5) == Approx(1.0).epsilon(1e-15));
  CHECK(table.sigma(1.25) == Approx(4.0).epsilon(1e-15));
  CHECK(table.linear_sigma(0.5) == 1.25);
  CHECK(table.linear_sigma(1.25) == 9.5);
}

TEST_CASE("sigma_table: timestep is the inverse of sigma") {
  const SigmaTable table({0.01, 0.05, 0.3, 1.5, 14.6});
  for (int step = 0; step <= 400; ++step) {
    const double t = step / 100.0;
    CHECK(table.timestep(table.sigma(t)) == Approx(t).margin(1e-13));
  }
}

TEST_CASE("sigma_table: between neighbours nothing is beyond them, however near they are") {
  bool logarithm_holds = true, line_holds = true;
  for (const double first : {0.002, 0.7, 14.6, 1e300}) {
    const double next = std::nextafter(first, 2.0 * first);
    for (const SigmaTable& table : {SigmaTable({first, next}), SigmaTable({next, first})})
      for (const double t : {0.1, 0.3, 0.5, 0.7, 0.9}) {
        const double sigma = table.sigma(t), linear = table.linear_sigma(t);
        logarithm_holds = logarithm_holds && sigma >= first && sigma <= next;
        line_holds = line_holds && linear >= first && linear <= next;
      }
  }
  CHECK(logarithm_holds);
  CHECK(line_holds);
}

TEST_CASE("sigma_table: stays at its ends") {
  const SigmaTable table({0.5, 2.0, 32.0});
  CHECK(table.sigma(-7.0) == 0.5);
  CHECK(table.sigma(1e300) == 32.0);
  CHECK(table.linear_sigma(-1.0) == 0.5);
  CHECK(table.linear_sigma(3.0) == 32.0);
  CHECK(table.timestep(1e-300) == 0.0);
  CHECK(table.timestep(1e300) == 2.0);
}

TEST_CASE("sigma_table: one timestep is everywhere") {
  const SigmaTable table({3.0});
  CHECK(table.sigma(0.5) == 3.0);
  CHECK(table.timestep(2.0) == 0.0);
  CHECK(table.timestep(3.0) == 0.0);
  CHECK(table.timestep(4.0) == 0.0);
}

TEST_CASE("sigma_table: a table that has no inverse, and what lies in none, are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(SigmaTable({}), "`sigmas` is empty");
  CHECK_REJECTS(SigmaTable({1.0, 1.0, 2.0}), "`sigmas` is 1; expected positive numbers that rise");
  CHECK_REJECTS(SigmaTable({0.0, 1.0}), "`sigmas` is 0");
  CHECK_REJECTS(SigmaTable({1.0, 1.0 / 0.0}), "`sigmas` is inf");
  const SigmaTable table({0.5, 2.0});
  CHECK_REJECTS(table.sigma(nan), "`t`");
  CHECK_REJECTS(table.linear_sigma(1.0 / 0.0), "`t` is inf");
  CHECK_REJECTS(table.timestep(0.0), "`sigma` is 0");
  CHECK_REJECTS(table.timestep(nan), "`sigma`");
}

TEST_CASE("sigma_table: the last entry may be out of order, as of zero terminal SNR") {
  const SigmaTable table({0.5, 2.0, 32.0, 8.0});
  CHECK(table.sigma(2.5) == Approx(16.0).epsilon(1e-15));
  CHECK(table.timestep(1.0) == Approx(0.5).epsilon(1e-15));
  CHECK(table.timestep(4.0) == Approx(1.25).epsilon(1e-15));
  CHECK(table.timestep(8.0) == 3.0);
  CHECK(table.timestep(16.0) == Approx(2.5).epsilon(1e-15));
  CHECK(table.timestep(32.0) == 2.0);
  CHECK(table.timestep(64.0) == 2.0);
  CHECK(SigmaTable({1.0, 1.0}).timestep(1.0) == 1.0);
}
