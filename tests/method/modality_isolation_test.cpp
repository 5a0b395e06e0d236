// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/modality_isolation.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("modality isolation: scale 1 is the conditional prediction, 0 the isolated one") {
  const Eigen::Vector3d c(1.0, 2.0, -3.0), q(4.0, 0.0, -1.0);
  CHECK(guide(with(ModalityIsolation{1.0}, isolated(q)), c, c) == c);
  CHECK(guide(with(ModalityIsolation{0.0}, isolated(q)), c, c).isApprox(q, 1e-15));
  CHECK(guide(with(ModalityIsolation{3.0}, isolated(q)), c, c).isApprox(q + 3.0 * (c - q), 1e-15));
  CHECK_REJECTS(ModalityIsolation{1.0 / 0.0}.validate(), "`scale` is inf");
}
