// SPDX-License-Identifier: MIT
#include <eigenguide/presets/cfg_zero_star.hpp>

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <limits>

using namespace eigenguide;
using cfg_zero_star::PaddedCfgZeroStar;
using cfg_zero_star::WanPipeline;

TEST_CASE("padded CFG-Zero*: the pad counts once the unconditional prediction is small") {
  // c = (3, 4), u = (2, 0): ⟨c, u⟩ = 6, ‖u‖² = 4; g = α u + 3 (c − α u)
  const Pair g = guided(PaddedCfgZeroStar{3.0}, {3.0, 4.0}, {2.0, 0.0});
  CHECK(g[0] == Approx(3.0).epsilon(1e-8));
  CHECK(g[1] == Approx(12.0));

  // ‖u‖² = 10⁻⁸, as large as the pad: half of α = 10⁴, so that α u = (1/2, 0)
  const Pair half = guided(PaddedCfgZeroStar{2.0}, {1.0, 1.0}, {1e-4, 0.0});
  CHECK(half[0] == Approx(1.5).epsilon(1e-6));
  CHECK(half[1] == Approx(2.0));
  CHECK(guided(CfgZeroStar{2.0}, {1.0, 1.0}, {1e-4, 0.0})[0] == Approx(1.0).epsilon(1e-6));
}

TEST_CASE("padded CFG-Zero*: a zero unconditional prediction has no direction") {
  CHECK(guided(PaddedCfgZeroStar{3.0}, {1.0, -2.0}, {0.0, 0.0}) == Pair{3.0, -6.0});
}

TEST_CASE("padded CFG-Zero*: rejects a scale that is not finite") {
  CHECK_REJECTS(PaddedCfgZeroStar{std::numeric_limits<double>::infinity()}.validate(), "`scale` is inf");
}

TEST_CASE("Wan pipeline: zero-init includes its last step") {
  const Pair c{1.0, 2.0}, u{2.0, 0.0}, zero{0.0, 0.0};
  WanPipeline pipeline{2.0, true, true, 1};
  CHECK(guided(pipeline.at(0), c, u) == zero);
  CHECK(guided(pipeline.at(1), c, u) == zero);
  CHECK(guided(pipeline.at(2), c, u) == guided(PaddedCfgZeroStar{2.0}, c, u));

  pipeline.use_zero_init = false;
  CHECK(guided(pipeline.at(0), c, u) == guided(PaddedCfgZeroStar{2.0}, c, u));
}

TEST_CASE("Wan pipeline: without CFG-Zero* it is plain guidance, at every step") {
  CHECK(guided(WanPipeline{2.0, false, true, 1}.at(0), {1.0, 2.0}, {2.0, 0.0}) == Pair{0.0, 4.0});
}
