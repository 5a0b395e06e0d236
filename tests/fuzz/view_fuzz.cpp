// SPDX-License-Identifier: MIT
// Strided views, groups and masks of any axes, and the checks of overlap:
// refused by a sentence, or what a plain enumeration finds.
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/group.hpp>

#include <fuzz/bytes.hpp>

#include <memory>
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

/// The elements of a sample that `elements` names, from an offset on.
std::vector<std::size_t> listed(const kernel::Elements& elements, std::size_t offset) {
  std::vector<std::size_t> all;
  all.reserve(elements.size);
  if (elements.is_run())
    for (std::size_t n = 0; n < elements.size; ++n) all.push_back(offset + n);
  else
    kernel::for_each_offset(elements, [&](std::size_t at) { all.push_back(offset + at); });
  return all;
}

bool are_distinct(const std::string& names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names.find(names[i], i + 1) != std::string::npos) return false;
  return true;
}
bool are_among(const std::string& names, const std::string& all) {
  return names.find_first_not_of(all) == std::string::npos;
}

/// A batch by its dimensions, one index after the other.
struct Plain {
  Shape shape;  // the first are the samples

  std::size_t size() const {
    std::size_t size = 1;
    for (std::size_t i = 1; i < shape.rank; ++i) size *= shape.extent[i];
    return shape.rank == 0 ? 0 : size;
  }
  /// Where element `at` of a sample is along dimension `i`, from 1 on.
  std::size_t index(std::size_t at, std::size_t i) const {
    for (std::size_t k = shape.rank - 1; k > i; --k) at /= shape.extent[k];
    return at % shape.extent[i];
  }
};

