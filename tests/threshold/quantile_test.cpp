// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/quantile.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <algorithm>
#include <vector>

using namespace eigenguide;

namespace {

double quantile_of(std::vector<double> values, double p) { return quantile(values.data(), values.size(), p); }

}  // namespace

TEST_CASE("quantile: order statistics, and lines between them") {
  const std::vector<double> values{4.0, 1.0, 3.0, 2.0, 10.0};
  CHECK(quantile_of(values, 0.0) == 1.0);
  CHECK(quantile_of(values, 0.25) == 2.0);
  CHECK(quantile_of(values, 0.5) == 3.0);
  CHECK(quantile_of(values, 1.0) == 10.0);
  CHECK(quantile_of(values, 0.875) == Approx(7.0));
  CHECK(quantile_of(values, 0.1) == Approx(1.4));
  CHECK(quantile_of({5.0}, 0.3) == 5.0);
  CHECK(quantile_of({5.0, 5.0, 5.0}, 0.77) == 5.0);
}

TEST_CASE("quantile: as of the sorted list, for every share") {
  Random random(1);
  for (const std::size_t n : {2u, 3u, 17u, 1000u}) {
    std::vector<double> sorted = random.normals<double>(n);
    const std::vector<double> values = sorted;
    std::sort(sorted.begin(), sorted.end());
    for (int i = 0; i <= 40; ++i) {
      const double h = i / 40.0 * static_cast<double>(n - 1);
      const std::size_t below = std::min(static_cast<std::size_t>(h), n - 2);
      const double share = h - static_cast<double>(below);
      CHECK(quantile_of(values, i / 40.0) == Approx((1.0 - share) * sorted[below] + share * sorted[below + 1]).margin(1e-12));
    }
  }
}
