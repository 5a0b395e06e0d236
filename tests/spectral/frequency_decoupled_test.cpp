// SPDX-License-Identifier: MIT
#include <eigenguide/spectral/frequency_decoupled.hpp>

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/spectral/laplacian_pyramid.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/tensor/tensor.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class T>
Spatial<T> guided(const FrequencyDecoupled& method, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  guide(method, cond.view(), uncond.view(), out.view());
  return out;
}

/// The formula, level by level of the pyramids of c and of u.
Spatial<double> reference(const FrequencyDecoupled& method, const Spatial<double>& cond, const Spatial<double>& uncond) {
  const std::size_t levels = method.scales.size();
  auto of_cond = laplacian_pyramid(cond.view(), levels);
  const auto of_uncond = laplacian_pyramid(uncond.view(), levels);
  for (std::size_t l = 0; l < levels; ++l) {
    const auto c = of_cond.level(l);
    const auto u = of_uncond.level(l);
    const double weight = method.parallel_weights[method.parallel_weights.size() == 1 ? 0 : l];
    for (std::size_t i = 0; i < c.samples(); ++i) {
      long double along = 0, square = 0;
      for (std::size_t k = 0; k < c.size(); ++k) {
        along += static_cast<long double>(c.sample(i)[k] - u.sample(i)[k]) * static_cast<long double>(c.sample(i)[k]);
        square += static_cast<long double>(c.sample(i)[k]) * static_cast<long double>(c.sample(i)[k]);
      }
      for (std::size_t k = 0; k < c.size(); ++k) {
        const double d = c.sample(i)[k] - u.sample(i)[k];
        const double parallel = static_cast<double>(along / square) * c.sample(i)[k];
        c.sample(i)[k] += (method.scales[l] - 1.0) * (weight * parallel + (d - parallel));
      }
    }
  }
  Spatial<double> out = cond;
  of_cond.reconstruct(out.view());
  return out;
}

}  // namespace

TEST_CASE("FDG: its formula, with and without parallel weights, for any size") {
  const FrequencyDecoupled plain{{10.0, 5.0}}, weighted{{9.0, -1.5, 3.0}, {0.3, 1.0, -0.6}}, shared{{2.0, 7.0}, {0.0}};
  for (const auto& method : {plain, weighted, shared}) {
    const Spatial<double> cond({2, 3, 8, 8}, 1), uncond({2, 3, 8, 8}, 2);
    CHECK(distance(guided(method, cond, uncond).values, reference(method, cond, uncond).values) < 1e-12);
    const Spatial<double> odd({2, 2, 3, 7, 5}, 3), other({2, 2, 3, 7, 5}, 4);
    CHECK(distance(guided(method, odd, other).values, reference(method, odd, other).values) < 1e-12);
    const Spatial<double> thin({3, 9, 1}, 5), wisp({3, 9, 1}, 6);
    CHECK(distance(guided(method, thin, wisp).values, reference(method, thin, wisp).values) < 1e-12);
  }
}

TEST_CASE("FDG: unconfigured, at scales of 1, and for equal predictions it is cond") {
  const Spatial<float> cond({2, 3, 7, 6}, 1), uncond({2, 3, 7, 6}, 2);
  CHECK(guided(FrequencyDecoupled{}, cond, uncond).values == cond.values);
  CHECK(guided(FrequencyDecoupled{{1.0, 1.0, 1.0}, {0.3}}, cond, uncond).values == cond.values);
  CHECK(guided(FrequencyDecoupled{{8.0, 4.0}, {0.3}}, cond, cond).values == cond.values);
}

TEST_CASE("FDG: one scale for all levels is plain guidance") {
  const Spatial<double> cond({2, 3, 7, 6}, 1), uncond({2, 3, 7, 6}, 2);
  Spatial<double> want = cond;
  guide(Cfg{6.0}, cond.view(), uncond.view(), want.view());
  CHECK(distance(guided(FrequencyDecoupled{{6.0, 6.0, 6.0}}, cond, uncond).values, want.values) < 1e-13);
  CHECK(distance(guided(FrequencyDecoupled{{6.0}}, cond, uncond).values, want.values) < 1e-13);
}

TEST_CASE("FDG: the highest frequencies are the first scale's") {
  Spatial<double> cond({1, 1, 16, 16}), uncond = cond;
  std::fill(uncond.values.begin(), uncond.values.end(), 0.0);
  for (std::size_t k = 0; k < 256; ++k) cond.values[k] = (k / 16 + k) % 2 == 0 ? 1.0 : -1.0;  // a chessboard
  const Spatial<double> sharp = guided(FrequencyDecoupled{{3.0, 1.0}}, cond, uncond);
  const Spatial<double> soft = guided(FrequencyDecoupled{{1.0, 3.0}}, cond, uncond);
  CHECK(sharp.at(0, 8, 8) == Approx(3.0));
  CHECK(soft.at(0, 8, 8) == Approx(1.0));

  std::fill(cond.values.begin(), cond.values.end(), 1.0);  // and a constant is the last's
  CHECK(guided(FrequencyDecoupled{{3.0, 1.0}}, cond, uncond).at(0, 8, 8) == Approx(1.0));
  CHECK(guided(FrequencyDecoupled{{1.0, 3.0}}, cond, uncond).at(0, 8, 8) == Approx(3.0));
}

