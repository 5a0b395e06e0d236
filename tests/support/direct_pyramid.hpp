// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

/// A plane in long double, and the pyramid's steps as their formulas.
struct Plane {
  std::size_t rows, columns;
  std::vector<long double> values;

  long double at(std::size_t i, std::size_t j) const { return values[i * columns + j]; }
};

/// Back and forth between the ends until it is within.
inline std::size_t mirrored(std::ptrdiff_t i, std::size_t n) {
  const auto last = static_cast<std::ptrdiff_t>(n) - 1;
  while (last > 0 && (i < 0 || i > last)) i = i < 0 ? -i : 2 * last - i;
  return last > 0 ? static_cast<std::size_t>(i) : 0;
}

/// With the same symmetric taps along both axes; without any those of the pyramid.
inline Plane blurred(const Plane& x, const std::vector<long double>& taps = {0.0625L, 0.25L, 0.375L, 0.25L, 0.0625L}) {
  const auto reach = static_cast<std::ptrdiff_t>(taps.size() / 2);
  Plane out{x.rows, x.columns, {}};
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(x.rows); ++i)
    for (std::ptrdiff_t j = 0; j < static_cast<std::ptrdiff_t>(x.columns); ++j) {
      long double sum = 0;
      for (std::ptrdiff_t k = -reach; k <= reach; ++k)
        for (std::ptrdiff_t l = -reach; l <= reach; ++l)
          sum += taps[static_cast<std::size_t>(k + reach)] * taps[static_cast<std::size_t>(l + reach)] *
                 x.at(mirrored(i + k, x.rows), mirrored(j + l, x.columns));
      out.values.push_back(sum);
    }
  return out;
}

inline Plane resized(const Plane& x, std::size_t rows, std::size_t columns) {
  const auto place = [](std::size_t i, std::size_t n, std::size_t m) {
    const long double side = static_cast<long double>(n);
    return std::clamp((static_cast<long double>(i) + 0.5L) * side / static_cast<long double>(m) - 0.5L, 0.0L, side - 1.0L);
  };
  Plane out{rows, columns, {}};
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      const long double y = place(i, x.rows, rows), z = place(j, x.columns, columns);
      const auto top = static_cast<std::size_t>(y), left = static_cast<std::size_t>(z);
      const std::size_t bottom = std::min(top + 1, x.rows - 1), right = std::min(left + 1, x.columns - 1);
      const long double v = y - static_cast<long double>(top), w = z - static_cast<long double>(left);
      out.values.push_back((1 - v) * ((1 - w) * x.at(top, left) + w * x.at(top, right)) +
                           v * ((1 - w) * x.at(bottom, left) + w * x.at(bottom, right)));
    }
  return out;
}

/// Its levels, the finest first.
inline std::vector<Plane> direct_pyramid(Plane gaussian, std::size_t levels) {
  std::vector<Plane> pyramid;
  for (; levels > 1; --levels) {
    const Plane coarse = resized(blurred(gaussian), std::max<std::size_t>(1, gaussian.rows / 2),
                                 std::max<std::size_t>(1, gaussian.columns / 2));
    const Plane expanded = blurred(resized(coarse, gaussian.rows, gaussian.columns));
    for (std::size_t k = 0; k < gaussian.values.size(); ++k) gaussian.values[k] -= expanded.values[k];
    pyramid.push_back(gaussian);
    gaussian = coarse;
  }
  pyramid.push_back(gaussian);
  return pyramid;
}
