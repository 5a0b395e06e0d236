// SPDX-License-Identifier: MIT
#include <eigenguide/method/cfg.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

TEST_CASE("cfg: scale 1 is the conditional, scale 0 the unconditional prediction") {
  CHECK(Cfg{}() == Row<2>{{1.0, 0.0}});
  CHECK(Cfg{1.0}() == Row<2>{{1.0, 0.0}});
  CHECK(Cfg{0.0}() == Row<2>{{1.0, -1.0}});  // c − d = u
}

TEST_CASE("cfg: the line goes on on both sides") {
  CHECK(Cfg{7.5}() == Row<2>{{1.0, 6.5}});
  CHECK(Cfg{-1.0}() == Row<2>{{1.0, -2.0}});
}

TEST_CASE("cfg: a scale that is not finite is rejected") {
  CHECK_REJECTS(Cfg{std::numeric_limits<double>::infinity()}.validate(), "`scale` is inf; expected a finite number");
  CHECK_REJECTS(Cfg{std::numeric_limits<double>::quiet_NaN()}.validate(), "`scale`");
}
