// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/indices.hpp>
#include <eigenguide/base/real.hpp>

#include <array>
#include <cstddef>
#include <tuple>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Weights of one linear combination Σ wᵢ vᵢ of N vectors. Rows add and scale
/// as the vectors that they stand for; zero times a row is no row, whatever it
/// held.
template <std::size_t N>
struct Row {
  std::array<Real, N> weight{};

  Real& operator[](std::size_t i) { return weight[i]; }
  const Real& operator[](std::size_t i) const { return weight[i]; }

  friend Row operator+(Row a, const Row& b) {
    for_each_index<N>([&](auto i) { a[i] += b[i]; });
    return a;
  }
  friend Row operator-(const Row& a, const Row& b) { return a + -1.0 * b; }
  friend Row operator*(Real factor, Row a) {
    if (factor == 0.0) return Row{};
    for_each_index<N>([&](auto i) { a[i] = factor * a[i]; });
    return a;
  }
  friend bool operator==(const Row& a, const Row& b) {
    bool equal = true;
    for_each_index<N>([&](auto i) { equal = equal && a[i] == b[i]; });
    return equal;
  }
};

/// M combinations of the same N vectors.
template <std::size_t M, std::size_t N>
using Rows = std::array<Row<N>, M>;

/// The row of vᵢ itself.
template <std::size_t N>
Row<N> unit(std::size_t i) {
  Row<N> row;
  row[i] = 1.0;
  return row;
}

/// The same, known when compiled: what it combines costs nothing.
template <std::size_t N, std::size_t i>
struct Unit {};

/// `row` and `weight` times another.
template <std::size_t N>
Row<N> plus(const Row<N>& row, Real weight, const Row<N>& other) {
  return row + weight * other;
}
template <std::size_t N, std::size_t i>
Row<N> plus(Row<N> row, Real weight, Unit<N, i>) {
  row[i] += weight;
  return row;
}

/// Rows after rows: `outer` combines the M vectors that `inner` combines from N.
template <std::size_t M, std::size_t N>
Row<N> compose(const Row<M>& outer, const Rows<M, N>& inner) {
  Row<N> row;
  for_each_index<M>([&](auto i) { row = plus(row, outer[i], inner[i]); });
  return row;
}

/// The same of rows and units.
template <std::size_t N, class... Inner>
Row<N> compose(const Row<sizeof...(Inner)>& outer, const std::tuple<Inner...>& inner) {
  Row<N> row;
  for_each_index<sizeof...(Inner)>([&](auto i) { row = plus(row, outer[i], std::get<i>(inner)); });
  return row;
}

}}  // namespace eigenguide
