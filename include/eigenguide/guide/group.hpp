// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/kernel/elements.hpp>

#include <array>
#include <cstddef>
#include <string>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Which elements of a sample one Gram matrix covers: one group for each
/// position along some named dimensions.
///
/// A layout names the dimensions of a tensor from the slowest to the fastest,
/// one letter each: "bchw". The first are the samples, of which a group never
/// covers more than one. Of the others the functions below know
///
///   c channels   n tokens   t time or frames   h rows   w columns
///
/// One formula then means one thing in every layout: the norm of a token's
/// channels is per_token("bnc") and per_token("bcn").
struct Group {
  std::string layout;  ///< empty: a sample, whatever its dimensions
  std::string each;    ///< the dimensions that number the groups
};

/// One group for each position along the dimensions `each` of `layout`.
inline Group per(const std::string& each, const std::string& layout) { return {layout, each}; }

/// One group over the dimensions `within` of `layout`, for each position along the others.
inline Group over(const std::string& within, const std::string& layout) {
  for (const char name : within)
    if (layout.find(name) == std::string::npos)
      reject("group", "over the dimension '" + std::string(1, name) + "' of a layout \"" + layout + "\"",
             "dimensions that the layout names");
  Group group{layout, ""};
  for (const char name : layout)
    if (within.find(name) == std::string::npos) group.each += name;
  return group;
}

inline Group per_sample(const std::string& layout) { return per("", layout); }
inline Group per_channel(const std::string& layout) { return per("c", layout); }
inline Group per_token(const std::string& layout) { return per("n", layout); }
inline Group per_frame(const std::string& layout) { return per("t", layout); }
inline Group per_row(const std::string& layout) { return over("w", layout); }
inline Group per_pixel(const std::string& layout) { return over("c", layout); }

/// Which elements are measured, for batches of padded samples.
template <class T>
struct Mask {
  BatchView<const T> values;
  std::string axes;
};

/// Leaves the elements where `values` is zero out of every inner product: a
/// padded batch has the bits of its samples without the padding. They are
/// written with the weights of their group all the same; a group of masked
/// elements only stays cond.
///
/// Inputs  values  bool or unsigned char, of the shape of `cond`; read during
///                 each call, not copied
///         axes    the dimensions of `values`, of those that the group's layout
///                 names: "bt" beside per_sample("bct"). Without, all of them
template <class Values>
auto mask(const Values& values, const std::string& axes = "") {
  const auto batch = view(values);
  using T = typename decltype(batch)::Scalar;
  static_assert(sizeof(T) == 1, "a mask is of bool or unsigned char");
  return Mask<T>{batch, axes};
}

namespace detail {

/// The groups of each sample of a batch.
class Partition {
 public:
  /// Errors: a layout that is not that of `shape`; dimensions that it does not name.
  Partition(const Group& group, const Shape& of_batch, std::size_t size) : size_(size) {
    const Shape shape = with_samples(of_batch);
    if (!group.layout.empty()) check_layout(group.layout, shape);
    for (const char name : group.each)
      if (group.layout.find(name) == std::string::npos)
        reject("group", "for each '" + std::string(1, name) + "' of a layout \"" + group.layout + "\"",
               "dimensions that the layout names");
    set_axes(shape, group);
  }

  /// Errors: a mask of another shape, or of dimensions that the layout does not name.
  template <class T>
  void set_mask(const Mask<T>& mask, const Group& group, const Shape& of_batch) {
    const std::string axes = mask.axes.empty() ? group.layout : mask.axes;
    const Shape shape = with_samples(of_batch);
    const Shape own = axes.size() == 1 ? mask.values.shape() : with_samples(mask.values.shape());
    const auto bad = [&] {
      reject("mask", "of shape " + mask.values.text() + (axes.empty() ? "" : " (" + axes + ")"),
             "the extents of `cond`, " + shape.text() +
                 (group.layout.empty() ? "" : " (" + group.layout + "), for each dimension it names"));
    };
    if (shape.rank == 0 || own.rank != (axes.empty() ? shape.rank : axes.size())) bad();
    std::array<std::size_t, Shape::max_rank> stride{};  // of the mask, for each dimension of the tensor
    std::size_t step = 1;
    for (std::size_t i = own.rank; i-- > 0;) {
      const std::size_t axis = axes.empty() ? i : group.layout.find(axes[i]);
      const bool again = !axes.empty() && axes.find(axes[i], i + 1) != std::string::npos;
      if (again || axis == std::string::npos || own.extent[i] != shape.extent[axis]) bad();
      stride[axis] = i == 0 && own.rank > 1 ? mask.values.stride() : step;
      step *= own.extent[i];
    }
    keep_ = reinterpret_cast<const unsigned char*>(mask.values.data());
    mask_sample_ = stride[0];
    for (std::size_t i = 0; i < within_.rank; ++i) within_.mask_stride[i] = stride[within_.axis[i]];
    for (std::size_t i = 0; i < each_.rank; ++i) each_.mask_stride[i] = stride[each_.axis[i]];
    masked_ = joined(false);
    set_row();
  }

  std::size_t groups() const { return groups_; }

