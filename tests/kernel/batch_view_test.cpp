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

TEST_CASE("batch_view: a pointer between two elements is rejected") {
  alignas(float) unsigned char bytes[16] = {};
  CHECK_REJECTS((BatchView<const float>(reinterpret_cast<const float*>(bytes + 2), 1, 3)),
                "`data` is 2 beyond a multiple of 4 bytes; expected an address for its type");
  CHECK_REJECTS((BatchView<half>(reinterpret_cast<half*>(bytes + 1), 1, 3)), "`data` is 1 beyond a multiple of 2 bytes");
  CHECK_NOTHROW(BatchView<half>(reinterpret_cast<half*>(bytes + 2), 1, 3));
}

TEST_CASE("batch_view: samples that overlap, or exceed memory, are rejected") {
  float element = 0.0f;
  CHECK_REJECTS((BatchView<float>(&element, 2, 3, 2)), "`stride` is 2; expected at least the size of a sample");
  CHECK_REJECTS((BatchView<float>(&element, SIZE_MAX / 2, 8)), "`samples` is");
  CHECK_REJECTS((BatchView<float>(&element, 3, 4, SIZE_MAX - 3)), "`stride` is");
  CHECK_REJECTS((BatchView<float>(&element, 1, SIZE_MAX / 2)), "`size` is");
}

TEST_CASE("batch_view: a shape that is not that of its samples is rejected") {
  float values[24] = {};
  const auto of = [&](std::size_t samples, std::size_t size, const Shape& shape) { return BatchView<float>(values, samples, size, size, shape); };
  CHECK(of(2, 12, Shape{{2, 3, 4}, 3}).shape().rank == 3);
  CHECK(of(2, 12, Shape{}).shape().rank == 0);
  CHECK(of(1, 24, Shape{{24}, 1}).shape().rank == 1);
  CHECK(of(0, 12, Shape{{0, 3, 4}, 3}).samples() == 0);
  CHECK(of(2, 0, Shape{{2, SIZE_MAX, SIZE_MAX, 0}, 4}).size() == 0);
  CHECK_REJECTS(of(1, 4, Shape{{1, 4, 100000000}, 3}),
                "`shape` is [1, 4, 100000000]; expected `samples`, then extents whose product is `size`: 1 and 4");
  CHECK_REJECTS(of(2, 12, Shape{{3, 2, 4}, 3}), "`shape` is [3, 2, 4]");  // as many elements in all
  CHECK_REJECTS(of(2, 12, Shape{{3, 3, 4}, 3}), "`shape` is [3, 3, 4]");  // of as many elements, other samples
  CHECK_REJECTS(of(2, 12, Shape{{24}, 1}), "`shape` is [24]");
  CHECK_REJECTS(of(3, 1, Shape{{3}, 1}), "`shape` is [3]");  // one sample
  CHECK_REJECTS(of(1, 0, Shape{{1, std::size_t{1} << 32, std::size_t{1} << 32}, 3}), "`shape` is [1, 4294967296, 4294967296]");
  CHECK_REJECTS(of(1, 12, Shape{{1, 3, (SIZE_MAX >> 2) + 5}, 3}), "`shape` is");  // 12 where it wraps
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
