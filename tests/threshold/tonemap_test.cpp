// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/tonemap.hpp>

#include <eigenguide/tensor/tensor.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class T>
Spatial<T> guided(const Tonemap& method, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  guide(method, cond.view(), uncond.view(), out.view());
  return out;
}

/// The formula, for one sample of `channels`.
std::vector<double> reference(const Tonemap& method, const std::vector<double>& c, const std::vector<double>& u,
                              std::size_t channels) {
  const std::size_t positions = c.size() / channels;
  std::vector<double> n;
  double mean = 0.0, square = 0.0;
  for (std::size_t p = 0; p < positions; ++p) {
    double sum = 0.0;
    for (std::size_t k = 0; k < channels; ++k) sum += std::pow(c[k * positions + p] - u[k * positions + p], 2);
    n.push_back(std::sqrt(sum));
    mean += n[p] / static_cast<double>(positions);
  }
  for (const double length : n) square += (length - mean) * (length - mean);
  const double deviation = positions == 1 ? 0.0 : std::sqrt(square / static_cast<double>(positions - 1));
  const double top = (mean + 5.0 * deviation) * method.multiplier;
  std::vector<double> out;
  for (std::size_t at = 0; at < c.size(); ++at)
    out.push_back(u[at] + method.scale * (c[at] - u[at]) / (1.0 + n[at % positions] / top));
  return out;
}

}  // namespace

TEST_CASE("Tonemap: its formula, for channels, positions and multipliers of every kind") {
  for (const std::size_t channels : Sizes{1, 2, 5})
    for (const std::size_t positions : Sizes{1, 2, 3, 40})
      for (const double multiplier : {1e-3, 0.5, 1.0, 4.0, 1e6})
        for (const double scale : {-2.0, 0.0, 1.0, 7.5}) {
          INFO(channels << " channels, " << positions << " positions, multiplier " << multiplier << ", scale " << scale);
          const Spatial<double> cond({1, channels, positions}, channels), uncond({1, channels, positions}, positions + 90);
          const Tonemap method{scale, multiplier};
          CHECK(distance(guided(method, cond, uncond).values,
                         reference(method, cond.values, uncond.values, channels)) < 1e-13);
        }
}

TEST_CASE("Tonemap: unconfigured it is cond, without a limit plain guidance") {
  const Spatial<float> cond({2, 3, 7}, 1), uncond({2, 3, 7}, 2);
  CHECK(guided(Tonemap{}, cond, uncond).values == cond.values);
  const Spatial<double> c({2, 3, 7}, 3), u({2, 3, 7}, 4);
  const Spatial<double> got = guided(Tonemap{5.0}, c, u);
  for (std::size_t k = 0; k < c.values.size(); ++k)
    CHECK(got.values[k] == Approx(u.values[k] + 5.0 * (c.values[k] - u.values[k])));
}

TEST_CASE("Tonemap: where no position has a difference it is cond, and where one has none it stays there") {
  const Spatial<double> cond({1, 3, 6}, 5);
  CHECK(guided(Tonemap{7.5, 0.5}, cond, cond).values == cond.values);
  CHECK(guided(Tonemap{7.5}, cond, cond).values == cond.values);
  Spatial<double> uncond({1, 3, 6}, 6);
  for (const std::size_t k : {2u, 8u, 14u}) uncond.values[k] = cond.values[k];
  const Spatial<double> got = guided(Tonemap{7.5, 0.5}, cond, uncond);
  for (const std::size_t k : {2u, 8u, 14u}) CHECK(got.values[k] == cond.values[k]);
  CHECK(got.values[3] != cond.values[3]);
}

TEST_CASE("Tonemap: one position has no spread") {
  // n = top / multiplier: d is divided by 1 + 1 / multiplier.
  Spatial<double> cond({1, 2}), uncond({1, 2});
  cond.values = {4.0, 4.0};
  uncond.values = {1.0, 0.0};
  const Spatial<double> got = guided(Tonemap{2.0, 1.0}, cond, uncond), short_top = guided(Tonemap{2.0, 0.25}, cond, uncond);
  CHECK(got.values[0] == Approx(1.0 + 2.0 * 3.0 / 2.0));
  CHECK(got.values[1] == Approx(0.0 + 2.0 * 4.0 / 2.0));
  CHECK(short_top.values[0] == Approx(1.0 + 2.0 * 3.0 / 5.0));
}

TEST_CASE("Tonemap: the result follows the units of the predictions") {
  const Spatial<double> cond({1, 3, 6}, 7), uncond({1, 3, 6}, 8);
  Spatial<double> c = cond, u = uncond, got = guided(Tonemap{7.5, 0.5}, cond, uncond);
  for (const double unit : {1e-30, 1e-8, 1024.0, 1e30}) {
    for (std::size_t k = 0; k < 18; ++k) c.values[k] = unit * cond.values[k], u.values[k] = unit * uncond.values[k];
    const Spatial<double> there = guided(Tonemap{7.5, 0.5}, c, u);
    for (std::size_t k = 0; k < 18; ++k) CHECK(there.values[k] / unit == Approx(got.values[k]).epsilon(1e-12));
  }
}

