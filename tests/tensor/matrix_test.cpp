// SPDX-License-Identifier: MIT
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("matrix: samples are the slow dimension") {
  Eigen::MatrixXf columns(5, 3);
  CHECK(view(columns).samples() == 3);
  CHECK(view(columns).size() == 5);
  CHECK(view(columns).sample(1) == &columns(0, 1));

  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows(5, 3);
  CHECK(view(rows).samples() == 5);
  CHECK(view(rows).size() == 3);
  CHECK(view(rows).sample(1) == &rows(1, 0));
}

TEST_CASE("matrix: a vector is one sample") {
  Eigen::VectorXf column(7);
  Eigen::RowVectorXf row(7);
  Eigen::ArrayXd array(7);
  CHECK(view(column).samples() == 1);
  CHECK(view(row).samples() == 1);
  CHECK(view(array).size() == 7);
}

TEST_CASE("matrix: maps, references and blocks are seen where they are") {
  Eigen::MatrixXf whole(6, 4);
  auto block = whole.block(1, 1, 3, 2);
  CHECK(view(block).sample(1) == &whole(1, 2));
  CHECK(view(block).size() == 3);
  CHECK(view(block).stride() == 6);

  const Eigen::Map<const Eigen::ArrayXXf> map(whole.data(), 6, 4);
  CHECK(view(map).sample(3) == &whole(0, 3));
  Eigen::Ref<Eigen::MatrixXf> reference(whole);
  CHECK(view(reference).sample(3) == &whole(0, 3));
}

TEST_CASE("matrix: a sample whose elements are not contiguous is rejected") {
  Eigen::MatrixXf whole(6, 4);
  Eigen::Map<Eigen::MatrixXf, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> strided(
      whole.data(), 3, 4, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(6, 2));
  CHECK_REJECTS(view(strided), "`inner stride` is 2; expected 1");
}

TEST_CASE("matrix: samples that lie backwards are rejected") {
  Eigen::MatrixXf whole(4, 3);
  const Eigen::Map<Eigen::MatrixXf, 0, Eigen::OuterStride<>> backwards(whole.data() + 8, 4, 3, Eigen::OuterStride<>(-4));
  CHECK_REJECTS(view(backwards), "`outer stride` is -4; expected at least the size of a sample");
}

TEST_CASE("matrix: a matrix to read is viewed to read") {
  const Eigen::MatrixXd fixed(2, 2);
  CHECK(std::is_same_v<decltype(view(fixed)), BatchView<const double>>);
  Eigen::MatrixXd open(2, 2);
  CHECK(std::is_same_v<decltype(view(open)), BatchView<double>>);
}
