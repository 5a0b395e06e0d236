// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/kernel/dispatch.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// Rows and columns of a plane.
struct Extents {
  std::size_t rows = 0, columns = 0;

  std::size_t area() const { return rows * columns; }
  friend bool operator==(const Extents& a, const Extents& b) { return a.rows == b.rows && a.columns == b.columns; }
};

/// The planes of one sample: its last two dimensions, `count` times.
struct Planes {
  std::size_t count = 0;
  Extents extents;
};

/// The planes of a batch, whose shape must be known and have three dimensions
/// or more.
template <class T>
Planes planes_of(const char* name, const BatchView<T>& batch) {
  const Shape& shape = batch.shape();
  if (shape.rank < 3)
    reject(name, "of shape " + batch.text(),
           "[samples, ..., rows, columns]: a tensor of three dimensions or more, or a BatchView with its Shape");
  const Extents extents{shape.extent[shape.rank - 2], shape.extent[shape.rank - 1]};
  return {extents.area() == 0 ? 0 : batch.size() / extents.area(), extents};
}

/// out = w a of `count` doubles; `out` may be a.
inline void scale(double* out, double weight, const double* a, std::size_t count) {
  using Form = kernel::Form<0, 0>;
  kernel::combine_run<Form, double>(kernel::best_target(), {a}, {{0.0}, {{{weight}}}}, {out}, count);
}

/// out = wₐ a + w_b b, the second product fused with the sum; `out` may be either.
inline void combine(double* out, double weight_a, const double* a, double weight_b, const double* b, std::size_t count) {
  using Form = kernel::Form<0, 1>;
  kernel::combine_run<Form, double>(kernel::best_target(), {a, b}, {{0.0}, {{{weight_a, weight_b}}}}, {out}, count);
}

/// The place in 0 … n − 1 that `i` is mirrored to at the ends, neither of
/// which is repeated: 3 2 1 0 1 2 3 2 1 0 for n = 4. With n = 1 always 0.
inline std::size_t reflected(std::ptrdiff_t i, std::size_t n) {
  if (n == 1) return 0;
  const auto period = static_cast<std::ptrdiff_t>(2 * (n - 1));
  std::ptrdiff_t place = i % period;
  if (place < 0) place += period;
  return static_cast<std::size_t>(place < static_cast<std::ptrdiff_t>(n) ? place : period - place);
}

}}}  // namespace eigenguide::detail
