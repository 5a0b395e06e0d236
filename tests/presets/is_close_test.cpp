// SPDX-License-Identifier: MIT
#include <eigenguide/presets/is_close.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("is_close: within a billionth of the larger, and equal at zero") {
  CHECK(is_close(1.0, 1.0));
  CHECK(is_close(1.0, 1.0 + 5e-10));
  CHECK(is_close(-3.0 - 2e-9, -3.0));
  CHECK_FALSE(is_close(1.0, 1.0 + 2e-9));
  CHECK(is_close(0.0, 0.0));
  CHECK_FALSE(is_close(0.0, 1e-300));
  CHECK_FALSE(is_close(1.0, -1.0));
}
