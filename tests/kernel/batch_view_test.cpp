// SPDX-License-Identifier: MIT
#include <eigenguide/kernel/batch_view.hpp>

#include <support/catch.hpp>

#include <array>
#include <vector>

using namespace eigenguide;

TEST_CASE("batch_view: samples are runs of elements a stride apart") {
  std::vector<float> memory(10);
  const BatchView<float> batch(memory.data(), 2, 3, 5);
  CHECK(batch.sample(1) == memory.data() + 5);
  CHECK(batch.text() == "[2, 3]");
}

TEST_CASE("batch_view: a null pointer is rejected, unless there is nothing to point to") {
  CHECK_REJECTS((BatchView<float>(nullptr, 2, 3)), "`data` is null; expected a pointer to [2, 3] elements");
  CHECK_NOTHROW(BatchView<float>(nullptr, 0, 3));
  CHECK(BatchView<float>(nullptr, 2, 0, 5).sample(1) == nullptr);  // nothing is not moved on
}

TEST_CASE("batch_view: samples that overlap, or exceed memory, are rejected") {
  float element = 0.0f;
  CHECK_REJECTS((BatchView<float>(&element, 2, 3, 2)), "`stride` is 2; expected at least the size of a sample");
  CHECK_REJECTS((BatchView<float>(&element, SIZE_MAX / 2, 8)), "`samples` is");
  CHECK_REJECTS((BatchView<float>(&element, 1, SIZE_MAX / 2)), "`size` is");
}

TEST_CASE("batch_view: a standard container is one sample") {
  std::vector<double> values(7);
  CHECK(view(values).samples() == 1);
  CHECK(view(values).size() == 7);
  const std::array<float, 3> fixed{};
  CHECK(view(fixed).size() == 3);
  CHECK(ViewOf<std::vector<double>>::like(values).size() == 7);
}

TEST_CASE("batch_view: one_sample joins contiguous samples, and only those") {
  std::vector<float> memory(12);
  CHECK(one_sample(BatchView<float>(memory.data(), 3, 4)).size() == 12);
  CHECK(one_sample(BatchView<float>(memory.data(), 3, 4)).samples() == 1);
  CHECK_REJECTS(one_sample(BatchView<float>(memory.data(), 2, 4, 6)), "`stride` is 6");
}

TEST_CASE("batch_view: shapes are equal but for extents of 1") {
  const auto shape = [](std::array<std::size_t, Shape::max_rank> extent, std::size_t rank) { return Shape{extent, rank}; };
  CHECK(shape({2, 3, 4}, 3) == shape({2, 3, 4}, 3));
  CHECK(shape({2, 3, 1, 4}, 4) == shape({2, 3, 4}, 3));
  CHECK(shape({1, 60}, 2) == shape({60}, 1));
  CHECK_FALSE(shape({2, 3, 4}, 3) == shape({2, 4, 3}, 3));
  CHECK_FALSE(shape({2, 12}, 2) == shape({2, 3, 4}, 3));
  CHECK_FALSE(shape({2, 3, 4}, 3) == shape({2, 3}, 2));
}