/// Groups and masks are those of a plain enumeration: every element is in the
/// group of its place along the dimensions that number groups, in order, and is
/// measured where the mask's value for its place is not zero. What a layout or
/// a mask of other dimensions says is refused, and nothing else.
void groups(Bytes& bytes) {
  const Shape shape = shape_of(bytes);
  const Plain plain{shape.rank == 1 ? Shape{{1, shape.extent[0]}, 2} : shape};
  const std::size_t size = plain.size(), samples = plain.shape.rank == 0 ? 0 : plain.shape.extent[0];
  if (size > 1024) return;
  const std::string layout = layout_of(plain.shape.rank, bytes), names = letters(bytes);
  const bool is_over = bytes.flag(), is_masked = bytes.flag();
  const bool is_layout = layout.empty() || (are_distinct(layout) && layout.size() == plain.shape.rank);
  const auto numbers = [&](std::size_t i) {
    return !layout.empty() && (names.find(layout[i]) != std::string::npos) != is_over;
  };

  const auto group_of = [&] { return is_over ? over(names, layout) : per(names, layout); };
  const bool is_refused = refused([&] { eigenguide::detail::Partition(group_of(), shape, size); });
  must(is_refused == !(is_layout && are_among(names, layout)), "groups over the dimensions of a layout are taken, and no others");
  if (is_refused) return;
  const Group group = group_of();
  eigenguide::detail::Partition partition(group, shape, size);

  // What the plain enumeration finds.
  std::size_t count = 1;
  for (std::size_t i = 1; i < plain.shape.rank; ++i)
    if (numbers(i)) count *= plain.shape.extent[i];
  must(partition.groups() == count, "a group for each place along the dimensions that number them");
  std::vector<std::vector<std::size_t>> members(count);
  for (std::size_t at = 0; at < size; ++at) {
    std::size_t key = 0;
    for (std::size_t i = 1; i < plain.shape.rank; ++i)
      if (numbers(i)) key = key * plain.shape.extent[i] + plain.index(at, i);
    members[key].push_back(at);
  }
  if (size > 0)
    for (std::size_t k = 0; k < count; ++k)
      must(listed(partition.written(), partition.offset(k)) == members[k], "a group has the elements of its place, in order");
  const auto side_by_side = [&] {
    for (std::size_t k = 0; k < count && size > 0; ++k) {
      const std::size_t beside = partition.beside(k);
      must(beside >= 1 && k + beside <= count, "groups side by side are groups");
      for (std::size_t j = 0; j < beside; ++j) must(partition.offset(k + j) == partition.offset(k) + j, "side by side");
    }
  };
  side_by_side();
  if (!is_masked || plain.shape.rank == 0) return;

  // A mask over some of the dimensions, exactly as large as it must be.
  const std::string axes = bytes.flag() ? "" : letters(bytes);
  Shape of_mask = plain.shape;
  if (!axes.empty()) {
    of_mask = {};
    for (const char name : axes)
      if (of_mask.rank < Shape::max_rank) {
        const std::size_t axis = layout.find(name);
        of_mask.extent[of_mask.rank++] = axis < plain.shape.rank ? plain.shape.extent[axis] : bytes.below(4);
      }
  }
  if (bytes.byte() < 16) ++of_mask.extent[bytes.below(of_mask.rank)];  // now and then one too many
  const std::size_t mask_size = size_of(of_mask), runs = samples_of(of_mask), stride = mask_size + bytes.below(3);
  if (runs * stride > 20000) return;
  const std::size_t length = runs == 0 || mask_size == 0 ? 0 : (runs - 1) * stride + mask_size;
  const std::unique_ptr<unsigned char[]> keep(new unsigned char[length]);
  std::uint64_t seed = bytes.raw<std::uint16_t>();
  for (std::size_t n = 0; n < length; ++n) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    keep[n] = (seed >> 62) != 0 ? static_cast<unsigned char>(1 + (seed >> 56) % 255) : 0;
  }
  const Mask<unsigned char> mask{BatchView<const unsigned char>(keep.get(), runs, mask_size, stride, of_mask), axes};

  const std::string names_of_mask = axes.empty() ? layout : axes;
  bool fits = axes.empty() ? of_mask.rank == plain.shape.rank
                           : of_mask.rank == axes.size() && are_distinct(axes) && are_among(axes, layout);
  const auto axis_of = [&](std::size_t i) { return axes.empty() ? i : layout.find(axes[i]); };
  for (std::size_t i = 0; fits && i < of_mask.rank; ++i) fits = of_mask.extent[i] == plain.shape.extent[axis_of(i)];
  must(refused([&] { partition.set_mask(mask, group, shape); }) == !fits, "a mask of some dimensions of the batch is taken, and no other");
  if (!fits || length == 0) return;
  side_by_side();
  const auto is_kept = [&](std::size_t sample, std::size_t at) {
    std::size_t first = 0, rest = 0;
    for (std::size_t i = 0; i < of_mask.rank; ++i) {
      const std::size_t axis = axis_of(i), index = axis == 0 ? sample : plain.index(at, axis);
      (i == 0 ? first : rest) = i == 0 ? index : rest * of_mask.extent[i] + index;
    }
    return keep[of_mask.rank == 1 ? first : first * stride + rest] != 0;
  };
  for (std::size_t sample = 0; sample < samples && size > 0; ++sample)
    for (std::size_t k = 0; k < count; ++k) {
      std::vector<std::size_t> kept;
      for (const std::size_t at : members[k])
        if (is_kept(sample, at)) kept.push_back(at);
      must(listed(partition.measured(sample, k), partition.offset(k)) == kept, "what the mask keeps is measured, in order");
      for (std::size_t j = 1; j < partition.beside(k); ++j)
        for (const std::size_t at : members[k]) must(is_kept(sample, at) == is_kept(sample, at + j), "side by side is under one mask");
    }
}

