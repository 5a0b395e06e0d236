// SPDX-License-Identifier: MIT
#include <eigenguide/schedule/ramp.hpp>
#include <eigenguide/schedule/window.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

using namespace eigenguide;

namespace {

using Numbers = std::vector<double>;
constexpr double pi = 3.14159265358979323846;

}  // namespace

TEST_CASE("schedules: unconfigured, every scale is 1") {
  for (const std::size_t count : {1u, 2u, 7u}) {
    const Numbers ones(count, 1.0);
    CHECK(scales_of(Constant{}, count) == ones);
    CHECK(scales_of(Linear{}, count) == ones);
    CHECK(scales_of(Cosine{}, count) == ones);
    CHECK(scales_of(Triangle{}, count) == ones);
    CHECK(scales_of(Linear{7.1, 7.1}, count) == Numbers(count, 7.1));
    CHECK(scales_of(Cosine{7.1, 7.1, 3.0}, count) == Numbers(count, 7.1));
  }
  CHECK(scales_of(Linear{3.0, 1.0}, 0).empty());
}

TEST_CASE("linear: from the first scale to the last") {
  CHECK(scales_of(Linear{9.0, 1.0}, 5) == Numbers{9.0, 7.0, 5.0, 3.0, 1.0});
  CHECK(scales_of(Linear{9.0, 1.0}, 1) == Numbers{9.0});
  const Numbers long_run = scales_of(Linear{0.1, 0.7}, 1000000);
  CHECK(long_run.front() == 0.1);
  CHECK(long_run.back() == 0.7);
  // Exact at both ends, where the span between them is rounded.
  for (const auto& [first, last] : {std::pair{7.7, 1.6}, {2.4, 7.3}, {1.8, 3.9}}) {
    CHECK(scales_of(Linear{first, last}, 6).front() == first);
    CHECK(scales_of(Linear{first, last}, 6).back() == last);
  }
}

TEST_CASE("cosine: half a wave, bent by a power") {
  const Numbers plain = scales_of(Cosine{1.0, 9.0}, 5), bent = scales_of(Cosine{0.0, 1.0, 3.0}, 5);
  for (std::size_t i = 0; i < 5; ++i) {
    const double p = static_cast<double>(i) / 4.0;
    CHECK(plain[i] == Approx(1.0 + 8.0 * std::pow(std::sin(pi * p / 2.0), 2)));
    CHECK(bent[i] == Approx(std::pow(std::sin(pi * p * p * p / 2.0), 2)).margin(1e-15));
  }
  CHECK(plain.front() == 1.0);
  CHECK(plain.back() == 9.0);
  CHECK_REJECTS((Cosine{1.0, 2.0, 0.0}.validate()), "`power` is 0; expected a positive number");
}

TEST_CASE("triangle: up to the peak, and back") {
  CHECK(scales_of(Triangle{1.0, 5.0}, 5) == Numbers{1.0, 3.0, 5.0, 3.0, 1.0});
  CHECK(scales_of(Triangle{1.0, 5.0, 0.25}, 5)[1] == 5.0);
  CHECK(scales_of(Triangle{1.0, 5.0, 0.25}, 5)[2] == Approx(1.0 + 4.0 * 2.0 / 3.0));
  CHECK(scales_of(Triangle{1.0, 5.0, 0.0}, 3) == Numbers{5.0, 3.0, 1.0});
  CHECK(scales_of(Triangle{1.0, 5.0, 1.0}, 3) == Numbers{1.0, 3.0, 5.0});
  CHECK(scales_of(Triangle{1.0, 5.0}, 1) == Numbers{1.0});
  CHECK_REJECTS((Triangle{1.0, 2.0, -1.0}.validate()), "`at` is -1");
}

TEST_CASE("list: the first of it is the first step's") {
  CHECK(scales_of(List{{7.0, 5.0, 1.0}}, 3) == Numbers{7.0, 5.0, 1.0});
  CHECK_REJECTS((List{{7.0, 5.0, 1.0}}({0, 4, {}})), "`scales` is a list of 3; expected one for each of the run's 4 steps");
  CHECK_REJECTS((List{{std::numeric_limits<double>::quiet_NaN()}}.validate()), "`scales` is nan");
}

TEST_CASE("within: a schedule inside a window, cond or uncond outside") {
  CHECK(scales_of(within(StepWindow{0.25, 0.75}, Constant{4.0}), 4) == Numbers{1.0, 4.0, 4.0, 1.0});
  CHECK(scales_of(within(StepWindow{0.25, 0.75}, Constant{4.0}, 0.0), 4) == Numbers{0.0, 4.0, 4.0, 0.0});
  CHECK(scales_of(within(StepWindow{0.0, 0.5}, Linear{5.0, 1.0}), 5) == Numbers{5.0, 4.0, 3.0, 1.0, 1.0});
  CHECK_REJECTS(within(StepWindow{0.0, 2.0}, Constant{}).validate(), "`stop` is 2");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(within(StepWindow{}, Constant{nan}).validate(), "`scale` is nan");
  CHECK_REJECTS(within(StepWindow{}, Constant{}, nan).validate(), "`otherwise` is nan");
}

TEST_CASE("within, scales_of: any callable is a schedule") {
  const auto falling = [](const Moment& moment) { return 3.0 - static_cast<double>(moment.step); };
  CHECK(scales_of(falling, 3) == Numbers{3.0, 2.0, 1.0});
  CHECK(scales_of(within(StepWindow{0.0, 0.5}, falling), 4) == Numbers{3.0, 2.0, 1.0, 1.0});
  CHECK_REJECTS(scales_of(within(StepWindow{0.0, 2.0}, falling), 4), "`stop` is 2");
}

TEST_CASE("scales_of: more steps than a list has are rejected before one is made") {
  check_count_is_bounded("count", [](std::size_t count) { return scales_of(Constant{}, count); });
}

TEST_CASE("ramp: ends as far apart as there are numbers are finite between") {
  const double most = std::ldexp(1.0, 1023);
  CHECK(scales_of(Linear{-most, most}, 5) == std::vector<double>{-most, -most / 2, 0.0, most / 2, most});
  for (const double scale : scales_of(Cosine{most, -most, 2.0}, 7)) CHECK(std::fabs(scale) <= most);
}
