// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/momentum_guidance.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("momentum guidance: follows a run by its recursion") {
  const Eigen::Vector3d c(1.0, 2.0, -3.0), u(0.5, -1.0, 2.0);
  Eigen::Vector3d m = Eigen::Vector3d::Constant(99.0), want_m = m;  // not read at the first step
  for (std::size_t step = 0; step < 4; ++step) {
    const Eigen::Vector3d cond = (1.0 + double(step)) * c;
    const Eigen::Vector3d g = u + 3.0 * (cond - u);
    const Eigen::Vector3d want = step == 0 ? g : Eigen::Vector3d(g + 0.5 * (g - want_m));
    want_m = step == 0 ? g : Eigen::Vector3d(0.4 * g + 0.6 * want_m);
    CHECK(guide(with(Cfg{3.0} | MomentumGuidance{0.5, 0.6, step}, average(m, m)), cond, u).isApprox(want, 1e-14));
    CHECK(m.isApprox(want_m, 1e-14));
  }
}

TEST_CASE("momentum guidance: unconfigured it changes nothing") {
  const Eigen::Vector3d c(1.0, 2.0, -3.0), u(0.5, -1.0, 2.0), m(4.0, 4.0, 4.0);
  CHECK(guide(with(MomentumGuidance{0.0, 0.6, 3}, average(m)), c, u) == c);
  CHECK_REJECTS((MomentumGuidance{0.5, 1.5, 0}).validate(), "`ema` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS((MomentumGuidance{1.0 / 0.0, 0.5, 0}).validate(), "`strength` is inf");
}
