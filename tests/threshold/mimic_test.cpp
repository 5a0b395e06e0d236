// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/mimic.hpp>

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
Spatial<T> guided(const Mimic& method, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  guide(method, cond.view(), uncond.view(), out.view());
  return out;
}

std::vector<double> plain(double s, const std::vector<double>& c, const std::vector<double>& u) {
  std::vector<double> out;
  for (std::size_t k = 0; k < c.size(); ++k) out.push_back(u[k] + s * (c[k] - u[k]));
  return out;
}

/// The mean of the channel of each element.
std::vector<double> means(const std::vector<double>& v, std::size_t positions) {
  std::vector<double> out(v.size());
  for (std::size_t k = 0; k < v.size(); ++k) out[k / positions * positions] += v[k] / static_cast<double>(positions);
  for (std::size_t k = 0; k < v.size(); ++k) out[k] = out[k / positions * positions];
  return out;
}

double quantile_of(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const double h = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(h);
  return below + 1 == values.size()
             ? values[below]
             : values[below] + (h - static_cast<double>(below)) * (values[below + 1] - values[below]);
}

/// The formula, for channels that share an a and b.
std::vector<double> reference(const Mimic& method, const std::vector<double>& c, const std::vector<double>& u,
                              std::size_t positions) {
  const std::vector<double> g = plain(method.scale, c, u), m = plain(method.mimic_scale, c, u);
  const std::vector<double> g_mean = means(g, positions), m_mean = means(m, positions);
  const double size = static_cast<double>(g.size());
  std::vector<double> lengths;
  double greatest = 0.0, g_square = 0.0, m_square = 0.0;
  for (std::size_t k = 0; k < g.size(); ++k) {
    lengths.push_back(std::fabs(g[k] - g_mean[k]));
    greatest = std::max(greatest, std::fabs(m[k] - m_mean[k]));
    g_square += lengths[k] * lengths[k];
    m_square += (m[k] - m_mean[k]) * (m[k] - m_mean[k]);
  }
  const bool absolute = method.variability == Variability::absolute;
  const double a = absolute ? greatest : std::sqrt(m_square / (size - 1.0));
  const double b = absolute ? quantile_of(lengths, method.percentile) : std::sqrt(g_square / (size - 1.0));
  const double most = std::max(a, b);
  std::vector<double> out;
  for (std::size_t k = 0; k < g.size(); ++k) {
    const double about = g[k] - g_mean[k];
    const double moved = method.startpoint == Startpoint::zero ? g[k] * a / b
                         : absolute ? g_mean[k] + std::min(std::max(about, -most), most) * a / most
                                    : g_mean[k] + about * a / b;
    out.push_back(method.phi * moved + (1.0 - method.phi) * g[k]);
  }
  return out;
}

/// The same for a sample, by its channels or together.
std::vector<double> reference_of_sample(const Mimic& method, const Spatial<double>& cond, const Spatial<double>& uncond) {
  const std::size_t channels = cond.shape.extent[1], positions = cond.values.size() / channels;
  if (!method.per_channel) return reference(method, cond.values, uncond.values, positions);
  std::vector<double> out;
  for (std::size_t k = 0; k < channels; ++k) {
    const auto channel = [&](const std::vector<double>& v) {
      const auto first = v.begin() + static_cast<std::ptrdiff_t>(k * positions);
      return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(positions));
    };
    const std::vector<double> one = reference(method, channel(cond.values), channel(uncond.values), positions);
    out.insert(out.end(), one.begin(), one.end());
  }
  return out;
}

/// Every mode at these scales.
std::vector<Mimic> modes(double scale, double mimic_scale, double percentile, double phi) {
  std::vector<Mimic> all;
  for (const bool per_channel : {true, false})
    for (const Startpoint startpoint : {Startpoint::mean, Startpoint::zero})
      for (const Variability variability : {Variability::absolute, Variability::deviation})
        all.push_back({scale, mimic_scale, percentile, phi, per_channel, startpoint, variability});
  return all;
}

std::string text(const Mimic& method) {
  return std::string(method.per_channel ? "per channel" : "per sample") +
         (method.startpoint == Startpoint::mean ? ", about the mean" : ", about zero") +
         (method.variability == Variability::absolute ? ", absolute" : ", deviation");
}

}  // namespace

TEST_CASE("Mimic: its formula, in every mode, for channels, positions and percentiles of every kind") {
  for (const std::size_t channels : Sizes{1, 3})
    for (const std::size_t positions : Sizes{2, 3, 40})
      for (const double percentile : {0.3, 0.9, 0.999, 1.0})
        for (const double scale : {-2.0, 1.0, 20.0})
          for (const Mimic& method : modes(scale, 7.0, percentile, percentile == 0.9 ? 0.35 : 1.0)) {
            INFO(text(method) << ", " << channels << " channels, " << positions << " positions, percentile "
                              << percentile << ", scale " << scale);
            const Spatial<double> cond({1, channels, positions}, channels), uncond({1, channels, positions}, positions + 9);
            const std::vector<double> want = reference_of_sample(method, cond, uncond);
            double size = 1.0;
            for (const double value : want) size = std::max(size, std::fabs(value));
            CHECK(distance(guided(method, cond, uncond).values, want) < 1e-13 * size);
          }
}

