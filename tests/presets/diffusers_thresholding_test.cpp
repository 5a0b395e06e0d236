// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_thresholding.hpp>

#include <eigenguide/tensor/matrix.hpp>
#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("diffusers thresholding: at its defaults it clips to [-1, 1]") {
  Eigen::VectorXd x0(5);
  x0 << -3.0, -0.5, 0.2, 1.5, 0.9;
  Eigen::VectorXd clipped(5);
  clipped << -1.0, -0.5, 0.2, 1.0, 0.9;
  CHECK(threshold(diffusers::Thresholding{}.method(), x0) == clipped);
}

TEST_CASE("diffusers thresholding: above 1 the greatest value limits the quantile") {
  Eigen::VectorXd x0(5);
  x0 << -3.0, -0.5, 0.2, 1.5, 0.9;
  CHECK(threshold(diffusers::Thresholding{1.0, 2.0}.method(), x0).isApprox(x0.cwiseMax(-2.0).cwiseMin(2.0) / 2.0));
  CHECK(threshold(diffusers::Thresholding{1.0, 9.0}.method(), x0).isApprox(x0 / 3.0));
}
