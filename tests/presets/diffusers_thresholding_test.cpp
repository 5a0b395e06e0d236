// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_thresholding.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

Spatial<double> wide(Sizes extents, std::uint64_t seed) {
  Spatial<double> tensor(extents, seed);
  for (double& value : tensor.values) value *= 3.0;
  return tensor;
}

std::vector<double> thresholded(const diffusers::Thresholding& settings, Spatial<double> x0) {
  threshold(settings.method(), x0.view(), x0.view());
  return x0.values;
}

}  // namespace

TEST_CASE("diffusers' thresholding: at its defaults it clips to [-1, 1]") {
  const Spatial<double> x0 = wide({2, 3, 8, 9}, 1);
  std::vector<double> want;
  for (const double value : x0.values) want.push_back(std::clamp(value, -1.0, 1.0));
  CHECK(thresholded({}, x0) == want);
}

TEST_CASE("diffusers' thresholding: a quantile of each sample, of 1 at least and the greatest value at most") {
  const Spatial<double> x0 = wide({1, 101}, 2);  // p (n − 1) is whole: the quantile is an order statistic
  std::vector<double> lengths;
  for (const double value : x0.values) lengths.push_back(std::fabs(value));
  std::sort(lengths.begin(), lengths.end());
  for (const double most : {1.5, 4.0, 100.0})
    for (const std::size_t order : Sizes{5, 50, 90, 100}) {
      INFO("greatest " << most << ", order " << order);
      const double s = std::min(std::max(lengths[order], 1.0), most);
      std::vector<double> want;
      for (const double value : x0.values) want.push_back(std::clamp(value, -s, s) / s);
      CHECK(distance(thresholded({static_cast<double>(order) / 100.0, most}, x0), want) < 1e-14);
    }
}

TEST_CASE("diffusers' thresholding: a sample that holds infinities is NaN, where the peer may clip them") {
  Spatial<double> x0 = wide({2, 50}, 3);
  const std::vector<double> clean = thresholded({0.9, 3.0}, x0);
  x0.values[7] = std::numeric_limits<double>::infinity();
  const std::vector<double> got = thresholded({0.9, 3.0}, x0);
  for (std::size_t k = 0; k < 100; ++k) CHECK((k < 50 ? is_nan(got[k]) : got[k] == clean[k]));
}

TEST_CASE("diffusers' thresholding: bad settings are rejected, and nothing is written") {
  const Spatial<double> x0 = wide({1, 20}, 4);
  Spatial<double> out = x0;
  const auto run = [&](const diffusers::Thresholding& settings) { threshold(settings.method(), x0.view(), out.view()); };
  CHECK_REJECTS(run({1.1}), "`percentile` is 1.1; expected a number in [0, 1]");
  CHECK_REJECTS(run({0.9, -1.0}), "`max` is -1; expected a positive number");
  CHECK(out.values == x0.values);
}
