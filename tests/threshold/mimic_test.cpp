// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/mimic.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

using Values = std::vector<double>;

const Spatial<double> cond({2, 3, 4, 5}, 1), uncond({2, 3, 4, 5}, 2);

Spatial<double> guided(const Mimic& method, const Spatial<double>& c, const Spatial<double>& u) {
  Spatial<double> out = c;
  guide(method, c.view(), u.view(), out.view());
  return out;
}

double mean(const Values& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// One sample by the formulas, over channels that share an extent.
void by_hand(const Mimic& method, const std::vector<Values>& c, const std::vector<Values>& u, std::vector<Values>& out) {
  std::vector<Values> g(c.size()), m(c.size());
  Values lengths;
  double a = 0.0, squares_g = 0.0, squares_m = 0.0;
  for (std::size_t k = 0; k < c.size(); ++k) {
    for (std::size_t i = 0; i < c[k].size(); ++i) {
      g[k].push_back(u[k][i] + method.scale * (c[k][i] - u[k][i]));
      m[k].push_back(u[k][i] + method.mimic_scale * (c[k][i] - u[k][i]));
    }
    for (std::size_t i = 0; i < g[k].size(); ++i) {
      const double of_g = g[k][i] - mean(g[k]), of_m = m[k][i] - mean(m[k]);
      a = std::max(a, std::fabs(of_m));
      lengths.push_back(std::fabs(of_g));
      squares_g += of_g * of_g, squares_m += of_m * of_m;
    }
  }
  std::sort(lengths.begin(), lengths.end());
  const double h = method.percentile * static_cast<double>(lengths.size() - 1);
  const std::size_t below = static_cast<std::size_t>(h), above = std::min(below + 1, lengths.size() - 1);
  double b = lengths[below] + (h - static_cast<double>(below)) * (lengths[above] - lengths[below]);
  if (method.variability == Variability::deviation) a = std::sqrt(squares_m), b = std::sqrt(squares_g);
  for (std::size_t k = 0; k < c.size(); ++k)
    for (std::size_t i = 0; i < g[k].size(); ++i) {
      const double middle_of = mean(g[k]), about = g[k][i] - middle_of, most = std::max(a, b);
      double made = g[k][i] * a / b;
      if (method.startpoint == Startpoint::mean)
        made = middle_of + (method.variability == Variability::deviation
                                ? about * a / b
                                : std::max(-most, std::min(most, about)) * a / most);
      out[k][i] = method.phi * made + (1.0 - method.phi) * g[k][i];
    }
}

Spatial<double> expected(const Mimic& method, const Spatial<double>& c, const Spatial<double>& u) {
  Spatial<double> out = c;
  const std::size_t channels = c.shape.extent[1], positions = c.values.size() / c.shape.extent[0] / channels;
  const auto channel = [&](const Spatial<double>& tensor, std::size_t at) {
    return Values(tensor.values.begin() + static_cast<std::ptrdiff_t>(at * positions),
                  tensor.values.begin() + static_cast<std::ptrdiff_t>((at + 1) * positions));
  };
  const std::size_t shared = method.per_channel ? 1 : channels;
  for (std::size_t first = 0; first < c.shape.extent[0] * channels; first += shared) {
    std::vector<Values> a, b, made(shared, Values(positions));
    for (std::size_t k = 0; k < shared; ++k) a.push_back(channel(c, first + k)), b.push_back(channel(u, first + k));
    by_hand(method, a, b, made);
    for (std::size_t k = 0; k < shared; ++k)
      std::copy(made[k].begin(), made[k].end(), out.values.begin() + static_cast<std::ptrdiff_t>((first + k) * positions));
  }
  return out;
}

}  // namespace

TEST_CASE("mimic: every mode is its formula") {
  for (const bool per_channel : {true, false})
    for (const auto startpoint : {Startpoint::mean, Startpoint::zero})
      for (const auto variability : {Variability::absolute, Variability::deviation})
        for (const double percentile : {0.9, 1.0})
          for (const double phi : {0.4, 1.0}) {
            const Mimic method{20.0, 7.0, percentile, phi, per_channel, startpoint, variability};
            CHECK(distance(guided(method, cond, uncond).values, expected(method, cond, uncond).values) < 1e-12);
          }
}

