// SPDX-License-Identifier: MIT
#include <eigenguide/spectral/gaussian_blur.hpp>

#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/tensor/tensor.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class T>
Spatial<T> blurred(const GaussianBlur& method, const Spatial<T>& x) {
  Spatial<T> out = x;
  blur(method, x.view(), out.view());
  return out;
}

}  // namespace

TEST_CASE("Gaussian blur: the double sum of its formula") {
  const Spatial<double> x({2, 3, 7, 10}, 1);
  const GaussianBlur method{5, 1.3};
  const Spatial<double> got = blurred(method, x);
  long double norm = 0;
  for (int k = -2; k <= 2; ++k) norm += std::exp(-k * k / (2 * 1.3L * 1.3L));
  double worst = 0.0;
  for (std::size_t p = 0; p < x.planes(); ++p)
    for (int i = 0; i < 7; ++i)
      for (int j = 0; j < 10; ++j) {
        long double sum = 0;
        for (int k = -2; k <= 2; ++k)
          for (int l = -2; l <= 2; ++l)
            sum += std::exp(-(k * k + l * l) / (2 * 1.3L * 1.3L)) / (norm * norm) *
                   static_cast<long double>(x.at(p, detail::reflected(i + k, 7), detail::reflected(j + l, 10)));
        const double got_here = got.at(p, static_cast<std::size_t>(i), static_cast<std::size_t>(j));
        worst = std::fmax(worst, std::fabs(static_cast<double>(sum) - got_here));
      }
  CHECK(worst < 1e-14);
}

TEST_CASE("Gaussian blur: unconfigured, at sigma 0 and on a single element it changes nothing") {
  const Spatial<float> x({2, 3, 4, 5}, 2);
  CHECK(blurred(GaussianBlur{}, x).values == x.values);
  CHECK(blurred(GaussianBlur{9, 0.0}, x).values == x.values);
  CHECK(blurred(GaussianBlur{9, std::numeric_limits<double>::denorm_min()}, x).values == x.values);
  const Spatial<double> one({4, 2, 1, 1}, 3);
  CHECK(distance(blurred(GaussianBlur{9, 2.0}, one).values, one.values) < 1e-15);
}

TEST_CASE("Gaussian blur: keeps constants, and a wide one is the mean of its window") {
  Spatial<double> x({1, 5, 6}, 4);
  for (double& value : x.values) value = 3.0;
  CHECK(distance(blurred(GaussianBlur{9, 2.0}, x).values, x.values) < 1e-14);

  const Spatial<double> line({1, 1, 3}, 5);  // mirrored: b a b at a
  const Spatial<double> mean = blurred(GaussianBlur{3, 1e8}, line);
  CHECK(mean.values[0] == Approx((line.values[0] + 2.0 * line.values[1]) / 3.0));
  CHECK(mean.values[1] == Approx((line.values[0] + line.values[1] + line.values[2]) / 3.0));
}

TEST_CASE("Gaussian blur: samples one by one, in place, of a used workspace, in float") {
  const Spatial<float> x({3, 2, 6, 9}, 6);
  const GaussianBlur method{7, 1.5};
  const Spatial<float> together = blurred(method, x);
  for (std::size_t i = 0; i < 3; ++i) CHECK(blurred(method, x.sample(i)).values == together.sample(i).values);

  Spatial<float> in_place = x;
  Workspace workspace;
  const Spatial<float> larger({1, 20, 30}, 7);
  Spatial<float> elsewhere = larger;
  blur(method, larger.view(), elsewhere.view(), workspace);
  blur(method, in_place.view(), in_place.view(), workspace);
  CHECK(in_place.values == together.values);

  Spatial<double> wide({3, 2, 6, 9});
  wide.values.assign(x.values.begin(), x.values.end());
  CHECK(distance(blurred(method, wide).values, together.values) < 3e-7);
}

