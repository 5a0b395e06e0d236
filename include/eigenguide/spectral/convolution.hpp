// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/spectral/planes.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// The scratch that `convolve` needs, in doubles.
inline std::size_t convolution_scratch(const Extents& extents, std::size_t radius) {
  return extents.area() + extents.columns + 2 * radius;
}

/// Convolves a plane with the same 2 · radius + 1 symmetric taps along both
/// axes, mirrored at the borders.
inline void convolve(double* plane, const Extents& extents, const double* taps, std::size_t radius, double* scratch) {
  const std::size_t rows = extents.rows, columns = extents.columns;
  const auto reach = static_cast<std::ptrdiff_t>(radius);
  double* const line = scratch + extents.area();  // a row, with its mirrored ends

  for (std::size_t i = 0; i < rows; ++i) {
    const double* const row = plane + i * columns;
    double* const to = scratch + i * columns;
    for (std::size_t j = 0; j < columns; ++j) line[radius + j] = row[j];
    for (std::ptrdiff_t k = 0; k < reach; ++k) {
      line[k] = row[reflected(k - reach, columns)];
      line[reach + static_cast<std::ptrdiff_t>(columns) + k] =
          row[reflected(static_cast<std::ptrdiff_t>(columns) + k, columns)];
    }
    scale(to, taps[0], line, columns);
    for (std::size_t k = 1; k <= 2 * radius; ++k) combine(to, 1.0, to, taps[k], line + k, columns);
  }

  for (std::size_t i = 0; i < rows; ++i) {
    double* const to = plane + i * columns;
    for (std::size_t k = 0; k <= 2 * radius; ++k) {
      const std::ptrdiff_t from = static_cast<std::ptrdiff_t>(i + k) - reach;
      const double* const row = scratch + reflected(from, rows) * columns;
      k == 0 ? scale(to, taps[0], row, columns) : combine(to, 1.0, to, taps[k], row, columns);
    }
  }
}

}}}  // namespace eigenguide::detail
