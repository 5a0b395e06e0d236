// SPDX-License-Identifier: MIT
#include <eigenguide/presets/linspace.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("linspace: even steps that end on both ends") {
  CHECK(linspace(1.0, 3.0, 0, 5) == 1.0);
  CHECK(linspace(1.0, 3.0, 1, 5) == 1.5);
  CHECK(linspace(1.0, 3.0, 4, 5) == 3.0);
  CHECK(linspace(0.1, 0.7, 6, 7) == 0.7);
}

TEST_CASE("linspace: one alone is the first") { CHECK(linspace(1.0, 3.0, 0, 1) == 1.0); }
