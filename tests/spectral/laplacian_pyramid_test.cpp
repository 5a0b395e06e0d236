// SPDX-License-Identifier: MIT
#include <eigenguide/spectral/laplacian_pyramid.hpp>

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/tensor/tensor.hpp>
#include <support/catch.hpp>
#include <support/direct_pyramid.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <limits>
#include <vector>

using namespace eigenguide;

TEST_CASE("Laplacian pyramid: its formula, and its inverse, for sides of every kind") {
  for (const std::size_t rows : Sizes{1, 2, 3, 8, 13})
    for (const std::size_t columns : Sizes{1, 2, 7, 16})
      for (const std::size_t levels : Sizes{1, 2, 3, 6}) {
        INFO(rows << " x " << columns << ", " << levels << " levels");
        const Spatial<double> x({2, 3, rows, columns}, rows * 100 + columns);
        auto pyramid = laplacian_pyramid(x.view(), levels);
        for (std::size_t p = 0; p < x.planes(); ++p) {
          const std::size_t area = rows * columns;
          const auto begin = x.values.begin() + static_cast<std::ptrdiff_t>(p * area);
          const std::vector<Plane> want =
              direct_pyramid({rows, columns, {begin, begin + static_cast<std::ptrdiff_t>(area)}}, levels);
          for (std::size_t i = 0; i < levels; ++i) {
            const auto level = pyramid.level(i);
            REQUIRE(level.shape() == Shape{{2, 3, want[i].rows, want[i].columns}, 4});
            const std::size_t size = want[i].values.size();
            const std::vector<double> got(level.data() + p * size, level.data() + (p + 1) * size);
            CHECK(distance(got, want[i].values) < 1e-14);
          }
        }
        Spatial<double> back = x;
        std::fill(back.values.begin(), back.values.end(), 9.0);
        pyramid.reconstruct(back.view());
        CHECK(distance(back.values, x.values) < 1e-14);
      }
}

TEST_CASE("Laplacian pyramid: a constant is all in the last level") {
  Spatial<double> x({1, 1, 9, 6});
  std::fill(x.values.begin(), x.values.end(), 5.0);
  const auto pyramid = laplacian_pyramid(x.view(), 3);
  CHECK(distance(std::vector<double>(pyramid.level(0).data(), pyramid.level(0).data() + 54), std::vector<double>(54, 0.0)) < 1e-14);
  CHECK(distance(std::vector<double>(pyramid.level(2).data(), pyramid.level(2).data() + 2), std::vector<double>(2, 5.0)) < 1e-14);
}

TEST_CASE("Laplacian pyramid: levels are tensors that methods guide") {
  const Spatial<float> cond({2, 3, 9, 11}, 1), uncond({2, 3, 9, 11}, 2);
  LaplacianPyramid<float> of_cond(3), of_uncond(3);
  of_cond.build(cond.view());
  of_uncond.build(uncond.view());
  for (std::size_t i = 0; i < 3; ++i) guide(Cfg{4.0}, of_cond.level(i), of_uncond.level(i), of_cond.level(i));
  Spatial<float> out = cond, want = cond;
  of_cond.reconstruct(out.view());
  guide(Cfg{4.0}, cond.view(), uncond.view(), want.view());  // one scale for all levels is plain guidance
  CHECK(distance(out.values, want.values) < 2e-5);
}

TEST_CASE("Laplacian pyramid: samples one by one, again, in float, and NaN in its sample") {
  Spatial<float> x({3, 2, 5, 8}, 3);
  LaplacianPyramid<float> pyramid(3);
  pyramid.build(x.view());
  const auto all = [&](const LaplacianPyramid<float>& of, std::size_t i) {
    const auto level = of.level(i);
    return std::vector<float>(level.data(), level.data() + level.samples() * level.size());
  };
  std::vector<float> together;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<float> level = all(pyramid, i);
    together.insert(together.end(), level.begin(), level.end());
  }
  std::vector<float> again;
  pyramid.build(Spatial<float>({1, 2, 17, 3}, 4).view());
  pyramid.build(x.view());
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<float> level = all(pyramid, i);
    again.insert(again.end(), level.begin(), level.end());
  }
  CHECK(again == together);

  const auto single = laplacian_pyramid(x.sample(1).view(), 3);
  x.values[0] = std::numeric_limits<float>::quiet_NaN();
  const auto spoilt = laplacian_pyramid(x.view(), 3);
  CHECK(is_nan(spoilt.level(2).data()[0]));
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t size = single.level(i).size();
    CHECK(all(single, i) == std::vector<float>(pyramid.level(i).sample(1), pyramid.level(i).sample(1) + size));
    CHECK(all(single, i) == std::vector<float>(spoilt.level(i).sample(1), spoilt.level(i).sample(1) + size));
  }

  Spatial<double> wide({3, 2, 5, 8});
  const Spatial<float> clean({3, 2, 5, 8}, 3);
  wide.values.assign(clean.values.begin(), clean.values.end());
  const auto in_double = laplacian_pyramid(wide.view(), 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto level = in_double.level(i);
    CHECK(distance(std::vector<double>(level.data(), level.data() + 3 * level.size()), all(pyramid, i)) < 3e-7);
  }
}

TEST_CASE("Laplacian pyramid: Eigen's tensors") {
  Eigen::Tensor<float, 3> x(7, 6, 2), back(7, 6, 2);  // ColMajor: two samples of 6 × 7
  x.setRandom();
  auto pyramid = laplacian_pyramid(x, 2);
  CHECK(pyramid.level(1).shape() == Shape{{2, 3, 3}, 3});
  pyramid.reconstruct(back);
  for (Eigen::Index k = 0; k < x.size(); ++k) CHECK(back.data()[k] == Approx(x.data()[k]).margin(1e-6));
}

TEST_CASE("Laplacian pyramid: bad calls are rejected") {
  CHECK_REJECTS(LaplacianPyramid<float>(0), "`levels` is 0; expected at least 1");
  LaplacianPyramid<float> pyramid(2);
  const volatile std::size_t beyond = 2;  // a constant would be refused by GCC's -Warray-bounds
  CHECK_REJECTS(pyramid.level(beyond), "`i` is 2; expected a level below 2");
  CHECK(pyramid.level(0).size() == 0);
  const Eigen::MatrixXf matrix = Eigen::MatrixXf::Ones(4, 4);
  CHECK_REJECTS(pyramid.build(matrix), "`x` is of shape [4, 4]");
  Spatial<float> x({2, 3, 4, 5}, 5), other({2, 3, 5, 4}, 6);
  pyramid.build(x.view());
  CHECK_REJECTS(pyramid.reconstruct(other.view()), "`out` is of shape [2, 3, 5, 4]");
  pyramid.build(Spatial<float>({0, 3, 4, 5}).view());
  CHECK(pyramid.level(1).samples() == 0);
}
