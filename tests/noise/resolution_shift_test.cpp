// SPDX-License-Identifier: MIT
#include <eigenguide/noise/flow_shift.hpp>
#include <eigenguide/noise/resolution_shift.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

TEST_CASE("resolution_shift: four times the tokens are twice the shift") {
  CHECK(resolution_shift(256, 256) == 1.0);
  CHECK(resolution_shift(4096, 1024) == 2.0);
  CHECK(resolution_shift(64, 256) == 0.5);
}

TEST_CASE("resolution_shift: shifts of shifts are the shift of the whole step") {
  const double t = 0.3;
  const double at_once = shifted_time(t, resolution_shift(4096, 256));
  const double in_two = shifted_time(shifted_time(t, resolution_shift(1024, 256)), resolution_shift(4096, 1024));
  CHECK(at_once == Approx(in_two).epsilon(1e-14));
}

TEST_CASE("resolution_shift: the lines meet the points that models name") {
  const auto flux = LinearResolutionShift::flux();
  CHECK(flux(256) == 0.5);
  CHECK(flux(4096) == Approx(1.15).epsilon(1e-15));
  CHECK(flux(1024) == Approx(0.63).epsilon(1e-15));
  CHECK(LinearResolutionShift::qwen_image()(256) == 0.5);
  CHECK(LinearResolutionShift::qwen_image()(8192) == Approx(0.9));
  CHECK(LinearResolutionShift::ltx_video()(1024) == 0.95);
  CHECK(LinearResolutionShift::ltx_video()(4096) == Approx(2.05));
}

TEST_CASE("resolution_shift: the lines go on beyond their points") {
  CHECK(LinearResolutionShift{}(8192) == Approx(1.15 + 0.65 * 4096 / 3840));
  CHECK(LinearResolutionShift{}(0) == Approx(0.5 - 0.65 * 256 / 3840));
}

TEST_CASE("resolution_shift: FLUX.2's two lines, and the way between them over the steps") {
  const auto line_10 = [](double m) { return 8.73809524e-5 * m + 1.89833333; };
  const auto line_200 = [](double m) { return 1.6927e-4 * m + 0.45666666; };
  for (const double m : {0.0, 1024.0, 4300.0}) {
    CHECK(flux2_resolution_shift(m, 10) == Approx(line_10(m)).epsilon(1e-14));
    CHECK(flux2_resolution_shift(m, 200) == Approx(line_200(m)).epsilon(1e-14));
    CHECK(flux2_resolution_shift(m, 105) == Approx((line_10(m) + line_200(m)) / 2).epsilon(1e-14));
  }
  CHECK(flux2_resolution_shift(4301, 10) == line_200(4301));
  CHECK(flux2_resolution_shift(4301, 50) == line_200(4301));
}

TEST_CASE("resolution_shift: numbers of no resolution are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(resolution_shift(0, 256), "`tokens` is 0");
  CHECK_REJECTS(resolution_shift(256, -1), "`base_tokens` is -1");
  CHECK_REJECTS(LinearResolutionShift{}(nan), "`tokens`");
  CHECK_REJECTS((LinearResolutionShift{256, 256, 0.5, 1}(256)), "`max_tokens` is 256");
  CHECK_REJECTS((LinearResolutionShift{nan, 256, 0.5, 1}(256)), "`base_tokens`");
  CHECK_REJECTS((LinearResolutionShift{256, 4096, nan, 1}(256)), "`base_shift`");
  CHECK_REJECTS((LinearResolutionShift{256, 4096, 0.5, nan}(256)), "`max_shift`");
  CHECK_REJECTS(flux2_resolution_shift(-1, 10), "`tokens` is -1");
}

TEST_CASE("resolution_shift: a line that leaves double is rejected") {
  CHECK_REJECTS((LinearResolutionShift{-1e308, 1e308, 0, 1}(0)), "`max_tokens` is 1e+308; expected a number at a finite distance from `base_tokens`");
  CHECK_REJECTS((LinearResolutionShift{256, 4096, -1e308, 1e308}(4096)), "`tokens` is 4096; expected a number whose shift");
  CHECK_REJECTS((LinearResolutionShift{0, 1, 0, 1e10}(1e300)), "`tokens` is 1e+300");
  CHECK(LinearResolutionShift{0, 1.7e308, 0, 1}(0.85e308) == Approx(0.5));
}

TEST_CASE("resolution_shift: two numbers without a ratio are rejected") {
  CHECK_REJECTS(resolution_shift(1e300, 1e-300), "`tokens` is 1e+300; expected a number that has a ratio to `base_tokens`");
  CHECK_REJECTS(resolution_shift(1e-300, 1e300), "`tokens` is 1e-300");
}
