// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/epsilon_scaling.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("epsilon scaling: divides the noise that is predicted") {
  const Eigen::Vector3d c(1.0, 2.0, -3.0), u(0.5, -1.0, 2.0), x(0.3, -0.7, 1.1);
  CHECK(guide(Cfg{3.0} | EpsilonScaling{1.25}, c, u).isApprox((u + 3.0 * (c - u)) / 1.25, 1e-15));
  // Of a denoised prediction, x₀′ = x − (x − x₀) / f, at every level with α = 1.
  const Eigen::Vector3d denoised = u + 3.0 * (c - u);
  for (const double sigma : {0.05, 1.0, 14.6})
    CHECK(guide(Cfg{3.0} | EpsilonScaling{1.005}, Space{Kind::sample, Kind::epsilon}, variance_exploding(sigma), x, c, u)
              .isApprox(x - (x - denoised) / 1.005, 1e-14));
}

TEST_CASE("epsilon scaling: rejects a factor of zero") {
  CHECK_REJECTS(EpsilonScaling{0.0}.validate(), "`factor` is 0; expected a finite number, not 0");
}
