// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <unsupported/Eigen/FFT>

#include <complex>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Fourier transforms of real planes of any size, by Eigen's FFT in double:
/// tables for each length that was met, and memory to work in. A plane no
/// larger than one before it, of lengths that were met, allocates nothing.
///
/// Serves any calls, one at a time; a copy is another.
class Fourier {
 public:
  static constexpr std::size_t most = std::size_t{1} << 28;  ///< elements along a side; beyond, Eigen's int overflows

  static void require_sides(const char* name, std::size_t rows, std::size_t columns) {
    const std::size_t longer = rows < columns ? columns : rows;
    require(longer <= most, name, static_cast<double>(longer), "a tensor of sides of at most 2^28");
  }

  /// Weights every frequency of a plane, plane ← F⁻¹(weight · F(plane)).
  ///
  /// Inputs  plane   [rows, columns], replaced
  ///         weight  weight(i, j), real, for frequency i of `rows` and j of
  ///                 `columns`, both counted from 0; equal at (i, j) and at
  ///                 (−i, −j), so that the result is real. Asked for
  ///                 j ≤ columns / 2
  /// Cost    O(n log n) for sides of small prime factors; for a side of prime
  ///         length p, p multiplications an element
  template <class Weight>
  void filter(double* plane, std::size_t rows, std::size_t columns, const Weight& weight) {
    const std::size_t half = columns / 2 + 1;
    if (spectrum_.size() < rows * half) spectrum_.resize(rows * half);
    if (line_.size() < 2 * rows) line_.resize(2 * rows);

    for (std::size_t i = 0; i < rows; ++i) forward(&spectrum_[i * half], plane + i * columns, columns);
    const double whole = static_cast<double>(rows) * static_cast<double>(columns);
    std::complex<double>* const column = line_.data();
    std::complex<double>* const transform = column + rows;
    for (std::size_t j = 0; j < half; ++j) {
      for (std::size_t i = 0; i < rows; ++i) column[i] = spectrum_[i * half + j];
      forward(transform, column, rows);
      for (std::size_t i = 0; i < rows; ++i) transform[i] *= weight(i, j) / whole;
      inverse(column, transform, rows);
      for (std::size_t i = 0; i < rows; ++i) spectrum_[i * half + j] = column[i];
    }
    for (std::size_t i = 0; i < rows; ++i) inverse(plane + i * columns, &spectrum_[i * half], columns);
  }

 private:
  using Transform = Eigen::FFT<double>;

  // A length of 1 is its own transform; Eigen 3.4 writes through null there.
  template <class From>
  void forward(std::complex<double>* to, const From* from, std::size_t length) {
    if (length == 1)
      to[0] = from[0];
    else
      transform_.fwd(to, from, static_cast<Eigen::Index>(length));
  }
  void inverse(std::complex<double>* to, const std::complex<double>* from, std::size_t length) {
    if (length == 1)
      to[0] = from[0];
    else
      transform_.inv(to, from, static_cast<Eigen::Index>(length));
  }
  void inverse(double* to, const std::complex<double>* from, std::size_t length) {
    if (length == 1)
      to[0] = from[0].real();
    else
      transform_.inv(to, from, static_cast<Eigen::Index>(length));
  }

  Transform transform_{Transform::impl_type(), static_cast<Transform::Flag>(Transform::HalfSpectrum | Transform::Unscaled)};
  std::vector<std::complex<double>> spectrum_, line_;
};

}}  // namespace eigenguide