TEST_CASE("Mimic: unconfigured it is cond, without φ plain guidance") {
  const Spatial<float> cond({2, 3, 7}, 1), uncond({2, 3, 7}, 2);
  CHECK(guided(Mimic{}, cond, uncond).values == cond.values);
  const Spatial<double> c({2, 3, 7}, 3), u({2, 3, 7}, 4);
  for (const Mimic& method : modes(20.0, 7.0, 0.9, 0.0)) {
    INFO(text(method));
    CHECK(distance(guided(method, c, u).values, plain(20.0, c.values, u.values)) < 1e-13);
  }
}

TEST_CASE("Mimic: the extent of its result is that of the mimic scale") {
  const Spatial<double> cond({1, 1, 60}, 5), uncond({1, 1, 60}, 6);
  const auto extent = [](const std::vector<double>& v) {
    double most = 0.0;
    for (const double value : v) most = std::max(most, std::fabs(value - means(v, 60)[0]));
    return most;
  };
  const double want = extent(plain(5.0, cond.values, uncond.values));
  CHECK(extent(guided(Mimic{20.0, 5.0, 1.0, 1.0}, cond, uncond).values) == Approx(want));
}

TEST_CASE("Mimic: an equal mimic scale or equal predictions change nothing") {
  const Spatial<double> cond({2, 3, 8}, 7), uncond({2, 3, 8}, 8);
  for (const Mimic& method : modes(7.0, 7.0, 1.0, 1.0)) {
    INFO(text(method));
    CHECK(distance(guided(method, cond, uncond).values, plain(7.0, cond.values, uncond.values)) < 1e-14 * 32);
    CHECK(distance(guided(method, cond, cond).values, cond.values) < 1e-15 * 4);
  }
}

TEST_CASE("Mimic: where g has no extent it stays") {
  Spatial<double> cond({1, 3, 5}), uncond = cond;
  for (std::size_t k = 0; k < 15; ++k) {
    cond.values[k] = 0.1 * static_cast<double>(k / 5 + 1);
    uncond.values[k] = 0.7;
  }
  const Spatial<double> point({2, 3}, 9), other({2, 3}, 10);  // one position in each channel
  for (const Mimic& method : modes(20.0, 7.0, 0.9, 1.0)) {
    INFO(text(method));
    CHECK(distance(guided(method, cond, uncond).values, plain(20.0, cond.values, uncond.values)) < 1e-14);
    CHECK(distance(guided(method, point, other).values, plain(20.0, point.values, other.values)) < 1e-13);
  }
  // A quantile of zero, about zero: the divisor is b alone.
  Spatial<double> c({1, 1, 5}), u({1, 1, 5});
  c.values = {1.0, 1.0, 1.0, 0.0, 2.0};
  u.values = {0.0, 0.0, 0.0, 0.0, 0.0};
  CHECK(guided(Mimic{2.0, 1.0, 0.5, 1.0, true, Startpoint::zero}, c, u).values ==
        std::vector<double>{2.0, 2.0, 2.0, 0.0, 4.0});
  // About the mean it is a: g is clipped to it.
  CHECK(guided(Mimic{2.0, 1.0, 0.5, 1.0}, c, u).values == std::vector<double>{2.0, 2.0, 2.0, 1.0, 3.0});
}

TEST_CASE("Mimic: a mimic scale without extent leaves the mean") {
  Spatial<double> cond({1, 2, 4}, 11), flat({1, 2, 4});
  std::fill(flat.values.begin(), flat.values.end(), 0.25);
  const std::vector<double> g = plain(20.0, cond.values, flat.values), mean = means(g, 4);
  for (const Mimic& method : modes(20.0, 0.0, 1.0, 1.0)) {  // m = u, a = 0
    INFO(text(method));
    const std::vector<double> zeros(8, 0.0);
    const std::vector<double> got = guided(method, cond, flat).values;
    CHECK(distance(got, method.startpoint == Startpoint::mean ? mean : zeros) < 1e-14);
  }
}

