// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/mahiro.hpp>

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
Spatial<T> guided(const Mahiro& method, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  guide(method, cond.view(), uncond.view(), out.view());
  return out;
}

/// The formula, for one sample of `channels`.
std::vector<double> reference(double s, const std::vector<double>& c, const std::vector<double>& u, std::size_t channels) {
  const auto root = [](double v) { return v < 0 ? -std::sqrt(-v) : std::sqrt(v); };
  const std::size_t positions = c.size() / channels;
  const auto g = [&](std::size_t at) { return u[at] + s * (c[at] - u[at]); };
  double sim = 0.0;
  for (std::size_t p = 0; p < positions; ++p) {
    double product = 0.0, from = 0.0, to = 0.0;
    for (std::size_t k = 0; k < channels; ++k) {
      const std::size_t at = k * positions + p;
      const double a = root(s * u[at]), b = root((s * c[at] + g(at)) / 2);
      product += a * b;
      from += a * a;
      to += b * b;
    }
    if (from > 0.0 && to > 0.0) sim += product / std::sqrt(from * to) / static_cast<double>(positions);
  }
  std::vector<double> out;
  for (std::size_t at = 0; at < c.size(); ++at) out.push_back(((sim + 1) * g(at) + (1 - sim) * s * c[at]) / 2);
  return out;
}

Spatial<double> of(Sizes extents, std::vector<double> values) {
  Spatial<double> tensor(extents);
  tensor.values = values;
  return tensor;
}

}  // namespace

TEST_CASE("Mahiro: its formula, for channels, positions and scales of every kind") {
  for (const std::size_t channels : Sizes{1, 2, 5})
    for (const std::size_t positions : Sizes{1, 3, 40})
      for (const double scale : {-2.0, 0.0, 0.5, 1.0, 1.5, 7.5, 30.0}) {
        INFO(channels << " channels, " << positions << " positions, scale " << scale);
        const Spatial<double> cond({1, channels, positions}, channels + 1), uncond({1, channels, positions}, positions + 90);
        CHECK(distance(guided(Mahiro{scale}, cond, uncond).values,
                       reference(scale, cond.values, uncond.values, channels)) < 1e-13);
      }
}

TEST_CASE("Mahiro: at a scale of 1 it is cond") {
  const Spatial<float> cond({2, 3, 7}, 1), uncond({2, 3, 7}, 2);
  CHECK(guided(Mahiro{}, cond, uncond).values == cond.values);
}

TEST_CASE("Mahiro: by hand") {
  // One position of one channel: u and merge point the same way, or apart.
  CHECK(guided(Mahiro{3.0}, of({1, 1}, {2.0}), of({1, 1}, {1.0})).values[0] == Approx(4.0));    // g
  CHECK(guided(Mahiro{3.0}, of({1, 1}, {2.0}), of({1, 1}, {-1.0})).values[0] == Approx(6.0));   // s c
  CHECK(guided(Mahiro{3.0}, of({1, 1}, {2.0}), of({1, 1}, {2.0})).values[0] == Approx(2.0));    // u = c
  // s u = (2, 4), g = (3.5, −2), leap = (4.5, 0), merge = (4, −1).
  const double sim = (std::sqrt(2.0) * 2.0 - 2.0 * 1.0) / std::sqrt(6.0 * 5.0);
  const Spatial<double> got = guided(Mahiro{2.0}, of({1, 2}, {2.25, 0.0}), of({1, 2}, {1.0, 2.0}));
  CHECK(got.values[0] == Approx(((sim + 1) * 3.5 + (1 - sim) * 4.5) / 2));
  CHECK(got.values[1] == Approx((sim + 1) * -2.0 / 2));
}

TEST_CASE("Mahiro: a zero vector is at a right angle to every other") {
  const Spatial<double> cond({1, 3, 4}, 3), zero = of({1, 3, 4}, std::vector<double>(12, 0.0));
  const Spatial<double> without_uncond = guided(Mahiro{5.0}, cond, zero), without_cond = guided(Mahiro{5.0}, zero, cond);
  const Spatial<double> at_zero = guided(Mahiro{0.0}, zero, cond);
  for (std::size_t k = 0; k < 12; ++k) {
    CHECK(without_uncond.values[k] == Approx(5.0 * cond.values[k]));
    CHECK(at_zero.values[k] == Approx(0.5 * cond.values[k]));
    CHECK(without_cond.values[k] == Approx(0.0).margin(1e-14));  // merge is opposite to u: s c
  }
  CHECK(guided(Mahiro{5.0}, zero, zero).values == zero.values);
}

