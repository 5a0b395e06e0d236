// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/mahiro.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

const Spatial<double> cond({2, 3, 4, 5}, 1), uncond({2, 3, 4, 5}, 2);

Spatial<double> guided(double scale, const Spatial<double>& c, const Spatial<double>& u) {
  Spatial<double> out = c;
  guide(Mahiro{scale}, c.view(), u.view(), out.view());
  return out;
}

double signed_root(double v) { return v < 0.0 ? -std::sqrt(-v) : std::sqrt(v); }

}  // namespace

TEST_CASE("mahiro: the formula, with one similarity a sample") {
  const double s = 6.0;
  const Spatial<double> got = guided(s, cond, uncond);
  for (std::size_t b = 0; b < 2; ++b) {
    double similarity = 0.0;
    for (std::size_t p = 0; p < 20; ++p) {
      double product = 0.0, from = 0.0, to = 0.0;
      for (std::size_t k = 0; k < 3; ++k) {
        const double c = cond.values[(b * 3 + k) * 20 + p], u = uncond.values[(b * 3 + k) * 20 + p];
        const double x = signed_root(s * u), y = signed_root((s * c + u + s * (c - u)) / 2.0);
        product += x * y, from += x * x, to += y * y;
      }
      similarity += product / std::sqrt(from * to) / 20.0;
    }
    for (std::size_t i = b * 60; i < (b + 1) * 60; ++i) {
      const double g = uncond.values[i] + s * (cond.values[i] - uncond.values[i]), leap = s * cond.values[i];
      CHECK(got.values[i] == Approx(((similarity + 1.0) * g + (1.0 - similarity) * leap) / 2.0).margin(1e-12));
    }
  }
}

TEST_CASE("mahiro: at scale 1 it returns cond, also unconfigured") {
  CHECK(guided(1.0, cond, uncond).values == cond.values);
  Spatial<double> out = uncond;
  guide(Mahiro{}, cond.view(), uncond.view(), out.view());
  CHECK(out.values == cond.values);
}

TEST_CASE("mahiro: a zero vector is at a right angle to every other") {
  Spatial<double> zero = uncond;
  zero.values.assign(zero.values.size(), 0.0);
  // sim = 0 everywhere: (g + leap) / 2, and both are s c.
  const Spatial<double> got = guided(3.0, cond, zero);
  for (std::size_t i = 0; i < got.values.size(); ++i) CHECK(got.values[i] == Approx(3.0 * cond.values[i]));
  for (const double value : guided(3.0, zero, zero).values) CHECK(value == 0.0);
}

TEST_CASE("mahiro: samples one by one, in place, in float, and NaN in its sample") {
  const Spatial<double> together = guided(6.0, cond, uncond);
  for (std::size_t i = 0; i < 2; ++i) CHECK(guided(6.0, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);
  Spatial<double> over = uncond;
  guide(Mahiro{6.0}, cond.view(), over.view(), over.view());
  CHECK(over.values == together.values);
  Spatial<float> c({2, 3, 4, 5}), u = c, out = c;
  std::copy(cond.values.begin(), cond.values.end(), c.values.begin());
  std::copy(uncond.values.begin(), uncond.values.end(), u.values.begin());
  guide(Mahiro{6.0}, c.view(), u.view(), out.view());
  CHECK(distance(out.values, together.values) < 1e-5);
  Spatial<double> spoilt = cond;
  spoilt.values[0] = std::numeric_limits<double>::quiet_NaN();
  CHECK(guided(6.0, spoilt, uncond).sample(1).values == together.sample(1).values);
}

TEST_CASE("mahiro: bad calls are rejected") {
  CHECK_REJECTS(guided(std::numeric_limits<double>::infinity(), cond, uncond), "`scale` is inf");
  std::vector<double> flat(6);
  CHECK_REJECTS(guide(Mahiro{}, flat, flat, flat), "`cond` is of shape [6]");
}
