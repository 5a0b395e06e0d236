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
  detail::require_no_partial_overlap("out", out, "cond", input);
}

}  // namespace

TEST_CASE("checks: shapes of the same size and other extents differ") {
  const BatchView<float> a(memory.data(), 2, 12, 12, Shape{{2, 3, 4}, 3});
  const BatchView<float> b(memory.data(), 2, 12, 12, Shape{{2, 4, 3}, 3});
  const BatchView<float> flat(memory.data(), 2, 12, 12, Shape{{2, 12}, 2});
  CHECK_REJECTS(detail::require_same_shape("uncond", b, "cond", a),
                "`uncond` is of shape [2, 4, 3]; expected the shape of `cond`, [2, 3, 4]");
  CHECK_REJECTS(detail::require_same_shape("uncond", flat, "cond", a), "`uncond` is of shape [2, 12]");
  CHECK_REJECTS(detail::require_same_shape("uncond", batch(0, 3, 8, 8), "cond", a), "`uncond` is of shape [3, 8]");
}

TEST_CASE("checks: a view of a pointer knows samples and size only") {
  const BatchView<float> a(memory.data(), 2, 12, 12, Shape{{2, 3, 4}, 3});
  CHECK_NOTHROW(detail::require_same_shape("uncond", batch(0, 2, 12, 12), "cond", a));
  CHECK_NOTHROW(detail::require_same_shape("uncond", a, "cond", batch(0, 2, 12, 12)));
}

TEST_CASE("checks: an output may be an input, or apart from it") {
  CHECK_NOTHROW(overlap(batch(0, 2, 10, 10), batch(0, 2, 10, 10)));
  CHECK_NOTHROW(overlap(batch(0, 2, 10, 10), batch(20, 2, 10, 10)));
  CHECK_NOTHROW(overlap(batch(20, 2, 10, 10), batch(0, 2, 10, 10)));
  CHECK_NOTHROW(overlap(batch(0, 3, 4, 10), batch(5, 3, 4, 10)));  // columns of one matrix
  CHECK_NOTHROW(overlap(batch(5, 3, 4, 10), batch(0, 3, 4, 10)));
  CHECK_NOTHROW(overlap(batch(15, 3, 4, 10), batch(0, 3, 4, 10)));
  CHECK_NOTHROW(overlap(batch(0, 1, 10, 10), batch(0, 1, 10, 40)));  // one sample has no stride
}

TEST_CASE("checks: an output that shares part of an input is rejected") {
  CHECK_REJECTS(overlap(batch(1, 2, 10, 10), batch(0, 2, 10, 10)), "`out` is partly in the memory of `cond`");
  CHECK_REJECTS(overlap(batch(0, 2, 10, 20), batch(0, 2, 10, 10)), "`out` is partly");
  CHECK_REJECTS(overlap(batch(3, 3, 4, 10), batch(0, 3, 4, 10)), "`out` is partly");
  CHECK_REJECTS(overlap(batch(0, 3, 4, 10), batch(3, 3, 4, 10)), "`out` is partly");
  CHECK_REJECTS(overlap(batch(8, 3, 4, 10), batch(0, 3, 4, 10)), "`out` is partly");  // wraps to the next row
  CHECK_REJECTS(overlap(batch(0, 3, 4, 10), batch(8, 3, 4, 10)), "`out` is partly");
  CHECK_REJECTS(overlap(batch(10, 2, 10, 10), batch(0, 2, 10, 10)), "`out` is partly");  // the next sample
  CHECK_REJECTS(overlap(batch(0, 1, 10, 10), batch(0, 1, 12, 12)), "`out` is partly");
  CHECK_REJECTS(overlap(batch(0, 3, 10, 10), batch(0, 1, 10, 10)), "`out` is partly");  // one for all samples
  CHECK_REJECTS(overlap(batch(0, 1, 10, 10), batch(0, 3, 10, 10)), "`out` is partly");
}

TEST_CASE("checks: batches of unlike elements share memory in part, or not at all") {
  std::vector<double> wide(40);
  const BatchView<double> out(wide.data(), 4, 2, 8);
  // Every fourth double on, where `out` has every eighth: the second is in its second sample.
  const BatchView<const float> input(reinterpret_cast<const float*>(wide.data()) + 8, 4, 1, 8);
  CHECK_REJECTS(detail::require_no_partial_overlap("out", out, "scales", input), "`out` is partly in the memory of `scales`");
  const BatchView<const float> narrow(reinterpret_cast<const float*>(wide.data()), 4, 2, 8);  // begins where `out` does
  CHECK_REJECTS(detail::require_no_partial_overlap("out", out, "cond", narrow), "`out` is partly in the memory of `cond`");
}

TEST_CASE("checks: every tensor of a call is checked, by its name") {
  using detail::Named;
  const BatchView<float> first = batch(0, 2, 10, 10), apart = batch(20, 2, 10, 10), out = batch(40, 2, 10, 10);
  const auto check = [&](const BatchView<float>& to, const BatchView<float>& second, const BatchView<float>& third) {
    detail::require_tensors(to, Named{"cond", first}, Named{"uncond", second}, Named{"x", third});
  };
  CHECK_NOTHROW(check(out, apart, apart));
  CHECK_NOTHROW(check(first, apart, apart));
  CHECK_NOTHROW(check(apart, apart, apart));
  CHECK_REJECTS(check(out, batch(20, 2, 9, 10), apart), "`uncond` is of shape [2, 9]");
  CHECK_REJECTS(check(out, apart, batch(20, 3, 10, 10)), "`x` is of shape [3, 10]");
  CHECK_REJECTS(check(batch(40, 1, 10, 10), apart, apart), "`out` is of shape [1, 10]");
  CHECK_REJECTS(check(batch(5, 2, 10, 10), apart, apart), "memory of `cond`");
  CHECK_REJECTS(check(batch(33, 2, 10, 10), apart, first), "memory of `uncond`");
  CHECK_REJECTS(check(batch(60, 2, 10, 10), apart, batch(65, 2, 10, 10)), "memory of `x`");
}
