// SPDX-License-Identifier: MIT
#include <eigenguide/guide/checks.hpp>

#include <support/catch.hpp>

#include <vector>

using namespace eigenguide;

namespace {

std::vector<float> memory(100);
BatchView<float> batch(std::size_t offset, std::size_t samples, std::size_t size, std::size_t stride) {
  return {memory.data() + offset, samples, size, stride};
}
void overlap(const BatchView<float>& out, const BatchView<float>& input) {
  detail::require_no_partial_overlap<float>(out, "cond", input);
}

}  // namespace

TEST_CASE("checks: shapes of the same size and other extents differ") {
  const BatchView<float> a(memory.data(), 2, 12, 12, Shape{{2, 3, 4}, 3});
  const BatchView<float> b(memory.data(), 2, 12, 12, Shape{{2, 4, 3}, 3});
  CHECK_REJECTS(detail::require_same_shape("uncond", b, "cond", a),
                "`uncond` is of shape [2, 4, 3]; expected the shape of `cond`, [2, 3, 4]");
  CHECK_NOTHROW(detail::require_same_shape("uncond", batch(0, 2, 12, 12), "cond", a));
  CHECK_REJECTS(detail::require_same_shape("uncond", batch(0, 3, 8, 8), "cond", a), "`uncond` is of shape [3, 8]");
}

TEST_CASE("checks: an output may be an input, or apart from it") {
  CHECK_NOTHROW(overlap(batch(0, 2, 10, 10), batch(0, 2, 10, 10)));
  CHECK_NOTHROW(overlap(batch(0, 2, 10, 10), batch(20, 2, 10, 10)));
  CHECK_NOTHROW(overlap(batch(0, 3, 4, 10), batch(5, 3, 4, 10)));  // columns of one matrix
  CHECK_NOTHROW(overlap(batch(5, 3, 4, 10), batch(0, 3, 4, 10)));
}

TEST_CASE("checks: an output that shares part of an input is rejected") {
  CHECK_REJECTS(overlap(batch(1, 2, 10, 10), batch(0, 2, 10, 10)), "`out` is partly in the memory of `cond`");
  CHECK_REJECTS(overlap(batch(0, 2, 10, 20), batch(0, 2, 10, 10)), "`out` is partly");
  CHECK_REJECTS(overlap(batch(3, 3, 4, 10), batch(0, 3, 4, 10)), "`out` is partly");
}
