// SPDX-License-Identifier: MIT
#include <eigenguide/training/mean_squared_error.hpp>

#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/spatial.hpp>

#include <cstddef>
#include <limits>
#include <vector>

using namespace eigenguide;

TEST_CASE("mean_squared_error: of each sample and of all") {
  Random random(9);
  Eigen::MatrixXd a(13, 3), b(13, 3);
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    a(i) = random.normal();
    b(i) = random.normal();
  }
  CHECK(mean_squared_error(a, b) == Approx((a - b).squaredNorm() / 39));
  const auto each = squared_errors(a, b);
  REQUIRE(each.size() == 3);
  for (Eigen::Index i = 0; i < 3; ++i) {
    CHECK(each[static_cast<std::size_t>(i)].mean() == Approx((a - b).col(i).squaredNorm() / 13));
    const Eigen::VectorXd p = a.col(i), t = b.col(i);
    CHECK(squared_errors(p, t)[0].sum == each[static_cast<std::size_t>(i)].sum);
  }
}

TEST_CASE("mean_squared_error: a mask over time holds for every channel, and padding may be anything") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Eigen::MatrixXf a(6, 2), b = Eigen::MatrixXf::Zero(6, 2), mask(3, 2);  // [2 samples, 2 channels, 3 times]
  a << 1, 2, 3, nan, nan, nan, 4, 5, 6, nan, nan, nan;
  mask << 1, 1, 1, 0, 0, 0;
  CHECK(squared_errors(a, b, mask)[0].mean() == Approx((1 + 9 + 16 + 36) / 4.0));
  CHECK(squared_errors(a, b, mask)[1].mean() == Approx((4 + 25) / 2.0));
  CHECK(mean_squared_error(a, b, mask) == Approx(91 / 6.0));
}

TEST_CASE("mean_squared_error: a mask of as many dimensions has 1 for those that it repeats over") {
  const Spatial<double> a({2, 4, 2, 3}, 1), b({2, 4, 2, 3}, 2);
  const auto all = mean_squared_error(a.view(), b.view());
  const auto ones = [&](Sizes extents) {
    Spatial<float> mask(extents);
    mask.values.assign(mask.values.size(), 1.0f);
    return mean_squared_error(a.view(), b.view(), mask.view());
  };
  CHECK(ones({2, 1, 1, 1}) == all);
  CHECK(ones({2, 1, 1, 3}) == all);
  CHECK(ones({2, 1, 2, 3}) == all);
  CHECK(ones({2, 4, 2, 3}) == all);
  CHECK(ones({2, 2, 3}) == all);
  // Of sizes that divide, but over the faster dimensions.
  CHECK_REJECTS(ones({2, 4, 1, 1}), "`mask` is of shape [2, 4, 1, 1]; expected one for each sample, that repeats over the slower");
  CHECK_REJECTS(ones({2, 1, 2, 1}), "`mask` is of shape");
  CHECK_REJECTS(ones({2, 4, 1, 3}), "`mask` is of shape");
  CHECK_REJECTS(ones({2, 1, 3, 2}), "`mask` is of shape");
}

TEST_CASE("mean_squared_error: of half, in double") {
  const std::vector<half> a{half(1.0f), half(0.1f)}, b{half(3.0f), half(0.0f)};
  const double tenth = static_cast<double>(a[1]);
  CHECK(mean_squared_error(a, b) == (4.0 + tenth * tenth) / 2.0);
}

TEST_CASE("mean_squared_error: masks of 1 and weights") {
  const std::vector<float> a{1, 2, 3, 4}, b{0, 0, 0, 0};
  CHECK(mean_squared_error(a, b, std::vector<double>(4, 1.0)) == mean_squared_error(a, b));
  CHECK(mean_squared_error(a, b, std::vector<double>{1.0, 0.5}) == Approx((1 + 2 + 9 + 8) / 3.0));
}

TEST_CASE("mean_squared_error: of nothing it is 0") {
  const std::vector<float> a{1, 2}, b{0, 0}, none;
  CHECK(mean_squared_error(a, b, std::vector<float>{0, 0}) == 0.0);
  CHECK(mean_squared_error(none, none) == 0.0);
  CHECK(mean_squared_error(none, none, none) == 0.0);
}

TEST_CASE("mean_squared_error: bad calls are rejected") {
  const Eigen::MatrixXf a = Eigen::MatrixXf::Zero(4, 2), narrow = Eigen::MatrixXf::Zero(3, 2);
  CHECK_REJECTS(mean_squared_error(a, narrow), "`target` is of shape [2, 3]");
  CHECK_REJECTS(mean_squared_error(a, a, narrow), "`mask` is of shape [2, 3]");
  CHECK_REJECTS(mean_squared_error(a, a, std::vector<float>(4)), "`mask` is of shape [4]");
  const Eigen::MatrixXf negative = Eigen::MatrixXf::Constant(2, 2, -1.0f);
  CHECK_REJECTS(mean_squared_error(a, a, negative), "`mask` is -1");
}
