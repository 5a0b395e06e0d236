// SPDX-License-Identifier: MIT
#include <eigenguide/tensor/fourier.hpp>

#include <support/catch.hpp>
#include <support/direct_transform.hpp>
#include <support/spatial.hpp>

#include <cmath>
#include <vector>

using namespace eigenguide;

TEST_CASE("Fourier: weights are those of the direct sums, for sides of every kind") {
  Fourier fourier;
  for (const std::size_t rows : Sizes{1, 2, 3, 4, 6, 7, 11})
    for (const std::size_t columns : Sizes{1, 2, 3, 4, 5, 8, 9, 10, 13, 12}) {
      INFO(rows << " x " << columns);
      const Spatial<double> x({1, rows, columns}, rows * 100 + columns);
      const auto weight = [&](std::size_t i, std::size_t j) {  // the same at (−i, −j)
        return std::cos(static_cast<double>(i) * 6.283185307179586 / static_cast<double>(rows)) +
               0.5 * std::cos(static_cast<double>(j) * 6.283185307179586 / static_cast<double>(columns)) + 2.0;
      };
      std::vector<std::complex<long double>> spectrum =
          direct_transform({x.values.begin(), x.values.end()}, rows, columns);
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) spectrum[i * columns + j] *= static_cast<long double>(weight(i, j));
      std::vector<long double> want;
      for (const auto& value : direct_transform(spectrum, rows, columns, true)) want.push_back(value.real());

      std::vector<double> got = x.values;
      fourier.filter(got.data(), rows, columns, weight);
      CHECK(distance(got, want) < 3e-14);
    }
}

TEST_CASE("Fourier: a side of prime length, and sides it cannot count") {
  Fourier fourier;
  const Spatial<double> x({1, 1, 997}, 1);
  std::vector<double> got = x.values;
  fourier.filter(got.data(), 1, 997, [](std::size_t, std::size_t) { return 2.0; });
  for (double& value : got) value /= 2.0;
  CHECK(distance(got, x.values) < 1e-12);

  Fourier::require_sides("cond", 4, Fourier::most);
  CHECK_REJECTS(Fourier::require_sides("cond", Fourier::most + 1, 4), "`cond` is 268435457; expected a tensor of sides");
}
