// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/tonemap.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

const Spatial<double> cond({2, 3, 4, 5}, 1), uncond({2, 3, 4, 5}, 2);

Spatial<double> guided(const Tonemap& method, const Spatial<double>& c, const Spatial<double>& u) {
  Spatial<double> out = c;
  guide(method, c.view(), u.view(), out.view());
  return out;
}

}  // namespace

TEST_CASE("tonemap: differences are shortened by how long they are in their sample") {
  const Tonemap method{6.0, 0.5};
  const Spatial<double> got = guided(method, cond, uncond);
  for (std::size_t b = 0; b < 2; ++b) {
    const auto d = [&](std::size_t k, std::size_t p) {
      return cond.values[(b * 3 + k) * 20 + p] - uncond.values[(b * 3 + k) * 20 + p];
    };
    std::vector<double> length(20);
    double mean = 0.0, squares = 0.0;
    for (std::size_t p = 0; p < 20; ++p) mean += (length[p] = std::sqrt(d(0, p) * d(0, p) + d(1, p) * d(1, p) + d(2, p) * d(2, p))) / 20.0;
    for (const double n : length) squares += (n - mean) * (n - mean);
    const double top = (mean + 5.0 * std::sqrt(squares / 19.0)) * 0.5;
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t p = 0; p < 20; ++p) {
        const std::size_t at = (b * 3 + k) * 20 + p;
        CHECK(got.values[at] == Approx(uncond.values[at] + 6.0 * d(k, p) / (1.0 + length[p] / top)).margin(1e-12));
      }
  }
}

TEST_CASE("tonemap: unconfigured it returns cond; without an end it is plain guidance") {
  CHECK(guided(Tonemap{}, cond, uncond).values == cond.values);
  const Spatial<double> plain = guided(Tonemap{5.0}, cond, uncond);
  for (std::size_t i = 0; i < plain.values.size(); ++i)
    CHECK(plain.values[i] == Approx(uncond.values[i] + 5.0 * (cond.values[i] - uncond.values[i])).margin(1e-12));
}

TEST_CASE("tonemap: no difference, and one position") {
  CHECK(guided(Tonemap{5.0, 1.0}, cond, cond).values == cond.values);
  const Spatial<double> c({1, 2}, 3), u({1, 2}, 4);  // n = top: half of the difference
  const Spatial<double> got = guided(Tonemap{5.0, 1.0}, c, u);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(got.values[i] == Approx(u.values[i] + 2.5 * (c.values[i] - u.values[i])));
}

TEST_CASE("tonemap: samples one by one, in place, in float, and NaN in its sample") {
  const Tonemap method{6.0, 0.5};
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
  spoilt.values[0] = std::numeric_limits<double>::quiet_NaN();
  CHECK(guided(method, spoilt, uncond).sample(1).values == together.sample(1).values);
}

TEST_CASE("tonemap: bad calls are rejected") {
  CHECK_REJECTS(guided(Tonemap{2.0, 0.0}, cond, uncond), "`multiplier` is 0; expected a positive number");
  CHECK_REJECTS(guided(Tonemap{std::numeric_limits<double>::quiet_NaN()}, cond, uncond), "`scale` is nan");
  std::vector<double> flat(6);
  CHECK_REJECTS(guide(Tonemap{}, flat, flat, flat), "`cond` is of shape [6]");
}
