// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/modality_isolation.hpp>
#include <eigenguide/method/perturbation.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

namespace {

const Eigen::Vector3d c(1.0, 2.0, -3.0), u(0.5, -1.0, 2.0), p(0.0, 2.5, 1.0), q(4.0, 0.0, -1.0);

}  // namespace

TEST_CASE("perturbation: guides away from the perturbed prediction") {
  CHECK(guide(with(Perturbation{2.8}, perturbed(p)), c, c).isApprox(c + 2.8 * (c - p), 1e-15));
  CHECK(guide(with(Perturbation{}, perturbed(p)), c, c) == c);
}

TEST_CASE("perturbation: is added to classifier-free guidance, before or after it") {
  const Eigen::Vector3d want = u + 7.5 * (c - u) + 2.8 * (c - p);
  CHECK(guide(with(Cfg{7.5} | Perturbation{2.8}, perturbed(p)), c, u).isApprox(want, 1e-14));
  CHECK(guide(with(Perturbation{2.8} | Cfg{7.5}, perturbed(p)), c, u).isApprox(want, 1e-14));
}

TEST_CASE("perturbation: spatio-temporal and modality guidance add up") {
  const Eigen::Vector3d want = c + 2.0 * (c - u) + 1.0 * (c - p) + 2.0 * (c - q);
  CHECK(guide(with(Cfg{3.0} | Perturbation{1.0} | ModalityIsolation{3.0}, perturbed(p), isolated(q)), c, u)
            .isApprox(want, 1e-14));
}

TEST_CASE("perturbation: rejects a strength that is not finite") {
  CHECK_REJECTS(Perturbation{1.0 / 0.0}.validate(), "`strength` is inf");
}
