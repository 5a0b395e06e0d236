// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/basis.hpp>
#include <eigenguide/kernel/batch_view.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The elements of memory that one Gram matrix covers, in order: a run, or the
/// points of a lattice, of which a mask may leave some out.
struct Elements {
  std::size_t size = 0;  ///< how many
  bool contiguous = true;
  bool past_cache = false;  ///< whether what is written of a run goes past the cache, however little it is

  // What a lattice has: extents and strides, slowest first, and the strides of
  // its mask; `keep` is null where every point belongs to it.
  std::size_t rank = 0;
  std::array<std::size_t, Shape::max_rank> extent{}, stride{}, mask_stride{};
  const unsigned char* keep = nullptr;

  Elements(std::size_t count) : size(count) {}
};

/// The offsets of a lattice's elements, from the first to the last.
class Walk {
 public:
  explicit Walk(const Elements& elements) : elements_(elements) {}

  /// The next `count` offsets; there must be as many.
  void take(std::size_t* offsets, std::size_t count) {
    for (std::size_t taken = 0; taken < count;) {
      if (elements_.keep == nullptr || elements_.keep[mask_offset_]) offsets[taken++] = offset_;
      advance();
    }
  }

 private:
  void advance() {
    for (std::size_t axis = elements_.rank; axis-- > 0;) {
      offset_ += elements_.stride[axis];
      mask_offset_ += elements_.mask_stride[axis];
      if (++index_[axis] < elements_.extent[axis]) return;
      offset_ -= elements_.extent[axis] * elements_.stride[axis];
      mask_offset_ -= elements_.extent[axis] * elements_.mask_stride[axis];
      index_[axis] = 0;
    }
  }

  const Elements& elements_;
  std::array<std::size_t, Shape::max_rank> index_{};
  std::size_t offset_ = 0, mask_offset_ = 0;
};

/// Calls `action` with the offset of every element of a lattice.
template <class Action>
void for_each_offset(const Elements& elements, const Action& action) {
  Walk walk(elements);
  for (std::size_t n = 0; n < elements.size; ++n) {
    std::size_t offset = 0;
    walk.take(&offset, 1);
    action(offset);
  }
}

/// A lattice's elements, some at a time, brought side by side.
template <class T, std::size_t inputs>
class Gathered {
 public:
  static constexpr std::size_t most = 128;

  Gathered(const Inputs<T, inputs>& from, const Elements& elements) : from_(from), walk_(elements) {
    for (std::size_t i = 0; i < inputs; ++i) pointers_[i] = values_[i];
  }

  /// The next `count` elements of every input, at most `most`.
  const T* const* next(std::size_t count) {
    walk_.take(offsets_, count);
    for (std::size_t i = 0; i < inputs; ++i)
      for (std::size_t n = 0; n < count; ++n) values_[i][n] = from_[i][offsets_[n]];
    return pointers_;
  }

  /// Where the elements that `next` gave last belong.
  const std::size_t* offsets() const { return offsets_; }

 private:
  const Inputs<T, inputs>& from_;
  Walk walk_;
  std::size_t offsets_[most];
  T values_[inputs][most];
  const T* pointers_[inputs];
};

}}}  // namespace eigenguide::kernel
