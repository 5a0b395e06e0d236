// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/channels.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

using namespace eigenguide;

TEST_CASE("channels: the second dimension, and what is left is positions") {
  const auto of = [](Sizes sizes) {
    const Spatial<double> tensor(sizes);
    return detail::channels_of("cond", tensor.view());
  };
  CHECK(of({2, 3, 4, 5}).count == 3);
  CHECK(of({2, 3, 4, 5}).positions == 20);
  CHECK(of({2, 3}).positions == 1);
  CHECK(of({2, 3, 0}).positions == 0);
  CHECK(of({2, 0, 3}).positions == 0);
  CHECK_REJECTS(of({6}), "`cond` is of shape [6]; expected [samples, channels, ...]");
  const double values[6] = {};
  CHECK_REJECTS(detail::channels_of("cond", BatchView<const double>(values, 2, 3)), "`cond` is of shape [2, 3]");
}