TEST_CASE("Mahiro: samples one by one, in place, in float") {
  const Spatial<float> cond({3, 4, 5, 9}, 4), uncond({3, 4, 5, 9}, 5);
  const Mahiro method{6.0};
  const Spatial<float> together = guided(method, cond, uncond);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(guided(method, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);

  Spatial<float> over_cond = cond, over_uncond = uncond;
  guide(method, over_cond.view(), uncond.view(), over_cond.view());
  guide(method, cond.view(), over_uncond.view(), over_uncond.view());
  CHECK(over_cond.values == together.values);
  CHECK(over_uncond.values == together.values);

  Spatial<double> c({3, 4, 5, 9}), u = c;
  c.values.assign(cond.values.begin(), cond.values.end());
  u.values.assign(uncond.values.begin(), uncond.values.end());
  CHECK(distance(guided(method, c, u).values, together.values) < 3e-6);  // half a unit of 32
}

TEST_CASE("Mahiro: NaN and infinities stay in their sample") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Spatial<float> cond({3, 2, 8}, 6);
    const Spatial<float> uncond({3, 2, 8}, 7);
    const Spatial<float> clean = guided(Mahiro{5.0}, cond, uncond);
    cond.values[20] = bad;
    const Spatial<float> got = guided(Mahiro{5.0}, cond, uncond);
    CHECK(is_nan(got.values[20]));
    CHECK(got.sample(0).values == clean.sample(0).values);
    CHECK(got.sample(2).values == clean.sample(2).values);
  }
}

TEST_CASE("Mahiro: Eigen's tensors, as a new one") {
  Eigen::Tensor<double, 3, Eigen::RowMajor> cond(2, 3, 5), uncond(2, 3, 5);
  const Spatial<double> c({2, 3, 5}, 8), u({2, 3, 5}, 9);
  std::copy(c.values.begin(), c.values.end(), cond.data());
  std::copy(u.values.begin(), u.values.end(), uncond.data());
  const auto got = guide(Mahiro{3.0}, cond, uncond);
  CHECK(std::vector<double>(got.data(), got.data() + got.size()) == guided(Mahiro{3.0}, c, u).values);
}

TEST_CASE("Mahiro: bad calls are rejected, and nothing is written") {
  const Spatial<float> cond({2, 3, 4}, 1), uncond({2, 3, 4}, 2), wrong({2, 4, 3}, 3);
  Spatial<float> out = cond;
  CHECK_REJECTS(guide(Mahiro{std::numeric_limits<double>::quiet_NaN()}, cond.view(), uncond.view(), out.view()),
                "`scale` is nan; expected a finite number");
  CHECK_REJECTS(guide(Mahiro{2.0}, cond.view(), wrong.view(), out.view()), "`uncond` is of shape [2, 4, 3]");
  const auto flat = [](auto& tensor) { return BatchView(tensor.values.data(), 2, 12); };
  CHECK_REJECTS(guide(Mahiro{2.0}, flat(cond), flat(uncond), flat(out)),
                "`cond` is of shape [2, 12]; expected [samples, channels, ...]");
  CHECK(out.values == cond.values);
  Spatial<float> row({2, 12}, 4), before = row;
  const auto at = [&](std::size_t first) { return BatchView(row.values.data() + first, 1, 12, 12, Shape{{1, 3, 4}, 3}); };
  CHECK_REJECTS(guide(Mahiro{2.0}, at(0), at(12), at(4)), "`out` is partly in the memory of `cond`");
  CHECK(row.values == before.values);
  Spatial<float> none({0, 3, 4}), empty({2, 3, 0}), channelless({2, 0, 4});
  guide(Mahiro{2.0}, none.view(), none.view(), none.view());
  guide(Mahiro{2.0}, empty.view(), empty.view(), empty.view());
  guide(Mahiro{2.0}, channelless.view(), channelless.view(), channelless.view());
}
