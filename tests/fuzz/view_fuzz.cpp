// SPDX-License-Identifier: MIT
// Strided views, groups and masks of any axes, and the checks of overlap:
// refused by a sentence, or what a plain enumeration finds.
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/group.hpp>

#include <fuzz/bytes.hpp>

#include <string>
#include <vector>

using namespace eigenguide;

namespace {

/// Letters of a layout, mostly those of the dimensions, now and then another.
std::string letters(Bytes& bytes) {
  std::string text(bytes.below(10), ' ');
  for (char& letter : text) letter = bytes.byte() < 250 ? "bcnthwde"[bytes.below(8)] : static_cast<char>(bytes.byte());
  return text;
}
/// The first letters of the dimensions of `rank`, now and then any.
std::string layout_of(std::size_t rank, Bytes& bytes) {
  return bytes.byte() < 200 ? std::string("bcthwnde").substr(0, rank) : letters(bytes);
}

Shape shape_of(Bytes& bytes) {
  Shape shape;
  shape.rank = bytes.below(Shape::max_rank + 1);
  for (std::size_t i = 0; i < shape.rank; ++i) shape.extent[i] = bytes.below(5);
  return shape;
}
std::size_t size_of(const Shape& shape) {
  std::size_t size = 1;
  for (std::size_t i = shape.rank < 2 ? 0 : 1; i < shape.rank; ++i) size *= shape.extent[i];
  return shape.rank == 0 ? 0 : size;
}
std::size_t samples_of(const Shape& shape) { return shape.rank < 2 ? 1 : shape.extent[0]; }

/// Every element of a sample belongs to one group, and is written once; a mask
/// leaves out those where it is zero.
void groups(Bytes& bytes) {
  const Shape shape = shape_of(bytes);
  const std::size_t size = size_of(shape), samples = samples_of(shape);
  if (size > 4096) return;
  const std::string layout = layout_of(shape.rank == 1 ? 2 : shape.rank, bytes), each = letters(bytes);
  const bool is_over = bytes.flag(), is_masked = bytes.flag();
  refused([&] {
    const Group group = is_over ? over(each, layout) : per(each, layout);
    eigenguide::detail::Partition partition(group, shape, size);
    const std::size_t count = partition.groups();
    must(count == 0 || partition.written().size * count == size, "groups share a sample out evenly");

    const auto offsets = [](const kernel::Elements& elements) {
      std::vector<std::size_t> all;
      if (elements.is_run())
        for (std::size_t n = 0; n < elements.size; ++n) all.push_back(n);
      else
        kernel::for_each_offset(elements, [&](std::size_t offset) { all.push_back(offset); });
      return all;
    };
    std::vector<int> seen(size, 0);
    for (std::size_t k = 0; k < count; ++k)
      for (const std::size_t offset : offsets(partition.written())) {
        must(partition.offset(k) + offset < size, "a group lies within its sample");
        ++seen[partition.offset(k) + offset];
      }
    for (const int times : seen) must(times == 1, "an element belongs to one group");
    const auto side_by_side = [&] {
      for (std::size_t k = 0; k < count; ++k) {
        const std::size_t beside = partition.beside(k);
        must(beside >= 1 && k + beside <= count, "groups side by side are groups");
        for (std::size_t j = 0; j < beside; ++j) must(partition.offset(k + j) == partition.offset(k) + j, "side by side");
      }
    };
    side_by_side();
    if (!is_masked) return;

    // A mask over some of the dimensions, exactly as large as it must be.
    const std::string axes = bytes.flag() ? "" : letters(bytes);
    Shape of_mask = shape.rank == 1 ? Shape{{1, shape.extent[0]}, 2} : shape;
    if (!axes.empty()) {
      Shape some;
      for (const char name : axes)
        if (some.rank < Shape::max_rank) {
          const std::size_t at = layout.find(name);
          some.extent[some.rank++] = at < of_mask.rank ? of_mask.extent[at] : bytes.below(4);
        }
      of_mask = some;
    }
    const std::size_t mask_size = of_mask.rank == 1 ? of_mask.extent[0] : size_of(of_mask);
    const std::size_t stride = mask_size + bytes.below(3);
    const std::size_t runs = samples_of(of_mask);
    if (runs * stride > 20000) return;
    const std::size_t length = runs == 0 ? 0 : (runs - 1) * stride + mask_size;
    const std::vector<unsigned char> keep_values = [&] {
      std::vector<unsigned char> values(length);
      for (unsigned char& value : values) value = bytes.flag() ? 1 : 0;
      values.shrink_to_fit();
      return values;
    }();
    if (length == 0) return;
    partition.set_mask(Mask<unsigned char>{BatchView<const unsigned char>(keep_values.data(), runs, mask_size, stride, of_mask), axes},
                       group, shape);
    side_by_side();
    for (std::size_t i = 0; i < samples; ++i)
      for (std::size_t k = 0; k < count; ++k) {
        const kernel::Elements kept = partition.measured(i, k);
        must(kept.size <= partition.written().size, "no more is measured than written");
        for (const std::size_t offset : offsets(kept))
          must(partition.offset(k) + offset < size, "what is measured lies within its sample");
      }
  });
}

/// Views of one arena: an output that is taken overlaps no other sample of an input.
void overlap(Bytes& bytes) {
  static float arena[256];
  struct Run { std::size_t at, samples, size, stride; };
  const auto run = [&] { return Run{bytes.below(32), bytes.below(5), bytes.below(12), bytes.below(16)}; };
  const Run a = run(), b = run();
  refused([&] {
    const BatchView<float> out(arena + a.at, a.samples, a.size, a.stride);
    const BatchView<const float> in(arena + b.at, b.samples, b.size, b.stride);
    eigenguide::detail::require_no_partial_overlap("out", out, "cond", in);
    for (std::size_t i = 0; i < a.samples; ++i)
      for (std::size_t j = 0; j < b.samples; ++j) {
        const std::size_t first = a.at + i * a.stride, second = b.at + j * b.stride;
        const bool apart = a.size == 0 || b.size == 0 || first + a.size <= second || second + b.size <= first;
        must(apart || (i == j && first == second && a.size == b.size), "an output that is taken is an input's sample or apart");
      }
    eigenguide::detail::require_apart("out", out, "mask", in);
    for (std::size_t i = 0; i < a.samples; ++i)
      for (std::size_t j = 0; j < b.samples; ++j) {
        const std::size_t first = a.at + i * a.stride, second = b.at + j * b.stride;
        must(a.size == 0 || b.size == 0 || first + a.size <= second || second + b.size <= first, "apart is apart");
      }
  });
  refused([&] {
    eigenguide::detail::require_same_shape("uncond", BatchView<const float>(arena, a.samples, a.size, a.stride), "cond",
                                           BatchView<const float>(arena, b.samples, b.size, b.stride));
    must(a.samples == b.samples && a.size == b.size, "shapes that are taken are the same");
  });
}

/// Any numbers at all: taken only where the last element has an address.
void extents(Bytes& bytes) {
  const auto number = [&] {
    const std::uint8_t kind = bytes.byte();
    return kind < 100 ? std::size_t{bytes.byte()} : kind < 120 ? SIZE_MAX - bytes.byte() : bytes.raw<std::size_t>() >> (kind % 60);
  };
  static float one;
  const std::size_t samples = number(), size = number(), stride = number();
  refused([&] {
    const BatchView<float> view(bytes.flag() ? &one : nullptr, samples, size, stride);
    must(samples == 0 || size == 0 || view.data() != nullptr, "a view that is not empty has memory");
    if (samples == 0 || size == 0) return;
    const unsigned __int128 last = (static_cast<unsigned __int128>(samples - 1) * stride + size) * sizeof(float);
    must(last <= static_cast<unsigned __int128>(PTRDIFF_MAX), "the last element of a view has an address");
    must(samples == 1 || stride >= size, "samples do not overlap");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const std::uint8_t which = bytes.byte();
  which < 160 ? groups(bytes) : which < 220 ? overlap(bytes) : extents(bytes);
  return 0;
}
