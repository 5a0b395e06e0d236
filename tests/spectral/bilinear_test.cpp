// SPDX-License-Identifier: MIT
#include <eigenguide/spectral/bilinear.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <vector>

using namespace eigenguide;

TEST_CASE("bilinear: places are those of the formula, for every pair of sizes") {
  for (std::size_t n = 1; n <= 9; ++n)
    for (std::size_t m = 1; m <= 19; ++m) {
      detail::Interpolation at(n, m);
      for (std::size_t i = 0; i < m; ++i, at.next()) {
        const double side = static_cast<double>(n);
        double place = (static_cast<double>(i) + 0.5) * side / static_cast<double>(m) - 0.5;
        place = std::clamp(place, 0.0, side - 1.0);
        const double got = static_cast<double>(static_cast<double>(at.lower()) * (1.0 - at.weight()) + static_cast<double>(at.upper()) * at.weight());
        INFO(n << " to " << m << ", " << i);
        CHECK(got == Approx(place).margin(1e-12));
        CHECK(at.upper() < n);
        CHECK(at.weight() >= 0.0);
        CHECK(at.weight() < 1.0);
      }
    }
}

TEST_CASE("bilinear: halving averages pairs, doubling takes quarters") {
  const std::vector<double> plane{1.0, 3.0, 5.0, 11.0, 0.0, 4.0, 2.0, 6.0};  // 2 × 4
  std::vector<double> line(8), half(2), twice(32);
  detail::resize(plane.data(), {2, 4}, half.data(), {1, 2}, line.data());
  CHECK(half == std::vector<double>{2.0, 6.0});
  detail::resize(plane.data(), {1, 4}, twice.data(), {1, 8}, line.data());
  twice.resize(8);
  CHECK(twice == std::vector<double>{1.0, 1.5, 2.5, 3.5, 4.5, 6.5, 9.5, 11.0});
}
