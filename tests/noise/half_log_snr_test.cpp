// SPDX-License-Identifier: MIT
#include <eigenguide/noise/half_log_snr.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

TEST_CASE("half_log_snr: in each coordinate") {
  CHECK(half_log_snr(variance_exploding(0.25)) == Approx(std::log(4.0)).epsilon(1e-15));
  CHECK(half_log_snr(rectified_flow(0.2)) == Approx(std::log(4.0)).epsilon(1e-15));
  CHECK(half_log_snr(variance_preserving(0.2)) == Approx(-0.5 * std::log(4.0)).epsilon(1e-14));
}

TEST_CASE("half_log_snr: at levels whose ratio is beyond double") {
  CHECK(half_log_snr({1e-200, 1e200}) == Approx(-400.0 * std::log(10.0)).epsilon(1e-15));
  CHECK(half_log_snr({1e200, 1e-200}) == Approx(400.0 * std::log(10.0)).epsilon(1e-15));
}

TEST_CASE("half_log_snr: there and back") {
  for (const double lambda : {-600.0, -9.0, -0.1, 0.0, 2.5, 30.0, 600.0})
    CHECK(half_log_snr(variance_exploding(variance_exploding_sigma(lambda))) == Approx(lambda).epsilon(1e-14));
  for (const double lambda : {-9.0, -0.1, 0.0, 2.5, 30.0, 600.0})
    CHECK(half_log_snr(rectified_flow(rectified_flow_time(lambda))) == Approx(lambda).epsilon(1e-11));
  CHECK(rectified_flow_time(-700.0) == 1.0);
}

TEST_CASE("half_log_snr: where it is infinite is rejected") {
  CHECK_REJECTS(half_log_snr(rectified_flow(1.0)), "`alpha` is 0");
  CHECK_REJECTS(half_log_snr(variance_exploding(0.0)), "`sigma` is 0");
  CHECK_REJECTS(variance_exploding_sigma(std::numeric_limits<double>::infinity()), "`half_log_snr` is inf");
  CHECK_REJECTS(rectified_flow_time(-701.0), "`half_log_snr` is -701; expected a number in [-700, 700]");
}