  /// How many groups, from number `k` on, lie side by side under one mask.
  std::size_t beside(std::size_t k) const { return is_run_ ? 1 : row_ - k % row_; }

  /// Where group `k` begins, in elements from the start of its sample.
  std::size_t offset(std::size_t k) const { return each_.offset(k, each_.stride); }

  /// The elements of every group, from its offset on.
  kernel::Elements written() const { return is_run_ ? kernel::Elements(size_) : kernel::Elements(size_, points_); }

  /// Those that are measured of group `k` of `sample`.
  kernel::Elements measured(std::size_t sample, std::size_t k) const {
    if (keep_ == nullptr) return written();
    const unsigned char* keep = keep_ + sample * mask_sample_ + each_.offset(k, each_.mask_stride);
    kernel::Lattice of_mask;  // by itself: each of its values is for `times` elements
    std::size_t points = 1, times = 1, kept = 0;
    for (std::size_t i = 0; i < masked_.rank; ++i) {
      const bool masks = masked_.mask_stride[i] != 0;
      (masks ? points : times) *= masked_.extent[i];
      if (!masks) continue;
      of_mask.extent[of_mask.rank] = masked_.extent[i];
      of_mask.stride[of_mask.rank++] = masked_.mask_stride[i];
    }
    kernel::for_each_offset({points, of_mask}, [&](std::size_t at) { kept += keep[at] != 0 ? 1 : 0; });
    return {kept * times, masked_, keep};
  }

 private:
  /// Some dimensions of the tensor, slowest first.
  struct Axes {
    std::size_t rank = 0;
    std::array<std::size_t, Shape::max_rank> axis{}, extent{}, stride{}, mask_stride{};

    void add(std::size_t dimension, std::size_t count, std::size_t step) {
      axis[rank] = dimension;
      extent[rank] = count;
      stride[rank++] = step;
    }
    std::size_t offset(std::size_t k, const std::array<std::size_t, Shape::max_rank>& steps) const {
      std::size_t at = 0;
      for (std::size_t i = rank; i-- > 0; k /= extent[i]) at += k % extent[i] * steps[i];
      return at;
    }
  };

  /// A vector is one sample.
  static Shape with_samples(const Shape& shape) {
    return shape.rank == 1 ? Shape{{1, shape.extent[0]}, 2} : shape;
  }

  static void check_layout(const std::string& layout, const Shape& shape) {
    bool distinct = true;
    for (std::size_t i = 0; i < layout.size(); ++i) distinct = distinct && layout.find(layout[i], i + 1) == std::string::npos;
    if (!distinct || layout.size() != shape.rank)
      reject("layout", "\"" + layout + "\"", "one letter for each dimension of `cond`, of shape " + shape.text());
  }

  void set_axes(const Shape& shape, const Group& group) {
    std::size_t step = 1;
    Axes each, within;  // fastest first
    for (std::size_t i = shape.rank; i-- > 1; step *= shape.extent[i]) {
      const bool numbers = !group.layout.empty() && group.each.find(group.layout[i]) != std::string::npos;
      (numbers ? each : within).add(i, shape.extent[i], step);
      if (numbers) groups_ *= shape.extent[i];
    }
    for (std::size_t i = each.rank; i-- > 0;) each_.add(each.axis[i], each.extent[i], each.stride[i]);
    for (std::size_t i = within.rank; i-- > 0;) within_.add(within.axis[i], within.extent[i], within.stride[i]);
    if (groups_ > 0) size_ /= groups_;
    points_ = joined(true);
    is_run_ = points_.rank == 0 || (points_.rank == 1 && points_.stride[0] == 1);
    set_row();
  }

  void set_row() {
    row_ = 1;
    for (std::size_t i = each_.rank; i-- > 0 && each_.stride[i] == row_ && each_.mask_stride[i] == 0;) row_ *= each_.extent[i];
    if (row_ == 0) row_ = 1;
  }

  /// A group as a lattice, with dimensions joined that one stride covers.
  kernel::Lattice joined(bool without_mask) const {
    kernel::Lattice lattice;
    for (std::size_t i = 0; i < within_.rank; ++i) {
      if (within_.extent[i] == 1) continue;
      const std::size_t last = lattice.rank - 1;
      const bool joins = lattice.rank > 0 && lattice.stride[last] == within_.extent[i] * within_.stride[i] &&
                         (without_mask || lattice.mask_stride[last] == within_.extent[i] * within_.mask_stride[i]);
      const std::size_t at = joins ? last : lattice.rank++;
      lattice.extent[at] = (joins ? lattice.extent[at] : 1) * within_.extent[i];
      lattice.stride[at] = within_.stride[i];
      lattice.mask_stride[at] = within_.mask_stride[i];
    }
    return lattice;
  }

  Axes each_, within_;
  std::size_t size_;         // elements of a group
  std::size_t groups_ = 1, row_ = 1;
  kernel::Lattice points_, masked_;  // those of a group; with the mask's strides
  bool is_run_ = true;
  std::size_t mask_sample_ = 0;
  const unsigned char* keep_ = nullptr;
};

}  // namespace detail

}}  // namespace eigenguide
