// SPDX-License-Identifier: MIT
#include <eigenguide/method/scale.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("scale: the paper's weight 0 is scale 1, the conditional prediction") {
  CHECK(scale_from_weight(0.0) == 1.0);
  CHECK(scale_from_weight(7.0) == 8.0);
  CHECK(weight_from_scale(7.5) == 6.5);
  CHECK(weight_from_scale(scale_from_weight(-0.5)) == -0.5);
}
