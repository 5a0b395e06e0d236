// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/spectral/pyramid.hpp>
#include <eigenguide/guide/workspace.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// A tensor as a sum of octaves of its last two dimensions, the highest
/// frequencies first:
///
///   G₀ = x,  Gₗ₊₁ = halve(blur(Gₗ)),  up(G) = blur(double(G))
///   Lₗ = Gₗ − up(Gₗ₊₁),  and the last level is the rest, G
///   x = L₀ + up(L₁ + up(L₂ + …))
///
/// blur is by 1 4 6 4 1 / 16 along both dimensions, mirrored at the borders as
/// in GaussianBlur; halving and doubling are bilinear, with the outer edges of
/// both grids together. Half of an odd side n is ⌊n / 2⌋, a side of 1 stays 1,
/// and doubling leads to the sides that were halved: any size works, for any
/// number of levels, and what is put together has the extents of x.
///
/// A level is a tensor like x, so that every method can guide it:
///
///   LaplacianPyramid<float> pyramid(3), other(3);
///   pyramid.build(cond), other.build(uncond);
///   for (std::size_t i = 0; i < 3; ++i)
///     guide(Cfg{scales[i]}, pyramid.level(i), other.level(i), pyramid.level(i));
///   pyramid.reconstruct(out);
///
/// Builds again without an allocation, once it has held a tensor as large.
///
/// Cost    about 50 multiplications an element for both ways; memory of 4/3 of
///         the size of x, and of 10/3 planes of doubles to work in
/// Accuracy  sums in double, one rounding of each level and of the result
/// Source  Burt, Adelson, IEEE Trans. Communications 31 (1983), with bilinear
///         halving and doubling
template <class T>
class LaplacianPyramid {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "tensors are of float or double");

 public:
  /// Inputs  levels  how many; at least 1, which is x itself
  explicit LaplacianPyramid(std::size_t levels) : levels_(levels) {
    require(levels >= 1, "levels", static_cast<double>(levels), "at least 1");
    for (std::size_t i = 0; i < levels; ++i) levels_[i].shape = Shape{{0, 0, 0}, 3};
  }

  std::size_t levels() const { return levels_.size(); }

  /// Level `i`, [samples, ..., rows, columns], 0 that of the highest
  /// frequencies. Empty before the first tensor.
  BatchView<T> level(std::size_t i) { return view_of<T>(at(i)); }
  BatchView<const T> level(std::size_t i) const { return view_of<const T>(at(i)); }

  /// Takes `x` apart.
  ///
  /// Inputs  x  [samples, ..., rows, columns], of three dimensions or more
  /// Errors  a shape that is not known or has fewer dimensions
  template <class X>
  void build(const X& x) {
    const auto from = view(x);
    static_assert(std::is_same_v<typename decltype(from)::Scalar, T>, "`x` has the scalar type of the pyramid");
    const detail::Planes planes = detail::planes_of("x", from);
    const detail::Pyramid pyramid({1, planes.extents}, levels());
    const std::size_t area = planes.extents.area();
    double* const values = workspace_.doubles(pyramid.doubles() + pyramid.scratch());
    for (std::size_t i = 0; i < levels(); ++i) levels_[i].values.reserve(from.samples() * planes.count * pyramid.size(i));
    // From here on nothing is allocated, and nothing throws.
    samples_ = from.samples();
    planes_ = planes;
    for (std::size_t i = 0; i < levels(); ++i) hold(levels_[i], from.shape(), pyramid.extents(i));

    for (std::size_t plane = 0; plane < samples_ * planes.count; ++plane) {
      const T* const source = from.sample(plane / planes.count) + plane % planes.count * area;
      for (std::size_t k = 0; k < area; ++k) values[k] = static_cast<double>(source[k]);
      pyramid.decompose(values, values + pyramid.doubles());
      for (std::size_t i = 0; i < levels(); ++i) {
        const std::size_t size = pyramid.size(i);
        const double* const part = values + pyramid.offset(i);
        for (std::size_t k = 0; k < size; ++k) levels_[i].values[plane * size + k] = static_cast<T>(part[k]);
      }
    }
  }

  /// Puts the levels together. They stay as they are.
  ///
  /// Output  out  of the shape that was built from
  /// Errors  an `out` of another shape
  template <class Out>
  void reconstruct(Out&& out) {
    const auto to = view(out);
    detail::require_tensors(to, detail::Named{"level 0", view_of<const T>(levels_[0])});
    const detail::Pyramid pyramid({1, planes_.extents}, levels());
    const std::size_t area = planes_.extents.area();
    double* const values = workspace_.doubles(pyramid.doubles() + pyramid.scratch());
    for (std::size_t plane = 0; plane < samples_ * planes_.count; ++plane) {
      for (std::size_t i = 0; i < levels(); ++i) {
        const std::size_t size = pyramid.size(i);
        double* const part = values + pyramid.offset(i);
        for (std::size_t k = 0; k < size; ++k) part[k] = static_cast<double>(levels_[i].values[plane * size + k]);
      }
      pyramid.compose(values, values + pyramid.doubles());
      T* const target = to.sample(plane / planes_.count) + plane % planes_.count * area;
      for (std::size_t k = 0; k < area; ++k) target[k] = static_cast<T>(values[k]);
    }
  }

 private:
  struct Held {
    std::vector<T> values;
    Shape shape;
  };

  static void hold(Held& level, Shape shape, const detail::Extents& extents) {
    shape.extent[shape.rank - 2] = extents.rows;
    shape.extent[shape.rank - 1] = extents.columns;
    level.shape = shape;
    level.values.resize(shape.samples() * shape.size());
  }

  template <class Element, class Level>
  static BatchView<Element> view_of(Level& level) {
    return {level.values.data(), level.shape.samples(), level.shape.size(), level.shape.size(), level.shape};
  }

  Held& at(std::size_t i) {
    require_level(i);
    return levels_[i];
  }
  const Held& at(std::size_t i) const {
    require_level(i);
    return levels_[i];
  }
  void require_level(std::size_t i) const {
    if (i >= levels_.size()) reject("i", std::to_string(i), "a level below " + std::to_string(levels_.size()));
  }

  std::vector<Held> levels_;
  std::size_t samples_ = 0;
  detail::Planes planes_;
  Workspace workspace_;
};

/// The pyramid of `x`, as a new one.
template <class X>
auto laplacian_pyramid(const X& x, std::size_t levels) {
  LaplacianPyramid<typename decltype(view(x))::Scalar> pyramid(levels);
  pyramid.build(x);
  return pyramid;
}

}}  // namespace eigenguide
