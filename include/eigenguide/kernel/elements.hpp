// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/basis.hpp>
#include <eigenguide/kernel/batch_view.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// Points of memory in order: extents and strides, slowest first, and the
/// strides of a mask beside it.
struct Lattice {
  std::size_t rank = 0;
  std::array<std::size_t, Shape::max_rank> extent{}, stride{}, mask_stride{};
};

/// The elements that one Gram matrix covers: a run, or the points of a lattice,
/// of which a mask may leave some out. A view; it lives as long as they do.
struct Elements {
  std::size_t size = 0;              ///< how many
  const Lattice* lattice = nullptr;  ///< of a run null
  const unsigned char* keep = nullptr;  ///< of a lattice: its mask; null where every point belongs to it
  bool past_cache = false;  ///< whether what is written of a run goes past the cache, however little it is

  Elements(std::size_t count) : size(count) {}
  Elements(std::size_t count, const Lattice& points, const unsigned char* mask = nullptr)
      : size(count), lattice(&points), keep(mask) {}

  bool is_run() const { return lattice == nullptr; }
};

/// Groups that are taken together where they lie side by side: element n of the
/// first beside element n of the second, and so on. A few, or as many as make
/// whole lines of memory that are read one after the other.
inline constexpr std::size_t few_columns = 16, many_columns = 64;

/// The offsets of a lattice's elements, from the first to the last.
class Walk {
 public:
  explicit Walk(const Elements& elements) : lattice_(elements.lattice), keep_(elements.keep) {}

  /// The next `count` offsets; there must be as many.
  void take(std::size_t* offsets, std::size_t count) {
    const std::size_t last = lattice_->rank - 1;
    for (std::size_t taken = 0; taken < count;) {
      if (lattice_->rank == 0) return (void)(offsets[0] = 0);
      // Along the fastest dimension, as far as it goes.
      const std::size_t stride = lattice_->stride[last], mask_stride = lattice_->mask_stride[last];
      std::size_t left = lattice_->extent[last] - index_[last];
      if (keep_ == nullptr) {
        if (left > count - taken) left = count - taken;
        for (std::size_t n = 0; n < left; ++n) offsets[taken + n] = offset_ + n * stride;
        taken += left;
        advance(left);
      } else {
        std::size_t n = 0;
        for (; n < left && taken < count; ++n)
          if (keep_[mask_offset_ + n * mask_stride]) offsets[taken++] = offset_ + n * stride;
        advance(n);
      }
    }
  }

 private:
  /// By `count` along the fastest dimension, at most to its end.
  void advance(std::size_t count) {
    for (std::size_t axis = lattice_->rank; axis-- > 0; count = 1) {
      offset_ += count * lattice_->stride[axis];
      mask_offset_ += count * lattice_->mask_stride[axis];
      index_[axis] += count;
      if (index_[axis] < lattice_->extent[axis]) return;
      offset_ -= lattice_->extent[axis] * lattice_->stride[axis];
      mask_offset_ -= lattice_->extent[axis] * lattice_->mask_stride[axis];
      index_[axis] = 0;
    }
  }

  const Lattice* lattice_;
  const unsigned char* keep_;
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