/// Two batches in one arena: an output is taken where it is an input's samples,
/// or apart from all of them, and nowhere else.
void overlap(Bytes& bytes) {
  static float arena[256];
  struct Run { std::size_t at, samples, size, stride; };
  const auto run = [&] {
    Run made{bytes.below(32), bytes.below(5), bytes.below(12), 0};
    made.stride = made.size + bytes.below(24);
    return made;
  };
  const Run a = run();
  const Run b = bytes.byte() < 32 ? a : run();
  bool apart = true;
  for (std::size_t i = 0; i < a.samples && a.size > 0; ++i)
    for (std::size_t j = 0; j < b.samples && b.size > 0; ++j) {
      const std::size_t first = a.at + i * a.stride, second = b.at + j * b.stride;
      apart = apart && (first + a.size <= second || second + b.size <= first);
    }
  const bool same = a.at == b.at && a.size == b.size && a.samples == b.samples && (a.stride == b.stride || a.samples == 1);
  const BatchView<float> out(arena + a.at, a.samples, a.size, a.stride);
  const BatchView<const float> in(arena + b.at, b.samples, b.size, b.stride);
  must(refused([&] { eigenguide::detail::require_no_partial_overlap("out", out, "cond", in); }) == !(apart || same),
       "an output is taken that is an input's samples or apart, and no other");
  must(refused([&] { eigenguide::detail::require_apart("out", out, "mask", in); }) == !apart, "what is apart is taken, and nothing else");
  must(refused([&] { eigenguide::detail::require_same_shape("uncond", out, "cond", in); }) == (a.samples != b.samples || a.size != b.size),
       "shapes that are the same are taken, and no others");
}

/// Any numbers at all: taken where the last element has an address.
void extents(Bytes& bytes) {
  const auto number = [&] {
    const std::uint8_t kind = bytes.byte();
    return kind < 100 ? std::size_t{bytes.byte()} : kind < 120 ? SIZE_MAX - bytes.byte() : bytes.raw<std::size_t>() >> (kind % 60);
  };
  static float one;
  const std::size_t samples = number(), size = number(), stride = number();
  const bool is_null = bytes.flag();
  const bool bad = refused([&] { BatchView<float>(is_null ? nullptr : &one, samples, size, stride); });
  if (samples == 0 || size == 0) return;
  const unsigned __int128 last = (static_cast<unsigned __int128>(samples - 1) * stride + size) * sizeof(float);
  const bool has_address = (samples == 1 || stride <= SIZE_MAX / 2) && size <= SIZE_MAX / 2 && last <= PTRDIFF_MAX;
  must(bad == !(!is_null && has_address && (samples == 1 || stride >= size)),
       "a view of memory whose samples do not overlap, and whose last element has an address, is taken, and no other");
}

/// A shape of any extents: taken where it is that of the samples, and no other.
void shapes(Bytes& bytes) {
  static float memory[4096];
  Shape shape = shape_of(bytes);
  const std::size_t samples = samples_of(shape);
  std::size_t size = shape.rank == 0 ? bytes.below(5) : size_of(shape);
  if (shape.rank > 0 && bytes.flag()) shape.extent[bytes.below(shape.rank)] = bytes.flag() ? bytes.below(5) : bytes.raw<std::size_t>();
  if (shape.rank > 1 && bytes.flag()) {  // the same product, where it wraps
    shape.extent[shape.rank - 1] += std::size_t{1} << (32 + bytes.below(32));
    size = size_of(shape);
  }
  if (samples * (size % 4096) > 4096 || size > 4096) return;
  bool is_zero = false, is_more = false;
  std::size_t product = 1;
  for (std::size_t i = shape.rank < 2 ? 0 : 1; i < shape.rank; ++i) {
    is_zero = is_zero || shape.extent[i] == 0;
    is_more = is_more || __builtin_mul_overflow(product, shape.extent[i], &product);
  }
  const bool is_true = shape.rank == 0 || (samples_of(shape) == samples && (is_zero ? size == 0 : !is_more && product == size));
  const bool bad = refused([&] { BatchView<float>(memory, samples, size, size, shape); });
  must(bad == !is_true, "a shape that is that of the samples is taken, and no other");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  const std::uint8_t which = bytes.byte();
  which < 160 ? groups(bytes) : which < 210 ? overlap(bytes) : which < 232 ? extents(bytes) : shapes(bytes);
  return 0;
}
