// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/composable.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("composable: prompts add up, and a negative weight takes away") {
  const Eigen::Vector3d c(1.0, 2.0, -3.0), u(0.5, -1.0, 2.0), a(0.0, 2.5, 1.0), b(3.0, 1.0, 1.0);
  const Eigen::Vector3d want = u + 5.0 * (c - u) + 2.0 * (a - u) - 1.5 * (b - u);
  CHECK(guide(with(Composable<2>{5.0, {2.0, -1.5}}, prompt<0>(a), prompt<1>(b)), c, u).isApprox(want, 1e-14));
  CHECK(guide(with(Composable<1>{5.0, {2.0}}, prompt<0>(a)), c, u).isApprox(u + 5.0 * (c - u) + 2.0 * (a - u), 1e-14));
  CHECK(guide(with(Composable<1>{5.0, {}}, prompt<0>(a)), c, u) == guide(Cfg{5.0}, c, u));
}

TEST_CASE("composable: rejects what is not finite") {
  CHECK_REJECTS((Composable<1>{1.0 / 0.0, {}}).validate(), "`scale` is inf");
  CHECK_REJECTS((Composable<2>{1.0, {0.0, 1.0 / 0.0}}).validate(), "`weights` is inf");
}
