// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/spectral/laplacian_pyramid.hpp>
#include <eigenguide/spectral/planes.hpp>

#include <cstddef>
#include <vector>

/// kornia's Laplacian pyramid, under its name.
/// Source  kornia/kornia @ b4f5a78a13891c7ac4c1cd9695941380273e981d
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kornia {

namespace detail {

inline bool is_power_of_two(std::size_t side) { return side > 0 && (side & (side - 1)) == 0; }

/// The extents that a plane is mirrored into: the next powers of two, where
/// neither side is one; else its own.
inline eigenguide::detail::Extents padded(eigenguide::detail::Extents extents) {
  if (extents.area() == 0 || is_power_of_two(extents.rows) || is_power_of_two(extents.columns)) return extents;
  const auto next = [](std::size_t side) {
    std::size_t power = 1;
    while (power < side) power *= 2;
    return power;
  };
  return {next(extents.rows), next(extents.columns)};
}

}  // namespace detail

/// The shape of what a pyramid of `shape` is put together to: each of the last
/// two sides the next power of two, where neither is one. Nothing crops it.
inline Shape padded(Shape shape) {
  if (shape.rank < 2) return shape;
  const auto extents = detail::padded({shape.extent[shape.rank - 2], shape.extent[shape.rank - 1]});
  shape.extent[shape.rank - 2] = extents.rows;
  shape.extent[shape.rank - 1] = extents.columns;
  return shape;
}

/// The Laplacian pyramid of `x`, mirrored at the bottom and at the right into
/// the extents of `padded`. The peer refuses sides below 3, and odd sides that
/// it does not pad; here they are halved as in LaplacianPyramid.
///
/// Inputs  x       [samples, ..., rows, columns], of three dimensions or more;
///                 the peer's has four
///         levels  how many; at least 1
/// Errors  a shape that is not known or has fewer dimensions, no level
/// Source  kornia/geometry/transform/pyramid.py, build_laplacian_pyramid
template <class X>
auto build_laplacian_pyramid(const X& x, std::size_t levels) {
  const auto from = view(x);
  using T = typename decltype(from)::Scalar;
  const eigenguide::detail::Planes planes = eigenguide::detail::planes_of("x", from);
  const auto [rows, columns] = planes.extents;
  const eigenguide::detail::Extents to = detail::padded(planes.extents);

  std::vector<T> values(from.samples() * planes.count * to.area());
  auto value = values.begin();
  for (std::size_t plane = 0; plane < from.samples() * planes.count; ++plane) {
    const T* const source = from.sample(plane / planes.count) + plane % planes.count * rows * columns;
    for (std::size_t i = 0; i < to.rows; ++i)
      for (std::size_t j = 0; j < to.columns; ++j) {
        const std::size_t row = eigenguide::detail::reflected(static_cast<std::ptrdiff_t>(i), rows);
        const std::size_t column = eigenguide::detail::reflected(static_cast<std::ptrdiff_t>(j), columns);
        *value++ = source[row * columns + column];
      }
  }
  const std::size_t size = planes.count * to.area();
  return laplacian_pyramid(BatchView<const T>(values.data(), from.samples(), size, size, padded(from.shape())), levels);
}

}}}  // namespace eigenguide::kornia
