// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/row.hpp>

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What is small beside that from which it is computed, as a share of its
/// square; below it float sums give way to double ones.
inline constexpr double cancellation = 1.0 / 8.0;

/// And below this share nothing is left of it but what doubles have rounded.
inline constexpr double rounding = 1e-15;

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
    for_each_index<N>([&](auto i) {
      if (a[i] == 0.0) return;
      for_each_index<N>([&](auto j) {
        if (b[j] != 0.0) sum += a[i] * product[i][j] * b[j];
      });
    });
    return sum;
  }

  /// The same where one of them, or both, is a vector itself.
  template <std::size_t i>
  Real inner(Unit<N, i>, const Row<N>& b) const {
    Real sum;
    for_each_index<N>([&](auto j) {
      if (b[j] != 0.0) sum += product[i][j] * b[j];
    });
    return sum;
  }
  template <std::size_t j>
  Real inner(const Row<N>& a, Unit<N, j> b) const {
    return inner(b, a);
  }
  template <std::size_t i, std::size_t j>
  Real inner(Unit<N, i>, Unit<N, j>) const {
    return product[i][j];
  }

  /// ‖Σ aᵢ vᵢ‖² = Σ aⱼ (aⱼ ‖vⱼ‖² + 2 Σ aᵢ ⟨vᵢ, vⱼ⟩) over i < j. Of vectors that cancel
  /// to rounding, beside their terms Σ aⱼ² ‖vⱼ‖², it is zero; NaN stays NaN.
  Real square(const Row<N>& a) const {
    Real sum, terms;
    for_each_index<N>([&](auto j) {
      if (a[j] == 0.0) return;
      const Real own = a[j] * product[j][j];
      Real others;
      for_each_index<j>([&](auto i) {
        if (a[i] != 0.0) others += a[i] * product[i][j];
      });
      sum += a[j] * (own + 2.0 * others);
      terms += a[j] * own;
    });
    cancelled = cancelled || sum < cancellation * terms;
    return sum < rounding * terms ? Real(0.0) : sum;
  }
  template <std::size_t i>
  Real square(Unit<N, i>) const {
    return product[i][i];
  }

  /// ‖Σ aᵢ vᵢ‖.
  Real norm(const Row<N>& a) const { return sqrt(square(a)); }

  /// The Gram matrix of M combinations of the vectors: a change of basis.
  /// Input  combinations  Rows<M, N>, or a tuple of rows and units
  template <class Combinations, std::size_t M = std::tuple_size_v<Combinations>>
  Gram<M> of(const Combinations& combinations) const {
    Gram<M> gram;
    gram.elements = elements;
    of(combinations, gram, std::make_index_sequence<M>{});
    return gram;
  }

 private:
  template <class Combinations, std::size_t M, std::size_t... i>
  void of(const Combinations& combinations, Gram<M>& gram, std::index_sequence<i...>) const {
    ((gram.product[i][i] = square(std::get<i>(combinations))), ...);
    (of_row<i>(combinations, gram, std::make_index_sequence<M - 1 - i>{}), ...);
  }
  template <std::size_t i, class Combinations, std::size_t M, std::size_t... j>
  void of_row(const Combinations& combinations, Gram<M>& gram, std::index_sequence<j...>) const {
    ((gram.product[i][i + 1 + j] = gram.product[i + 1 + j][i] =
          inner(std::get<i>(combinations), std::get<i + 1 + j>(combinations))), ...);
  }
};

}}  // namespace eigenguide
