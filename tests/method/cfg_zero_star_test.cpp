// SPDX-License-Identifier: MIT
#include <eigenguide/method/cfg_zero_star.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

namespace {

// c = (3, 4), u = (0, 2), d = (3, 2): α = 8 / 4 = 2, c − α u = (3, 0).
const Gram<3> gram{{{{25.0, 17.0, 8.0}, {17.0, 13.0, 4.0}, {8.0, 4.0, 4.0}}}};

}  // namespace

TEST_CASE("cfg_zero_star: the optimal scale is the projection of c on u") {
  CHECK(CfgZeroStar::alpha(gram) == 2.0);
}

TEST_CASE("cfg_zero_star: the direction is orthogonal to the unconditional prediction") {
  const Row<3> direction = CfgZeroStar::difference(gram);
  CHECK(gram.inner(direction, unit<3>(2)) == 0.0);
  CHECK(gram.norm(direction) == 3.0);
}

TEST_CASE("cfg_zero_star: guidance starts from the scaled unconditional prediction") {
  // g = c + 3 (c − 2 u) = (3, 4) + 3 (3, 0), and c − 2 u = d − u
  CHECK(CfgZeroStar{4.0}(gram) == Row<3>{{1.0, 3.0, -3.0}});
  CHECK(CfgZeroStar{0.0}(gram) == Row<3>{{1.0, -1.0, 1.0}});  // c − d + u = 2 u = α u
  CHECK(CfgZeroStar{}(gram) == unit<3>(0));
}

TEST_CASE("cfg_zero_star: a zero unconditional prediction has no direction") {
  const Gram<3> blank{{{{25.0, 25.0, 0.0}, {25.0, 25.0, 0.0}, {0.0, 0.0, 0.0}}}};  // d = c
  CHECK(CfgZeroStar::alpha(blank) == 0.0);
  CHECK(CfgZeroStar{4.0}(blank) == Row<3>{{1.0, 3.0, 3.0}});  // c + 3 d = 4 c
}

TEST_CASE("cfg_zero_star: a scale that is not finite is rejected") {
  CHECK_REJECTS(CfgZeroStar{std::numeric_limits<double>::infinity()}.validate(), "`scale` is inf");
}
