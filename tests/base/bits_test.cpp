// SPDX-License-Identifier: MIT
#include <eigenguide/base/bits.hpp>

#include <support/catch.hpp>

#include <limits>

using eigenguide::is_finite;
using eigenguide::is_nan;

namespace {

using Limits = std::numeric_limits<double>;

}  // namespace

TEST_CASE("bits: finite, infinite and NaN are told apart") {
  for (const double finite : {0.0, -0.0, 1.0, -Limits::max(), Limits::denorm_min()}) {
    CHECK(is_finite(finite));
    CHECK_FALSE(is_nan(finite));
  }
  for (const double infinite : {Limits::infinity(), -Limits::infinity()}) {
    CHECK_FALSE(is_finite(infinite));
    CHECK_FALSE(is_nan(infinite));
  }
  for (const double nan : {Limits::quiet_NaN(), -Limits::quiet_NaN()}) {
    CHECK_FALSE(is_finite(nan));
    CHECK(is_nan(nan));
  }
}
