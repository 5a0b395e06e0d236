// SPDX-License-Identifier: MIT
#include <eigenguide/presets/kornia.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <vector>

using namespace eigenguide;

TEST_CASE("kornia: pads to powers of two where neither side is one") {
  const auto padded = [](std::size_t rows, std::size_t columns) { return kornia::padded(Shape{{2, 3, rows, columns}, 4}); };
  CHECK(padded(6, 6) == Shape{{2, 3, 8, 8}, 4});
  CHECK(padded(9, 6) == Shape{{2, 3, 16, 8}, 4});
  CHECK(padded(8, 6) == Shape{{2, 3, 8, 6}, 4});
  CHECK(padded(3, 1) == Shape{{2, 3, 3, 1}, 4});
  CHECK(padded(16, 8) == Shape{{2, 3, 16, 8}, 4});
  CHECK(padded(0, 6) == Shape{{2, 3, 0, 6}, 4});
}

TEST_CASE("kornia: the pyramid of the mirrored tensor, which is not cropped") {
  const Spatial<double> x({2, 3, 6, 5}, 1);
  Spatial<double> mirrored({2, 3, 8, 8});
  for (std::size_t p = 0; p < 6; ++p)
    for (std::size_t i = 0; i < 8; ++i)
      for (std::size_t j = 0; j < 8; ++j)
        mirrored.values[(p * 8 + i) * 8 + j] = x.at(p, i < 6 ? i : 10 - i, j < 5 ? j : 8 - j);
  auto got = kornia::build_laplacian_pyramid(x.view(), 3);
  const auto want = laplacian_pyramid(mirrored.view(), 3);
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(got.level(i).shape() == want.level(i).shape());
    const std::size_t size = want.level(i).samples() * want.level(i).size();
    CHECK(std::vector<double>(got.level(i).data(), got.level(i).data() + size) ==
          std::vector<double>(want.level(i).data(), want.level(i).data() + size));
  }
  Spatial<double> out({2, 3, 8, 8});
  got.reconstruct(out.view());
  CHECK(distance(out.values, mirrored.values) < 1e-14);
}

TEST_CASE("kornia: bad calls are rejected") {
  const Spatial<double> x({2, 3, 6, 5}, 1), matrix({6, 5}, 2);
  CHECK_REJECTS(kornia::build_laplacian_pyramid(x.view(), 0), "`levels` is 0");
  CHECK_REJECTS(kornia::build_laplacian_pyramid(matrix.view(), 2), "`x` is of shape [6, 5]");
}
