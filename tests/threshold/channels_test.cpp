// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/channels.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <vector>

using namespace eigenguide;

namespace {

std::vector<std::size_t> channels_of(Sizes extents) {
  const Spatial<float> tensor(extents);
  const detail::Channels channels = detail::channels_of("cond", tensor.view());
  return {channels.count, channels.positions};
}

}  // namespace

TEST_CASE("channels: the second dimension, and the positions of those after it") {
  using Want = std::vector<std::size_t>;
  CHECK(channels_of({2, 3, 4, 5}) == Want{3, 20});
  CHECK(channels_of({2, 3, 4, 5, 6}) == Want{3, 120});
  CHECK(channels_of({2, 3}) == Want{3, 1});
  CHECK(channels_of({1, 1, 7}) == Want{1, 7});
  CHECK(channels_of({2, 3, 0}) == Want{3, 0});
  CHECK(channels_of({2, 0, 4}) == Want{0, 0});
  CHECK(channels_of({0, 3, 4}) == Want{3, 4});
}

TEST_CASE("channels: a batch that has none, or of no known shape, is rejected") {
  CHECK_REJECTS(channels_of({5}), "`cond` is of shape [5]; expected [samples, channels, ...]");
  float values[12] = {};
  CHECK_REJECTS(detail::channels_of("cond", BatchView<float>(values, 2, 6)), "`cond` is of shape [2, 6]");
  CHECK_REJECTS(detail::channels_of("cond", one_sample(values, 6)), "`cond` is of shape [6]");
}
