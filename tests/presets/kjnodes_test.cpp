// SPDX-License-Identifier: MIT
#include <eigenguide/presets/kjnodes.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

using namespace eigenguide;

TEST_CASE("KJNodes CFGZeroStarAndInit: CFG-Zero* of the noise, and x in the first steps") {
  const kjnodes::CfgZeroStarAndInit node;
  const Pair x{2.0, 1.0}, c{1.0, 3.0}, u{-1.0, 0.5};
  CHECK(guide(node.at(5.0, 0), node.space, node.level, x, c, u) == x);
  const Pair ec{x[0] - c[0], x[1] - c[1]}, eu{x[0] - u[0], x[1] - u[1]};
  const double alpha = (ec[0] * eu[0] + ec[1] * eu[1]) / (eu[0] * eu[0] + eu[1] * eu[1]);
  const Pair got = guide(node.at(5.0, 1), node.space, node.level, x, c, u);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(got[i] == Approx(x[i] - (alpha * eu[i] + 5.0 * (ec[i] - alpha * eu[i]))));
  CHECK(guide(kjnodes::CfgZeroStarAndInit{true, 1}.at(5.0, 1), node.space, node.level, x, c, u) == x);
  CHECK(guide(kjnodes::CfgZeroStarAndInit{false, 1}.at(5.0, 0), node.space, node.level, x, c, u) == got);
}
