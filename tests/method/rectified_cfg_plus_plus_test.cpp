// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/guide/step.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/rectified_cfg_plus_plus.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("rectified cfg++: the predictor, then the corrected flow") {
  // Linear flows, so that what the model predicts at x̃ is known.
  const auto cond_flow = [](const Eigen::Vector3d& x) { return Eigen::Vector3d(2.0 * x.array() + 1.0); };
  const auto uncond_flow = [](const Eigen::Vector3d& x) { return Eigen::Vector3d(0.5 * x.array() - 3.0); };
  const Eigen::Vector3d x(0.3, -0.7, 1.1), c = cond_flow(x);
  const double from = 0.8, to = 0.7;
  const Eigen::Vector3d predicted = step(Cfg{}, Update{{Kind::flow, Kind::flow}}, rectified_flow(from),
                                         rectified_flow(to), x, c, c);
  CHECK(predicted.isApprox(x + (to - from) * c, 1e-14));
  const Eigen::Vector3d there_c = cond_flow(predicted), there_u = uncond_flow(predicted);
  CHECK(guide(with(RectifiedCfgPlusPlus{0.4}, prompt<0>(there_c), prompt<1>(there_u)), c, c)
            .isApprox(c + 0.4 * (there_c - there_u), 1e-14));
  CHECK(guide(with(RectifiedCfgPlusPlus{}, prompt<0>(there_c), prompt<1>(there_u)), c, c) == c);
  CHECK_REJECTS(RectifiedCfgPlusPlus{1.0 / 0.0}.validate(), "`strength` is inf");
}
