// SPDX-License-Identifier: MIT
// The code that docs/spaces.md quotes.
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>

TEST_CASE("spaces: the calls") {
  using namespace eigenguide;

  const Eigen::VectorXf x = Eigen::VectorXf::LinSpaced(32, -1.0f, 1.0f), cond = 2.0f * x, uncond = cond.array().square();
  Eigen::VectorXf x0(32), out(32);
  const Eigen::VectorXf& v = cond;
  const Level level{0.8, 0.6};

  convert({Kind::v, Kind::sample}, level, x, v, x0);
  CHECK(x0.isApprox(0.8f * x - 0.6f * v));

  const Space space{Kind::v, Kind::sample};   // a v-model, guided in x₀
  guide(CfgZeroStar{4.0} | Rescale{0.7}, space, level, x, cond, uncond, out);
  CHECK(out.allFinite());
}