TEST_CASE("Mimic: samples one by one, in place, of a used workspace, in float") {
  const Spatial<float> cond({3, 4, 5, 9}, 12), uncond({3, 4, 5, 9}, 13);
  Workspace workspace;
  for (const Mimic& method : modes(20.0, 7.0, 0.95, 0.8)) {
    INFO(text(method));
    const Spatial<float> together = guided(method, cond, uncond);
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(guided(method, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);

    const Spatial<float> larger({2, 2, 300}, 14);
    Spatial<float> elsewhere = larger, over_cond = cond, over_uncond = uncond;
    guide(method, larger.view(), larger.view(), elsewhere.view(), workspace);
    guide(method, over_cond.view(), uncond.view(), over_cond.view(), workspace);
    guide(method, cond.view(), over_uncond.view(), over_uncond.view(), workspace);
    CHECK(over_cond.values == together.values);
    CHECK(over_uncond.values == together.values);

    Spatial<double> c({3, 4, 5, 9}), u = c;
    c.values.assign(cond.values.begin(), cond.values.end());
    u.values.assign(uncond.values.begin(), uncond.values.end());
    CHECK(distance(guided(method, c, u).values, together.values) < 4e-6);  // half a unit of 64
  }
}

TEST_CASE("Mimic: what shares an extent with NaN or an infinity is NaN, and no other") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()})
    for (const Mimic& method : modes(20.0, 7.0, 0.95, 0.8)) {
      INFO(bad << ", " << text(method));
      Spatial<float> cond({3, 3, 8}, 15);
      const Spatial<float> uncond({3, 3, 8}, 16);
      const Spatial<float> clean = guided(method, cond, uncond);
      cond.values[24 + 8 + 5] = bad;
      const Spatial<float> got = guided(method, cond, uncond);
      CHECK(got.sample(0).values == clean.sample(0).values);
      CHECK(got.sample(2).values == clean.sample(2).values);
      for (std::size_t k = 24; k < 48; ++k) {
        const bool shares = !method.per_channel || (k >= 32 && k < 40);
        CHECK((shares ? is_nan(got.values[k]) : got.values[k] == clean.values[k]));
      }
    }
}

TEST_CASE("Mimic: what shares an extent with a mimic scale beyond double is NaN, and no other") {
  const Spatial<double> cond({1, 3, 8}, 15);
  Spatial<double> uncond = cond;  // channels 0 and 2 have no difference to scale
  for (std::size_t k = 8; k < 16; ++k) uncond.values[k] = cond.values[k] + (k % 2 == 0 ? 4.0 : -4.0);
  for (const Mimic& method : modes(20.0, 1e308, 0.95, 0.8)) {
    INFO(text(method));
    const Spatial<double> got = guided(method, cond, uncond);
    for (std::size_t j = 0; j < 3; ++j) {
      const auto first = got.values.begin() + static_cast<std::ptrdiff_t>(8 * j);
      const auto lost = std::count_if(first, first + 8, [](double value) { return is_nan(value); });
      CHECK(lost == (!method.per_channel || j == 1 ? 8 : 0));
    }
  }
}

TEST_CASE("Mimic: Eigen's tensors, as a new one") {
  Eigen::Tensor<double, 3, Eigen::RowMajor> cond(2, 3, 5), uncond(2, 3, 5);
  const Spatial<double> c({2, 3, 5}, 17), u({2, 3, 5}, 18);
  std::copy(c.values.begin(), c.values.end(), cond.data());
  std::copy(u.values.begin(), u.values.end(), uncond.data());
  const Mimic method{20.0, 7.0, 0.9, 1.0};
  const auto got = guide(method, cond, uncond);
  CHECK(std::vector<double>(got.data(), got.data() + got.size()) == guided(method, c, u).values);
}

TEST_CASE("Mimic: bad calls are rejected, and nothing is written") {
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  const Spatial<float> cond({2, 3, 4}, 1), uncond({2, 3, 4}, 2), wrong({2, 4, 3}, 3);
  Spatial<float> out = cond;
  const auto run = [&](const Mimic& method) { guide(method, cond.view(), uncond.view(), out.view()); };
  CHECK_REJECTS(run({not_a_number}), "`scale` is nan; expected a finite number");
  CHECK_REJECTS(run({2.0, not_a_number}), "`mimic_scale` is nan; expected a finite number");
  CHECK_REJECTS(run({2.0, 1.0, -0.5}), "`percentile` is -0.5; expected a number in [0, 1]");
  CHECK_REJECTS(run({2.0, 1.0, 1.5}), "`percentile` is 1.5");
  CHECK_REJECTS(run({2.0, 1.0, not_a_number}), "`percentile` is nan");
  CHECK_REJECTS(run({2.0, 1.0, 1.0, 1.5}), "`phi` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(run({2.0, 1.0, 1.0, not_a_number}), "`phi` is nan");
  CHECK_REJECTS(guide(Mimic{2.0}, cond.view(), wrong.view(), out.view()), "`uncond` is of shape [2, 4, 3]");
  const auto flat = [](auto& tensor) { return BatchView(tensor.values.data(), 2, 12); };
  CHECK_REJECTS(guide(Mimic{2.0}, flat(cond), flat(uncond), flat(out)),
                "`cond` is of shape [2, 12]; expected [samples, channels, ...]");
  CHECK(out.values == cond.values);
  Spatial<float> row({2, 12}, 4), before = row;
  const auto at = [&](std::size_t first) { return BatchView(row.values.data() + first, 1, 12, 12, Shape{{1, 3, 4}, 3}); };
  CHECK_REJECTS(guide(Mimic{2.0}, at(0), at(12), at(4)), "`out` is partly in the memory of `cond`");
  CHECK(row.values == before.values);
  Spatial<float> none({0, 3, 4}), empty({2, 3, 0}), channelless({2, 0, 4});
  for (const Mimic& method : modes(20.0, 7.0, 0.95, 0.8)) {
    guide(method, none.view(), none.view(), none.view());
    guide(method, empty.view(), empty.view(), empty.view());
    guide(method, channelless.view(), channelless.view(), channelless.view());
  }
}