TEST_CASE("FDG: a level of c without content has no direction") {
  Spatial<double> cond({1, 2, 8, 8}), uncond({1, 2, 8, 8}, 2);
  std::fill(cond.values.begin(), cond.values.end(), 0.7);  // detail: rounding only
  const Spatial<double> got = guided(FrequencyDecoupled{{4.0, 1.0}, {0.0}}, cond, uncond);
  const Spatial<double> want = guided(FrequencyDecoupled{{4.0, 1.0}, {1.0}}, cond, uncond);
  CHECK(got.values == want.values);
  std::fill(cond.values.begin(), cond.values.end(), 0.0);
  CHECK(guided(FrequencyDecoupled{{4.0, 5.0}, {0.0}}, cond, uncond).values ==
        guided(FrequencyDecoupled{{4.0, 5.0}, {1.0}}, cond, uncond).values);
}

TEST_CASE("FDG: detail of c has a direction from 1e-14 of c on") {
  // c = 1 + a χ and u = 1/2 + χ with χ = ±1 as on a chessboard: χ is all of the first
  // level, so that its d = (a − 1) χ is parallel to c.
  for (const double a : {0x1p-40, 0x1p-46, 0x1p-47, 0x1p-50}) {
    Spatial<double> cond({1, 1, 16, 16}), uncond = cond;
    const auto chess = [](std::size_t k) { return (k / 16 + k) % 2 == 0 ? 1.0 : -1.0; };
    for (std::size_t k = 0; k < 256; ++k) cond.values[k] = 1.0 + a * chess(k), uncond.values[k] = 0.5 + chess(k);
    const double weight = a > 1e-14 ? 0.25 : 1.0;
    const Spatial<double> got = guided(FrequencyDecoupled{{3.0, 1.0}, {0.25}}, cond, uncond);
    INFO(a);
    for (std::size_t k = 0; k < 256; ++k)
      CHECK(got.values[k] == Approx(cond.values[k] + 2.0 * weight * (a - 1.0) * chess(k)).epsilon(1e-13));
  }
}

TEST_CASE("FDG: samples one by one, in place, of a used workspace, in float") {
  const Spatial<float> cond({3, 2, 9, 6}, 3), uncond({3, 2, 9, 6}, 4);
  const FrequencyDecoupled method{{10.0, 5.0}, {0.3, 0.6}};
  const Spatial<float> together = guided(method, cond, uncond);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(guided(method, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);

  Workspace workspace;
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

TEST_CASE("FDG: NaN stays in its sample") {
  Spatial<float> cond({2, 2, 6, 6}, 6);
  const Spatial<float> uncond({2, 2, 6, 6}, 7);
  const FrequencyDecoupled method{{10.0, 5.0}, {0.3}};
  const Spatial<float> clean = guided(method, cond, uncond);
  cond.values[3] = std::numeric_limits<float>::quiet_NaN();
  const Spatial<float> got = guided(method, cond, uncond);
  CHECK(is_nan(got.values[3]));
  CHECK(got.sample(1).values == clean.sample(1).values);
}

TEST_CASE("FDG: Eigen's tensors, as a new one") {
  Eigen::Tensor<double, 4, Eigen::RowMajor> cond(2, 3, 5, 6), uncond(2, 3, 5, 6);
  const Spatial<double> c({2, 3, 5, 6}, 8), u({2, 3, 5, 6}, 9);
  std::copy(c.values.begin(), c.values.end(), cond.data());
  std::copy(u.values.begin(), u.values.end(), uncond.data());
  const FrequencyDecoupled method{{3.0, 2.0}};
  const Eigen::Tensor<double, 4, Eigen::RowMajor> got = guide(method, cond, uncond);
  CHECK(std::vector<double>(got.data(), got.data() + got.size()) == guided(method, c, u).values);
}

TEST_CASE("FDG: bad calls are rejected, and nothing is written") {
  const Spatial<float> cond({2, 3, 4, 4}, 1), uncond({2, 3, 4, 4}, 2), wrong({2, 3, 2, 8}, 3);
  Spatial<float> out = cond;
  const auto run = [&](const FrequencyDecoupled& method) { guide(method, cond.view(), uncond.view(), out.view()); };
  CHECK_REJECTS(run({{}}), "`scales` is empty; expected a number for each level");
  CHECK_REJECTS(run({{2.0, std::numeric_limits<double>::quiet_NaN()}}), "`scales` is nan");
  CHECK_REJECTS(run({{2.0, 3.0, 4.0}, {1.0, 0.5}}),
                "`parallel_weights` is a list of 2; expected one number, or 3, one for each of `scales`");
  CHECK_REJECTS(run({{2.0, 3.0}, {std::numeric_limits<double>::infinity()}}), "`parallel_weights` is inf");
  CHECK_REJECTS(guide(FrequencyDecoupled{{2.0}}, cond.view(), wrong.view(), out.view()), "`uncond` is of shape [2, 3, 2, 8]");
  const Eigen::MatrixXf matrix = Eigen::MatrixXf::Ones(4, 4);
  CHECK_REJECTS(guide(FrequencyDecoupled{{2.0}}, matrix, matrix), "`cond` is of shape [4, 4]");
  CHECK(out.values == cond.values);
  Spatial<float> none({0, 3, 4, 4});
  guide(FrequencyDecoupled{{2.0, 3.0}}, none.view(), none.view(), none.view());
}
