// SPDX-License-Identifier: MIT
#include <eigenguide/tensor/tensor.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("tensor: samples are the slowest dimension of either layout") {
  Eigen::Tensor<float, 4, Eigen::RowMajor> rows(2, 3, 4, 5);
  CHECK(view(rows).samples() == 2);
  CHECK(view(rows).size() == 60);
  CHECK(view(rows).sample(1) == &rows(1, 0, 0, 0));

  Eigen::Tensor<float, 4> columns(5, 4, 3, 2);
  CHECK(view(columns).samples() == 2);
  CHECK(view(columns).sample(1) == &columns(0, 0, 0, 1));
  CHECK(view(columns).shape() == view(rows).shape());
}

TEST_CASE("tensor: ranks 0 and 1 are one sample") {
  Eigen::Tensor<double, 1> line(9);
  CHECK(view(line).samples() == 1);
  CHECK(view(line).size() == 9);
  Eigen::Tensor<double, 0> point;
  CHECK(view(point).samples() == 1);
  CHECK(view(point).size() == 1);
}

TEST_CASE("tensor: maps and fixed sizes are seen where they are") {
  Eigen::TensorFixedSize<float, Eigen::Sizes<2, 3, 4>, Eigen::RowMajor> fixed;
  CHECK(view(fixed).samples() == 2);
  CHECK(view(fixed).size() == 12);

  std::vector<float> memory(24);
  Eigen::TensorMap<Eigen::Tensor<float, 3, Eigen::RowMajor>> map(memory.data(), 2, 3, 4);
  CHECK(view(map).sample(1) == memory.data() + 12);
  const Eigen::TensorMap<const Eigen::Tensor<float, 3, Eigen::RowMajor>> read(memory.data(), 2, 3, 4);
  CHECK(std::is_same_v<decltype(view(read)), BatchView<const float>>);
}

TEST_CASE("tensor: a new tensor has the shape of the old") {
  const Eigen::Tensor<float, 3> tensor(4, 3, 2);
  CHECK(ViewOf<Eigen::Tensor<float, 3>>::like(tensor).dimensions() == tensor.dimensions());
}

TEST_CASE("tensor: ranks beyond those of a Shape are folded") {
  Eigen::Tensor<float, 10, Eigen::RowMajor> deep(2, 1, 2, 1, 2, 1, 2, 3, 2, 5);
  CHECK(view(deep).samples() == 2);
  CHECK(view(deep).size() == 240);
  CHECK(view(deep).shape().text() == "[2, 1, 2, 1, 2, 1, 2, 30]");
}

TEST_CASE("tensor: extents whose product no memory holds are rejected") {
  float one = 1.0f;
  using Map = Eigen::TensorMap<Eigen::Tensor<float, 3, Eigen::RowMajor>>;
  const Eigen::Index half = Eigen::Index{1} << 32;
  CHECK_REJECTS(view(Map(&one, 1, half, half)), "`size` is");  // 0 where it wraps
  CHECK_REJECTS(view(Map(&one, 1, 64, (Eigen::Index{1} << 58) + 1)), "`size` is");  // 64
  Eigen::TensorMap<Eigen::Tensor<float, 10, Eigen::RowMajor>> deep(&one, 1, 1, 1, 1, 1, 1, 1, half, half, 1);
  CHECK_REJECTS(view(deep), "`size` is");
  CHECK(view(Map(&one, 1, 0, half)).size() == 0);
}

TEST_CASE("tensor: one_sample takes a latent without a batch dimension") {
  Eigen::Tensor<float, 3, Eigen::RowMajor> latent(4, 8, 8);
  CHECK(one_sample(latent).samples() == 1);
  CHECK(one_sample(latent).size() == 256);
}