TEST_CASE("Gaussian blur: NaN stays in its sample, and in its plane") {
  Spatial<float> x({2, 2, 4, 4}, 8);
  const Spatial<float> clean = blurred(GaussianBlur{3, 1.0}, x);
  x.values[0] = std::numeric_limits<float>::quiet_NaN();
  const Spatial<float> got = blurred(GaussianBlur{3, 1.0}, x);
  CHECK(is_nan(got.values[5]));
  for (std::size_t k = 16; k < 64; ++k) CHECK(got.values[k] == clean.values[k]);
}

TEST_CASE("Gaussian blur: tensors of either layout, as a new one, and padded samples") {
  const Spatial<float> x({2, 3, 4, 5}, 9);
  const Spatial<float> want = blurred(GaussianBlur{3, 1.0}, x);
  const Eigen::Tensor<float, 4, Eigen::RowMajor> rows =
      Eigen::TensorMap<const Eigen::Tensor<float, 4, Eigen::RowMajor>>(x.values.data(), 2, 3, 4, 5);
  const Eigen::Tensor<float, 4, Eigen::RowMajor> got = blur(GaussianBlur{3, 1.0}, rows);
  CHECK(std::vector<float>(got.data(), got.data() + got.size()) == want.values);
  const Eigen::TensorMap<const Eigen::Tensor<float, 4>> columns(x.values.data(), 5, 4, 3, 2);
  const Eigen::Tensor<float, 4> turned = blur(GaussianBlur{3, 1.0}, columns);
  CHECK(std::vector<float>(turned.data(), turned.data() + turned.size()) == want.values);

  std::vector<float> apart(2 * 70, 9.0f);
  blur(GaussianBlur{3, 1.0}, x.view(), BatchView<float>(apart.data(), 2, 60, 70, x.shape));
  CHECK(std::vector<float>(apart.begin() + 70, apart.begin() + 130) == want.sample(1).values);
  CHECK(apart[65] == 9.0f);
}

TEST_CASE("Gaussian blur: bad calls are rejected, and nothing is written") {
  const Spatial<float> x({2, 3, 4, 5}, 10);
  Spatial<float> out = x, small({1, 3, 4, 5}, 11);
  CHECK_REJECTS(blur(GaussianBlur{4, 1.0}, x.view(), out.view()), "`kernel_size` is 4; expected an odd number");
  CHECK_REJECTS(blur(GaussianBlur{0, 1.0}, x.view(), out.view()), "`kernel_size` is 0");
  CHECK_REJECTS(blur(GaussianBlur{(std::size_t{1} << 24) + 1, 1.0}, x.view(), out.view()), "`kernel_size` is 16777217; expected");
  CHECK_REJECTS(blur(GaussianBlur{SIZE_MAX, 1.0}, x.view(), out.view()), "an odd number below 2^24");
  CHECK_NOTHROW(GaussianBlur{(std::size_t{1} << 24) - 1, 1.0}.validate());
  CHECK_REJECTS(blur(GaussianBlur{3, -1.0}, x.view(), out.view()), "`sigma` is -1");
  CHECK_REJECTS(blur(GaussianBlur{3, std::numeric_limits<double>::infinity()}, x.view(), out.view()), "`sigma` is inf");
  CHECK_REJECTS(blur(GaussianBlur{3, 1.0}, x.view(), small.view()), "`out` is of shape [1, 3, 4, 5]");
  const Eigen::MatrixXf matrix = Eigen::MatrixXf::Ones(4, 4);
  CHECK_REJECTS(blur(GaussianBlur{3, 1.0}, matrix), "`x` is of shape [4, 4]; expected [samples, ..., rows, columns]");
  const BatchView<float> shifted(out.values.data() + 1, 1, 60, 60, small.shape);
  CHECK_REJECTS(blur(GaussianBlur{3, 1.0}, BatchView<float>(out.values.data(), 1, 60, 60, small.shape), shifted),
                "partly in the memory of `x`");
  CHECK(out.values == x.values);
}

TEST_CASE("Gaussian blur: empty tensors") {
  Spatial<float> none({0, 3, 4, 5}), flat({2, 3, 0, 5});
  blur(GaussianBlur{9, 2.0}, none.view(), none.view());
  blur(GaussianBlur{9, 2.0}, flat.view(), flat.view());
  CHECK(flat.values.empty());
}
