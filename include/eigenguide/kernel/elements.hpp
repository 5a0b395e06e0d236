// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/basis.hpp>
#include <eigenguide/kernel/batch_view.hpp>

#include <array>
#include <cstddef>
#include <cstring>

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
  /// Whether a run goes past the cache, of each of whose elements `bytes` are read and written.
  bool goes_past_cache(std::size_t bytes) const { return past_cache || bytes * size > past_cache_bytes; }
  /// So many elements of a run, to be written as the run is.
  Elements part(std::size_t count) const {
    Elements some(count);
    some.past_cache = past_cache;
    return some;
  }
};

/// Groups that are taken together where they lie side by side: element n of the
/// first beside element n of the second, and so on. A few, or as many as make
/// whole lines of memory that are read one after the other.
inline constexpr std::size_t few_columns = 16, many_columns = 64;

/// The most of them whose `sums`, sixteen lanes each, are 64 KiB of the stack at most; else 1.
constexpr std::size_t columns_of(std::size_t sums) {
  constexpr std::size_t most = (std::size_t{64} << 10) / (16 * sizeof(double));
  return sums * many_columns <= most ? many_columns : sums * few_columns <= most ? few_columns : 1;
}

/// Elements at equal distances.
struct Stretch {
  std::size_t offset, stride, count;
};

/// A lattice's elements, from the first to the last.
class Walk {
 public:
  explicit Walk(const Elements& elements) : lattice_(elements.lattice), keep_(elements.keep) {}

  /// The next elements along the fastest dimension, at most `most`; there must be one.
  Stretch next(std::size_t most) {
    if (lattice_->rank == 0) return {0, 1, 1};
    const std::size_t last = lattice_->rank - 1;
    for (;;) {
      const std::size_t left = lattice_->extent[last] - index_[last], masked = keep_ == nullptr ? 0 : run(left, false);
      advance(masked);
      if (masked == left) continue;
      std::size_t count = left - masked < most ? left - masked : most;
      if (keep_ != nullptr) count = run(count, true);
      const Stretch found{offset_, lattice_->stride[last], count};
      advance(count);
      return found;
    }
  }

  /// The offsets of the next `count` elements; there must be as many.
  void take(std::size_t* offsets, std::size_t count) {
    while (count > 0) {
      const Stretch some = next(count);
      for (std::size_t n = 0; n < some.count; ++n) *offsets++ = some.offset + n * some.stride;
      count -= some.count;
    }
  }

 private:
  /// How many of the next `most` elements the mask keeps, or leaves out, in a row.
  std::size_t run(std::size_t most, bool kept) const {
    const unsigned char* const keep = keep_ + mask_offset_;
    const std::size_t stride = lattice_->mask_stride[lattice_->rank - 1];
    if (stride == 0) return (*keep != 0) == kept ? most : 0;
    if (stride == 1 && kept) {
      const void* const end = std::memchr(keep, 0, most);
      return end == nullptr ? most : static_cast<std::size_t>(static_cast<const unsigned char*>(end) - keep);
    }
    std::size_t n = 0;
    while (n < most && (keep[n * stride] != 0) == kept) ++n;
    return n;
  }

  /// By `count` along the fastest dimension, at most to its end.
  void advance(std::size_t count) {
    if (count == 0) return;
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

/// Calls `action` with the stretches of a lattice.
template <class Action>
void for_each_stretch(const Elements& elements, const Action& action) {
  Walk walk(elements);
  for (std::size_t left = elements.size; left > 0;) {
    const Stretch some = walk.next(left);
    action(some);
    left -= some.count;
  }
}

/// Calls `action` with the offset of every element of a lattice.
template <class Action>
void for_each_offset(const Elements& elements, const Action& action) {
  for_each_stretch(elements, [&](const Stretch& some) {
    for (std::size_t n = 0; n < some.count; ++n) action(some.offset + n * some.stride);
  });
}

/// A lattice's elements, some at a time, side by side: as they lie in memory
/// where they do, else copied.
template <class T, std::size_t inputs>
class Gathered {
 public:
  static constexpr std::size_t most = 128;

  Gathered(const Inputs<T, inputs>& from, const Elements& elements) : from_(from), walk_(elements) {}

  /// The next `count` elements of every input, at most `most`.
  const T* const* next(std::size_t count) {
    for (std::size_t taken = 0; taken < count;) {
      const Stretch some = walk_.next(count - taken);
      const bool as_they_lie = some.stride == 1 && some.count == count;
      for (std::size_t i = 0; i < inputs; ++i) {
        const T* const first = from_[i] + some.offset;
        pointers_[i] = as_they_lie ? first : values_[i];
        if (as_they_lie) continue;
        for (std::size_t n = 0; n < some.count; ++n) values_[i][taken + n] = first[n * some.stride];
      }
      taken += some.count;
    }
    return pointers_;
  }

 private:
  const Inputs<T, inputs>& from_;
  Walk walk_;
  T values_[inputs][most];
  const T* pointers_[inputs];
};

}}}  // namespace eigenguide::kernel
