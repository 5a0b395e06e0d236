// SPDX-License-Identifier: MIT
#include <eigenguide/noise/sigmas.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

using namespace eigenguide;

namespace {

/// Counts down to 1.
struct Countdown {
  double operator()(std::size_t i, std::size_t count) const { return static_cast<double>(count - i); }
};

}  // namespace

TEST_CASE("sigmas: the values, then the 0 at which the last step ends") {
  CHECK(values(Countdown{}, 3) == std::vector<double>{3.0, 2.0, 1.0});
  CHECK(sigmas(Countdown{}, 3) == std::vector<double>{3.0, 2.0, 1.0, 0.0});
  CHECK(sigmas(Countdown{}, 1) == std::vector<double>{1.0, 0.0});
}

TEST_CASE("sigmas: no steps have no levels") {
  CHECK(values(Countdown{}, 0).empty());
  CHECK(sigmas(Countdown{}, 0).empty());
}

TEST_CASE("sigmas: more values than a list has are rejected before one is made") {
  check_count_is_bounded("count", [](std::size_t count) { return values(Countdown{}, count); });
  check_count_is_bounded("count", [](std::size_t count) { return sigmas(Countdown{}, count); });
}
