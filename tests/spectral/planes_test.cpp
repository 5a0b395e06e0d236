// SPDX-License-Identifier: MIT
#include <eigenguide/spectral/planes.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <vector>

using namespace eigenguide;

TEST_CASE("planes: places beyond a border are mirrored, however far") {
  const std::vector<std::size_t> want{2, 1, 0, 1, 2, 3, 2, 1, 0, 1};
  for (std::ptrdiff_t i = -2; i < 8; ++i) CHECK(detail::reflected(i, 4) == want[static_cast<std::size_t>(i + 2)]);
  CHECK(detail::reflected(-7, 2) == 1);
  CHECK(detail::reflected(-100, 1) == 0);
  CHECK(detail::reflected(601, 4) == 1);
}

TEST_CASE("planes: the last two dimensions of a tensor of three or more") {
  const Spatial<float> video({2, 3, 4, 5, 6});
  const detail::Planes planes = detail::planes_of("x", video.view());
  CHECK(planes.count == 12);
  CHECK(planes.extents.rows == 5);
  CHECK(planes.extents.columns == 6);
  CHECK(detail::planes_of("x", Spatial<float>({2, 3, 0, 6}).view()).count == 0);
  CHECK(detail::planes_of("x", Spatial<float>({0, 3, 5, 6}).view()).count == 3);

  const Spatial<float> matrix({4, 6});
  CHECK_REJECTS(detail::planes_of("x", matrix.view()), "`x` is of shape [4, 6]; expected [samples, ..., rows, columns]");
  const BatchView<const float> bare(matrix.values.data(), 4, 6);
  CHECK_REJECTS(detail::planes_of("x", bare), "`x` is of shape [4, 6]; expected");
}
