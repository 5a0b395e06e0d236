// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/row.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What is small beside that from which it is computed, as a share of its
/// square; below it float sums give way to double ones.
inline constexpr double cancellation = 1.0 / 8.0;

/// Inner products ⟨vᵢ, vⱼ⟩ of N vectors: all that a linear method may know
/// about one sample.
template <std::size_t N>
struct Gram {
  std::array<std::array<Real, N>, N> product{};
  Real elements = 0.0;  ///< how many each vector has

  /// Whether a square that was asked for is a small difference of large ones, so
  /// that it has lost digits which products of more precision would keep.
  mutable bool cancelled = false;

  Real operator()(std::size_t i, std::size_t j) const { return product[i][j]; }

  /// ⟨Σ aᵢ vᵢ, Σ bⱼ vⱼ⟩ without touching the vectors. A vector of weight zero
  /// is not there, even when its products overflowed.
  Real inner(const Row<N>& a, const Row<N>& b) const {
    Real sum;
    for (std::size_t i = 0; i < N; ++i) {
      if (a[i] == 0.0) continue;
      for (std::size_t j = 0; j < N; ++j)
        if (b[j] != 0.0) sum += a[i] * product[i][j] * b[j];
    }
    return sum;
  }

  /// ‖Σ aᵢ vᵢ‖². A square that rounds below zero is zero; NaN stays NaN.
  Real square(const Row<N>& a) const {
    const Real sum = inner(a, a);
    Real terms;
    for (std::size_t i = 0; i < N; ++i)
      if (a[i] != 0.0) terms += a[i] * a[i] * product[i][i];
    cancelled = cancelled || sum < cancellation * terms;
    return sum < 0.0 ? Real(0.0) : sum;
  }

  /// ‖Σ aᵢ vᵢ‖.
  Real norm(const Row<N>& a) const { return sqrt(square(a)); }

  /// The Gram matrix of M combinations of the vectors: a change of basis.
  template <std::size_t M>
  Gram<M> of(const Rows<M, N>& rows) const {
    Gram<M> gram;
    gram.elements = elements;
    for (std::size_t i = 0; i < M; ++i) {
      gram.product[i][i] = square(rows[i]);
      for (std::size_t j = i + 1; j < M; ++j)
        gram.product[i][j] = gram.product[j][i] = inner(rows[i], rows[j]);
    }
    return gram;
  }
};

}}  // namespace eigenguide
