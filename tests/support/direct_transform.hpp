// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <vector>

/// The Fourier transform of a plane as the double sum of its definition, or
/// with `inverse` its inverse.
inline std::vector<std::complex<long double>> direct_transform(const std::vector<std::complex<long double>>& plane,
                                                               std::size_t rows, std::size_t columns, bool inverse = false) {
  constexpr long double turn = 6.283185307179586476925286766559L;
  const auto waves = [&](std::size_t side) {
    std::vector<std::complex<long double>> all;
    for (std::size_t k = 0; k < side; ++k) {
      const long double share = static_cast<long double>(k) / static_cast<long double>(side);
      all.push_back(std::polar(1.0L, inverse ? turn * share : -turn * share));
    }
    return all;
  };
  const auto down = waves(rows), across = waves(columns);
  std::vector<std::complex<long double>> sums;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      std::complex<long double> sum = 0;
      for (std::size_t k = 0; k < rows; ++k)
        for (std::size_t l = 0; l < columns; ++l) sum += plane[k * columns + l] * (down[i * k % rows] * across[j * l % columns]);
      sums.push_back(inverse ? sum / static_cast<long double>(rows * columns) : sum);
    }
  return sums;
}
