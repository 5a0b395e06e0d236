// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/quantile.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

double of(std::vector<double> values, double p) { return quantile(values.data(), values.size(), p); }

/// The formula, from all the numbers in order.
double reference(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const double h = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(h));
  const double above = values[std::min(below + 1, values.size() - 1)];
  return values[below] + (h - std::floor(h)) * (above - values[below]);
}

}  // namespace

TEST_CASE("quantile: its formula, for counts and shares of every kind") {
  Random random(1);
  for (const std::size_t count : {1u, 2u, 3u, 4u, 5u, 8u, 64u, 101u, 1000u})
    for (const double p : {0.0, 1e-9, 0.1, 0.25, 0.5, 0.75, 0.9, 0.995, 1.0 - 1e-9, 1.0}) {
      INFO(count << " numbers, p = " << p);
      const std::vector<double> values = random.normals<double>(count);
      CHECK(of(values, p) == Approx(reference(values, p)).epsilon(1e-15));
    }
}

TEST_CASE("quantile: by hand") {
  const std::vector<double> values{4.0, 1.0, 3.0, 2.0};
  CHECK(of(values, 0.0) == 1.0);
  CHECK(of(values, 1.0) == 4.0);
  CHECK(of(values, 0.5) == 2.5);
  CHECK(of(values, 0.25) == 1.75);
  CHECK(of({1.0, 2.0, 30.0, 40.0, 50.0}, 0.75) == 40.0);  // an order statistic, exactly
  CHECK(of({-3.0}, 0.7) == -3.0);
  CHECK(of({0.1, 0.1, 0.1}, 0.3) == 0.1);
}

TEST_CASE("quantile: an infinity above the two order statistics is not seen") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(of({infinity, 1.0, 2.0, 3.0}, 0.5) == 2.5);
  CHECK(of({infinity, 1.0, 2.0}, 0.5) == 2.0);
  CHECK(of({infinity, 1.0}, 0.5) == infinity);
}

TEST_CASE("quantile: the numbers are reordered, and stay") {
  std::vector<double> values = Random(2).normals<double>(50), before = values;
  quantile(values.data(), values.size(), 0.37);
  CHECK(std::is_permutation(values.begin(), values.end(), before.begin()));
}
