// SPDX-License-Identifier: MIT
#include <eigenguide/prediction/noising.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("noising: x and every kind, from noise and sample") {
  const Level level{0.8, 0.6};
  CHECK(Noising{}(level) == Row<2>{{0.6, 0.8}});
  CHECK(Target{Kind::v}(level) == Row<2>{{0.8, -0.6}});
  CHECK(Target{Kind::flow}(level) == Row<2>{{1.0, -1.0}});
  CHECK(Target{Kind::epsilon}(level) == Row<2>{{1.0, 0.0}});
  CHECK_REJECTS(Noising{}({-1.0, 0.5}), "`alpha` is -1");
  CHECK_REJECTS(Target{Kind::score}({1.0, 0.0}), "`sigma` is 0");
  CHECK_REJECTS(Target{Kind::edm(0.5)}({1e-200, 1e-200}), "`sigma` is 1e-200");
}
