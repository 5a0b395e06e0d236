// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/adaptive_gate.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("adaptive gate: closes, sample by sample, where the predictions agree") {
  // Columns: cos 0.6, cos 1, cos −1, and a zero u.
  Eigen::MatrixXd c(2, 4), u(2, 4);
  c << 1.0, 2.0, 1.0, 1.0, 0.0, 1.0, 2.0, 0.0;
  u << 3.0, 4.0, -2.0, 0.0, 4.0, 2.0, -4.0, 0.0;
  const Eigen::MatrixXd guided = guide(Cfg{3.0}, c, u), gated = guide(Cfg{3.0} | AdaptiveGate{0.99}, c, u);
  CHECK(gated.col(0) == guided.col(0));
  CHECK(gated.col(1) == c.col(1));
  CHECK(gated.col(2) == guided.col(2));
  CHECK(gated.col(3) == guided.col(3));
  CHECK(guide(Cfg{3.0} | AdaptiveGate{0.5}, c, u).col(0) == c.col(0));
  CHECK(guide(Cfg{3.0} | AdaptiveGate{}, c, u) == guided);
  CHECK_REJECTS(AdaptiveGate{1.0 / 0.0}.validate(), "`threshold` is inf");
}