TEST_CASE("mimic: unconfigured it returns cond, at phi 0 it is plain guidance") {
  CHECK(guided(Mimic{}, cond, uncond).values == cond.values);
  const Spatial<double> plain = guided(Mimic{5.0, 2.0}, cond, uncond);
  for (std::size_t i = 0; i < plain.values.size(); ++i)
    CHECK(plain.values[i] == Approx(uncond.values[i] + 5.0 * (cond.values[i] - uncond.values[i])).margin(1e-13));
}

TEST_CASE("mimic: of its own scale it changes nothing but by rounding") {
  for (const auto variability : {Variability::absolute, Variability::deviation})
    CHECK(distance(guided({5.0, 5.0, 1.0, 1.0, true, Startpoint::mean, variability}, cond, uncond).values,
                   guided({5.0, 5.0}, cond, uncond).values) < 1e-13);
}

TEST_CASE("mimic: a channel without extent stays as it is") {
  Spatial<double> flat({1, 2, 3}), other({1, 2, 3});
  std::fill(flat.values.begin(), flat.values.end(), 0.7);
  std::fill(other.values.begin(), other.values.end(), -0.2);
  for (const auto startpoint : {Startpoint::mean, Startpoint::zero})
    for (const auto variability : {Variability::absolute, Variability::deviation})
      for (const double value : guided({3.0, 2.0, 1.0, 1.0, true, startpoint, variability}, flat, other).values)
        CHECK(value == Approx(-0.2 + 3.0 * 0.9));
  const Spatial<double> one({2, 3}, 4);  // one position a channel: the mean is all there is
  CHECK(distance(guided({3.0, 2.0, 1.0, 1.0}, one, one).values, one.values) < 1e-15);
}

TEST_CASE("mimic: samples one by one, in place, in float, and NaN where it is shared") {
  const Mimic method{20.0, 7.0, 0.95, 0.8, false};
  const Spatial<double> together = guided(method, cond, uncond);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(guided(method, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);
  Spatial<double> over = cond;
  Workspace workspace;
  guide(method, over.view(), uncond.view(), over.view(), workspace);
  CHECK(over.values == together.values);

  Spatial<float> c({2, 3, 4, 5}), u = c, out = c;
  std::copy(cond.values.begin(), cond.values.end(), c.values.begin());
  std::copy(uncond.values.begin(), uncond.values.end(), u.values.begin());
  guide(method, c.view(), u.view(), out.view());
  CHECK(distance(out.values, together.values) < 1e-5);

  Spatial<double> spoilt = cond;
  spoilt.values[0] = std::numeric_limits<double>::infinity();
  const Spatial<double> sample = guided(method, spoilt, uncond);
  CHECK(sample.sample(1).values == together.sample(1).values);
  CHECK(is_nan(sample.values[59]));
  Mimic by_channel = method;
  by_channel.per_channel = true;
  const Spatial<double> channel = guided(by_channel, spoilt, uncond), clean = guided(by_channel, cond, uncond);
  CHECK(is_nan(channel.values[19]));
  CHECK(channel.values[20] == clean.values[20]);
}

TEST_CASE("mimic: bad calls are rejected") {
  CHECK_REJECTS(guided({2.0, 1.0, -0.1}, cond, uncond), "`percentile` is -0.1; expected a number in [0, 1]");
  CHECK_REJECTS(guided({2.0, 1.0, 0.5, 1.5}, cond, uncond), "`phi` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(guided({2.0, std::numeric_limits<double>::quiet_NaN()}, cond, uncond), "`mimic_scale` is nan");
  Values flat(6);
  CHECK_REJECTS(guide(Mimic{}, flat, flat, flat), "`cond` is of shape [6]");
}
