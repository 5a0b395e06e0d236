// SPDX-License-Identifier: MIT
#include <eigenguide/method/zero_init.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("zero_init: zero in the first steps, and only there") {
  CHECK(ZeroInit{2, 0}() == Row<1>{{0.0}});
  CHECK(ZeroInit{2, 1}() == Row<1>{{0.0}});
  CHECK(ZeroInit{2, 2}() == Row<1>{{1.0}});
}

TEST_CASE("zero_init: no steps change nothing") {
  CHECK(ZeroInit{}() == Row<1>{{1.0}});
  CHECK(ZeroInit{0, 0}() == Row<1>{{1.0}});
}
