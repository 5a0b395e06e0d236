// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/dynamic_threshold.hpp>

#include <eigenguide/eigenguide.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXd;

Matrix normals(double scale, Eigen::Index rows = 101) {
  Random random(5);
  Matrix matrix(rows, 3);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = scale * random.normal();
  return matrix;
}

Matrix by_hand(const Matrix& x0, double percentile, double max) {
  Matrix out = x0;
  for (Eigen::Index j = 0; j < x0.cols(); ++j) {
    std::vector<double> sorted(x0.col(j).data(), x0.col(j).data() + x0.rows());
    for (double& value : sorted) value = std::fabs(value);
    std::sort(sorted.begin(), sorted.end());
    const double h = percentile * static_cast<double>(x0.rows() - 1);
    const std::size_t below = static_cast<std::size_t>(h), above = std::min(below + 1, sorted.size() - 1);
    double q = sorted[below] + (h - static_cast<double>(below)) * (sorted[above] - sorted[below]);
    q = std::min(std::max(q, 1.0), max);
    out.col(j) = x0.col(j).cwiseMax(-q).cwiseMin(q) / q;
  }
  return out;
}

}  // namespace

TEST_CASE("dynamic threshold: clamped to a quantile of each sample, and divided by it") {
  const Matrix x0 = normals(2.0);
  for (const double percentile : {0.0, 0.5, 0.9, 0.995, 1.0})
    for (const double max : {1.0, 1.5, 100.0})
      CHECK(threshold(DynamicThreshold{percentile, max}, x0).isApprox(by_hand(x0, percentile, max), 1e-14));
  CHECK(threshold(DynamicThreshold{}, x0).cwiseAbs().maxCoeff() <= 1.0);
}

TEST_CASE("dynamic threshold: data within [-1, 1] stays as it is") {
  const Matrix x0 = normals(0.2);
  REQUIRE(x0.cwiseAbs().maxCoeff() < 1.0);
  CHECK(threshold(DynamicThreshold{}, x0) == x0);
  CHECK(threshold(DynamicThreshold{}, Matrix(Matrix::Zero(4, 2))) == Matrix::Zero(4, 2));
  CHECK(threshold(DynamicThreshold{}, Matrix(Matrix::Constant(1, 1, 3.0))) == Matrix::Ones(1, 1));
}

TEST_CASE("dynamic threshold: samples one by one, in place, in float, and NaN in its sample") {
  const DynamicThreshold method{0.9, 2.0};
  Matrix x0 = normals(2.0);
  const Matrix together = threshold(method, x0);
  for (Eigen::Index j = 0; j < 3; ++j) CHECK(threshold(method, Matrix(x0.col(j))) == together.col(j));
  const Eigen::MatrixXf narrow = x0.cast<float>();
  CHECK(threshold(method, narrow).isApprox(threshold(method, Matrix(narrow.cast<double>())).cast<float>(), 1e-7f));
  for (const double wrong : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix spoilt = x0;
    spoilt(7, 1) = wrong;
    const Matrix out = threshold(method, spoilt);
    CHECK(out.col(0) == together.col(0));
    CHECK(out.col(2) == together.col(2));
    for (Eigen::Index i = 0; i < out.rows(); ++i) CHECK(is_nan(out(i, 1)));
  }
  threshold(method, x0, x0);
  CHECK(x0 == together);
}

TEST_CASE("dynamic threshold: bad calls are rejected, and nothing is written") {
  const Matrix x0 = normals(2.0);
  Matrix out = x0, small(2, 2);
  CHECK_REJECTS(threshold(DynamicThreshold{1.5}, x0, out), "`percentile` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(threshold(DynamicThreshold{0.9, 0.0}, x0, out), "`max` is 0; expected a positive number");
  CHECK_REJECTS(threshold(DynamicThreshold{}, x0, small), "`out` is of shape [2, 2]");
  CHECK(out == x0);
}
