// SPDX-License-Identifier: MIT
#include <eigenguide/method/cfg_zero_star.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

namespace {

// c = (3, 4), u = (0, 2), d = (3, 2): α = 8 / 4 = 2, c − α u = (3, 0).
const Gram<2> gram{{{{25.0, 17.0}, {17.0, 13.0}}}};

}  // namespace

TEST_CASE("cfg_zero_star: the optimal scale is the projection of c on u") {
  CHECK(CfgZeroStar{}.alpha(gram) == 2.0);
}

TEST_CASE("cfg_zero_star: the direction is orthogonal to the unconditional prediction") {
  const Row<2> direction = CfgZeroStar{}.difference(gram);
  CHECK(gram.inner(direction, unit<2>(0) - unit<2>(1)) == 0.0);
  CHECK(gram.norm(direction) == 3.0);
}

TEST_CASE("cfg_zero_star: guidance starts from the scaled unconditional prediction") {
  // g = c + 3 (c − 2 u) = (3, 4) + 3 (3, 0) = (12, 4), over {c, d}: −2 c + 6 d
  CHECK(CfgZeroStar{4.0}(gram) == Row<2>{{-2.0, 6.0}});
  CHECK(CfgZeroStar{0.0}(gram) == 2.0 * (unit<2>(0) - unit<2>(1)));  // α u
  CHECK(CfgZeroStar{}(gram) == unit<2>(0));
}

TEST_CASE("cfg_zero_star: a zero unconditional prediction has no direction") {
  const Gram<2> blank{{{{25.0, 25.0}, {25.0, 25.0}}}};  // d = c
  CHECK(CfgZeroStar{}.alpha(blank) == 0.0);
  CHECK(CfgZeroStar{4.0}(blank) == Row<2>{{4.0, 0.0}});
}

TEST_CASE("cfg_zero_star: a scale that is not finite is rejected") {
  CHECK_REJECTS(CfgZeroStar{std::numeric_limits<double>::infinity()}.validate(), "`scale` is inf");
}
