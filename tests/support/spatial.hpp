// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <support/data.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

using Sizes = std::initializer_list<std::size_t>;

/// A tensor of a known shape, for the verbs that need neighbours.
template <class T>
struct Spatial {
  eigenguide::Shape shape;
  std::vector<T> values;

  explicit Spatial(Sizes extents, std::uint64_t seed = 0) {
    std::size_t size = 1;
    for (const std::size_t extent : extents) size *= shape.extent[shape.rank++] = extent;
    values = Random(seed).normals<T>(size);
  }

  eigenguide::BatchView<T> view() { return make(values.data()); }
  eigenguide::BatchView<const T> view() const { return make(values.data()); }

  /// Sample `i` as a batch of its own.
  Spatial sample(std::size_t i) const {
    Spatial one = *this;
    const std::size_t size = values.size() / shape.extent[0];
    one.shape.extent[0] = 1;
    one.values.assign(values.begin() + static_cast<std::ptrdiff_t>(i * size),
                      values.begin() + static_cast<std::ptrdiff_t>((i + 1) * size));
    return one;
  }

  /// Element of the last two dimensions in plane `p`, counted over all samples.
  T at(std::size_t p, std::size_t i, std::size_t j) const {
    const std::size_t rows = shape.extent[shape.rank - 2], columns = shape.extent[shape.rank - 1];
    return values[(p * rows + i) * columns + j];
  }
  std::size_t rows() const { return shape.extent[shape.rank - 2]; }
  std::size_t columns() const { return shape.extent[shape.rank - 1]; }
  std::size_t planes() const { return values.size() / (rows() * columns()); }

 private:
  template <class Element>
  eigenguide::BatchView<Element> make(Element* data) const {
    return {data, shape.samples(), shape.size(), shape.size(), shape};
  }
};

/// The greatest difference between elements; NaN where one is NaN.
template <class A, class B>
double distance(const std::vector<A>& a, const std::vector<B>& b) {
  double most = a.size() == b.size() ? 0.0 : 1e300;
  for (std::size_t k = 0; k < a.size() && k < b.size(); ++k) {
    const double apart = std::fabs(static_cast<double>(a[k]) - static_cast<double>(b[k]));
    if (apart > most || apart != apart) most = apart;
  }
  return most;
}