TEST_CASE("Tonemap: samples one by one, in place, of a used workspace, in float") {
  const Spatial<float> cond({3, 4, 5, 9}, 9), uncond({3, 4, 5, 9}, 10);
  const Tonemap method{6.0, 0.7};
  const Spatial<float> together = guided(method, cond, uncond);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(guided(method, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);

  Workspace workspace;
  const Spatial<float> larger({2, 2, 300}, 11);
  Spatial<float> elsewhere = larger, over_cond = cond, over_uncond = uncond;
  guide(method, larger.view(), larger.view(), elsewhere.view(), workspace);
  guide(method, over_cond.view(), uncond.view(), over_cond.view(), workspace);
  guide(method, cond.view(), over_uncond.view(), over_uncond.view(), workspace);
  CHECK(over_cond.values == together.values);
  CHECK(over_uncond.values == together.values);

  Spatial<double> c({3, 4, 5, 9}), u = c;
  c.values.assign(cond.values.begin(), cond.values.end());
  u.values.assign(uncond.values.begin(), uncond.values.end());
  CHECK(distance(guided(method, c, u).values, together.values) < 1e-6);  // half a unit of 16
}

TEST_CASE("Tonemap: NaN and infinities stay in their sample") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Spatial<float> cond({3, 2, 8}, 12);
    const Spatial<float> uncond({3, 2, 8}, 13);
    const Spatial<float> clean = guided(Tonemap{5.0, 1.0}, cond, uncond);
    cond.values[20] = bad;
    const Spatial<float> got = guided(Tonemap{5.0, 1.0}, cond, uncond);
    CHECK_FALSE(is_finite(static_cast<double>(got.values[20])));
    CHECK(got.sample(0).values == clean.sample(0).values);
    CHECK(got.sample(2).values == clean.sample(2).values);
  }
}

TEST_CASE("Tonemap: Eigen's tensors, as a new one") {
  Eigen::Tensor<double, 3, Eigen::RowMajor> cond(2, 3, 5), uncond(2, 3, 5);
  const Spatial<double> c({2, 3, 5}, 14), u({2, 3, 5}, 15);
  std::copy(c.values.begin(), c.values.end(), cond.data());
  std::copy(u.values.begin(), u.values.end(), uncond.data());
  const auto got = guide(Tonemap{3.0, 1.0}, cond, uncond);
  CHECK(std::vector<double>(got.data(), got.data() + got.size()) == guided(Tonemap{3.0, 1.0}, c, u).values);
}

TEST_CASE("Tonemap: bad calls are rejected, and nothing is written") {
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  const Spatial<float> cond({2, 3, 4}, 1), uncond({2, 3, 4}, 2), wrong({2, 4, 3}, 3);
  Spatial<float> out = cond;
  const auto run = [&](const Tonemap& method) { guide(method, cond.view(), uncond.view(), out.view()); };
  CHECK_REJECTS(run({not_a_number}), "`scale` is nan; expected a finite number");
  CHECK_REJECTS(run({2.0, 0.0}), "`multiplier` is 0; expected a positive number");
  CHECK_REJECTS(run({2.0, -1.0}), "`multiplier` is -1");
  CHECK_REJECTS(run({2.0, not_a_number}), "`multiplier` is nan");
  CHECK_REJECTS(guide(Tonemap{2.0}, cond.view(), wrong.view(), out.view()), "`uncond` is of shape [2, 4, 3]");
  const auto flat = [](auto& tensor) { return BatchView(tensor.values.data(), 2, 12); };
  CHECK_REJECTS(guide(Tonemap{2.0}, flat(cond), flat(uncond), flat(out)),
                "`cond` is of shape [2, 12]; expected [samples, channels, ...]");
  CHECK(out.values == cond.values);
  Spatial<float> row({2, 12}, 4), before = row;
  const auto at = [&](std::size_t first) { return BatchView(row.values.data() + first, 1, 12, 12, Shape{{1, 3, 4}, 3}); };
  CHECK_REJECTS(guide(Tonemap{2.0}, at(0), at(12), at(4)), "`out` is partly in the memory of `cond`");
  CHECK(row.values == before.values);
  Spatial<float> none({0, 3, 4}), empty({2, 3, 0}), channelless({2, 0, 4});
  guide(Tonemap{2.0}, none.view(), none.view(), none.view());
  guide(Tonemap{2.0}, empty.view(), empty.view(), empty.view());
  guide(Tonemap{2.0}, channelless.view(), channelless.view(), channelless.view());
}
