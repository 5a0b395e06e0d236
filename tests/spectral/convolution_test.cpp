// SPDX-License-Identifier: MIT
#include <eigenguide/spectral/convolution.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <vector>

using namespace eigenguide;

TEST_CASE("convolution: the direct double sum, for kernels smaller and larger than the plane") {
  for (const std::size_t rows : Sizes{1, 2, 5, 8})
    for (const std::size_t columns : Sizes{1, 2, 3, 7})
      for (const std::size_t radius : Sizes{0, 1, 2, 6}) {
        const Spatial<double> x({1, rows, columns}, rows * 100 + columns * 10 + radius);
        const std::vector<double> taps = Random(radius).normals<double>(2 * radius + 1);
        std::vector<double> plane = x.values, scratch(detail::convolution_scratch({rows, columns}, radius)), want;
        detail::convolve(plane.data(), {rows, columns}, taps.data(), radius, scratch.data());

        const auto reach = static_cast<std::ptrdiff_t>(radius);
        for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(rows); ++i)
          for (std::ptrdiff_t j = 0; j < static_cast<std::ptrdiff_t>(columns); ++j) {
            long double sum = 0;
            for (std::ptrdiff_t k = -reach; k <= reach; ++k)
              for (std::ptrdiff_t l = -reach; l <= reach; ++l)
                sum += static_cast<long double>(taps[static_cast<std::size_t>(k + reach)]) *
                       static_cast<long double>(taps[static_cast<std::size_t>(l + reach)]) *
                       static_cast<long double>(x.at(0, detail::reflected(i + k, rows), detail::reflected(j + l, columns)));
            want.push_back(static_cast<double>(sum));
          }
        INFO(rows << " x " << columns << ", radius " << radius);
        CHECK(distance(plane, want) < 1e-13 * (1.0 + static_cast<double>(radius * radius)));
      }
}
