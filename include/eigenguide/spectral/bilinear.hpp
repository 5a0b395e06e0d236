// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/spectral/planes.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// Where the elements of a side of m lie on one of n, one after the other: at
/// (i + ½) n / m − ½, kept within the side. In integers, so exactly.
class Interpolation {
 public:
  Interpolation(std::size_t n, std::size_t m)
      : n_(n), m_(m), remainder_(static_cast<std::ptrdiff_t>(n) - static_cast<std::ptrdiff_t>(m)) {
    carry();
  }

  std::size_t lower() const { return place_; }
  std::size_t upper() const { return place_ + 1 < n_ ? place_ + 1 : place_; }
  /// The weight of `upper`.
  Real weight() const { return remainder_ <= 0 ? Real(0.0) : Real(static_cast<double>(remainder_)) / static_cast<double>(2 * m_); }

  void next() {
    remainder_ += static_cast<std::ptrdiff_t>(2 * n_);
    carry();
  }

 private:
  void carry() {
    for (const auto whole = static_cast<std::ptrdiff_t>(2 * m_); remainder_ >= whole; remainder_ -= whole) ++place_;
  }

  std::size_t n_, m_, place_ = 0;
  std::ptrdiff_t remainder_;  // of the position, in units of 1 / 2m; negative before the first element
};

/// Brings a plane to other extents by bilinear interpolation.
///
/// Inputs  line  scratch of from.columns doubles
inline void resize(const double* source, const Extents& from, double* target, const Extents& to, double* line) {
  Interpolation row(from.rows, to.rows);
  for (std::size_t i = 0; i < to.rows; ++i, row.next()) {
    const double* const lower = source + row.lower() * from.columns;
    const double* const upper = source + row.upper() * from.columns;
    const Real down = row.weight();
    combine(line, static_cast<double>(1.0 - down), lower, static_cast<double>(down), upper, from.columns);

    Interpolation column(from.columns, to.columns);
    for (std::size_t j = 0; j < to.columns; ++j, column.next()) {
      const Real across = column.weight();
      target[i * to.columns + j] = static_cast<double>((1.0 - across) * line[column.lower()] + across * line[column.upper()]);
    }
  }
}

}}}  // namespace eigenguide::detail
