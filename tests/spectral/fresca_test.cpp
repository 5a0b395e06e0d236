// SPDX-License-Identifier: MIT
#include <eigenguide/spectral/fresca.hpp>

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/tensor/tensor.hpp>
#include <support/catch.hpp>
#include <support/direct_transform.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class T>
Spatial<T> guided(const FreSca& method, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  guide(method, cond.view(), uncond.view(), out.view());
  return out;
}

/// The formula, by direct sums.
std::vector<double> reference(const FreSca& method, const Spatial<double>& cond, const Spatial<double>& uncond) {
  const std::size_t rows = cond.rows(), columns = cond.columns(), area = rows * columns;
  std::vector<double> out;
  for (std::size_t p = 0; p < cond.planes(); ++p) {
    std::vector<std::complex<long double>> plane;
    for (std::size_t k = 0; k < area; ++k) plane.push_back(cond.values[p * area + k] - uncond.values[p * area + k]);
    plane = direct_transform(plane, rows, columns);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        const bool low = std::min(i, rows - i) < method.cutoff && std::min(j, columns - j) < method.cutoff;
        plane[i * columns + j] *= static_cast<long double>(low ? method.scale_low : method.scale_high);
      }
    plane = direct_transform(plane, rows, columns, true);
    for (std::size_t k = 0; k < area; ++k) {
      CHECK(std::fabs(static_cast<double>(plane[k].imag())) < 1e-15);  // the band is symmetric
      out.push_back(uncond.values[p * area + k] + method.scale * static_cast<double>(plane[k].real()));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("FreSca: its formula by direct sums, for sides and cutoffs of every kind") {
  for (const std::size_t rows : Sizes{1, 2, 5, 6})
    for (const std::size_t columns : Sizes{1, 3, 4, 7})
      for (const std::size_t cutoff : Sizes{0, 1, 2, 3, 4, 20}) {
        INFO(rows << " x " << columns << ", cutoff " << cutoff);
        const Spatial<double> cond({2, 2, rows, columns}, rows * 100 + columns), uncond({2, 2, rows, columns}, cutoff + 1000);
        const FreSca method{6.0, 0.7, 1.5, cutoff};
        CHECK(distance(guided(method, cond, uncond).values, reference(method, cond, uncond)) < 1e-13);
      }
}

TEST_CASE("FreSca: unconfigured it is cond, with equal scales plain guidance") {
  const Spatial<float> cond({2, 3, 7, 6}, 1), uncond({2, 3, 7, 6}, 2);
  CHECK(guided(FreSca{}, cond, uncond).values == cond.values);
  CHECK(guided(FreSca{7.0, 0.5, 1.5, 2}, cond, cond).values == cond.values);
  Spatial<float> want = cond;
  guide(Cfg{6.0}, cond.view(), uncond.view(), want.view());
  CHECK(distance(guided(FreSca{6.0, 1.0, 1.0, 3}, cond, uncond).values, want.values) < 3e-6);
  CHECK(distance(guided(FreSca{6.0, 1.0, 9.0, 20}, cond, uncond).values, want.values) < 3e-6);  // everything is low
  CHECK(distance(guided(FreSca{6.0, 9.0, 1.0, 0}, cond, uncond).values, want.values) < 3e-6);   // nothing is
}

TEST_CASE("FreSca: a cutoff of 1 scales the mean of each plane alone") {
  const Spatial<double> cond({1, 2, 4, 5}, 3), uncond({1, 2, 4, 5}, 4);
  const Spatial<double> got = guided(FreSca{1.0, 3.0, 1.0, 1}, cond, uncond);
  for (std::size_t p = 0; p < 2; ++p) {
    double mean = 0.0;
    for (std::size_t k = 0; k < 20; ++k) mean += (cond.values[p * 20 + k] - uncond.values[p * 20 + k]) / 20.0;
    for (std::size_t k = 0; k < 20; ++k) CHECK(got.values[p * 20 + k] == Approx(cond.values[p * 20 + k] + 2.0 * mean));
  }
}

TEST_CASE("FreSca: samples one by one, in place, of a used workspace, in float") {
  const Spatial<float> cond({3, 2, 9, 6}, 3), uncond({3, 2, 9, 6}, 4);
  const FreSca method{6.0, 0.8, 1.5, 2};
  const Spatial<float> together = guided(method, cond, uncond);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(guided(method, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);

  FourierWorkspace workspace;
  const Spatial<float> larger({2, 2, 19, 16}, 5);
  Spatial<float> elsewhere = larger, over_cond = cond, over_uncond = uncond;
  guide(method, larger.view(), larger.view(), elsewhere.view(), workspace);
  guide(method, over_cond.view(), uncond.view(), over_cond.view(), workspace);
  CHECK(over_cond.values == together.values);
  guide(method, cond.view(), over_uncond.view(), over_uncond.view(), workspace);
  CHECK(over_uncond.values == together.values);

  Spatial<double> c({3, 2, 9, 6}), u = c;
  c.values.assign(cond.values.begin(), cond.values.end());
  u.values.assign(uncond.values.begin(), uncond.values.end());
  CHECK(distance(guided(method, c, u).values, together.values) < 3e-6);  // half a unit of 32
}

TEST_CASE("FreSca: NaN stays in its sample, and in its plane") {
  Spatial<float> cond({2, 2, 6, 6}, 6);
  const Spatial<float> uncond({2, 2, 6, 6}, 7);
  const FreSca method{6.0, 0.8, 1.5, 2};
  const Spatial<float> clean = guided(method, cond, uncond);
  cond.values[3] = std::numeric_limits<float>::quiet_NaN();
  cond.values[40] = std::numeric_limits<float>::infinity();
  const Spatial<float> got = guided(method, cond, uncond);
  CHECK(is_nan(got.values[35]));
  CHECK(got.sample(1).values == clean.sample(1).values);
}

TEST_CASE("FreSca: Eigen's tensors, as a new one") {
  Eigen::Tensor<double, 3> cond(6, 5, 2), uncond(6, 5, 2);  // ColMajor: two samples of 5 × 6
  const Spatial<double> c({2, 5, 6}, 8), u({2, 5, 6}, 9);
  std::copy(c.values.begin(), c.values.end(), cond.data());
  std::copy(u.values.begin(), u.values.end(), uncond.data());
  const FreSca method{3.0, 2.0, 1.0, 2};
  const Eigen::Tensor<double, 3> got = guide(method, cond, uncond);
  CHECK(std::vector<double>(got.data(), got.data() + got.size()) == guided(method, c, u).values);
}

TEST_CASE("FreSca: bad calls are rejected, and nothing is written") {
  const Spatial<float> cond({2, 3, 4, 4}, 1), uncond({2, 3, 4, 4}, 2), wrong({2, 3, 2, 8}, 3);
  Spatial<float> out = cond;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto run = [&](const FreSca& method) { guide(method, cond.view(), uncond.view(), out.view()); };
  CHECK_REJECTS(run({nan}), "`scale` is nan; expected a finite number");
  CHECK_REJECTS(run({1.0, nan}), "`scale_low` is nan");
  CHECK_REJECTS(run({1.0, 1.0, nan}), "`scale_high` is nan");
  CHECK_REJECTS(guide(FreSca{2.0}, cond.view(), wrong.view(), out.view()), "`uncond` is of shape [2, 3, 2, 8]");
  const Eigen::MatrixXf matrix = Eigen::MatrixXf::Ones(4, 4);
  CHECK_REJECTS(guide(FreSca{2.0}, matrix, matrix), "`cond` is of shape [4, 4]");
  CHECK(out.values == cond.values);
  Spatial<float> none({0, 3, 4, 4}), flat({2, 3, 4, 0});
  guide(FreSca{2.0, 1.0, 2.0, 1}, none.view(), none.view(), none.view());
  guide(FreSca{2.0, 1.0, 2.0, 1}, flat.view(), flat.view(), flat.view());
}
