// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/indices.hpp>
#include <eigenguide/algebra/gram.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The vectors of a step, in the order of a chain's: c′, d′ = c′ − u′, u′, the
/// differences to further predictions, states and, with `ones`, 1.
struct Step {
  enum Vector : std::size_t { c, d, u };
  static constexpr std::size_t vectors(std::size_t predictions, std::size_t states, bool ones) {
    return 1 + predictions + states + (ones ? 1 : 0);
  }
};

/// Whether float sums can be trusted, judged from the sums alone so that the
/// choice is as reproducible as they are. They cannot where a product may have
/// left float's range, nor where what a method asks for is a small difference
/// of large sums: a ‖u‖², or a variance. A vector that nobody `reads` may be anything.
/// The first `scaled` vectors are `scale` times what was measured.
template <bool ones, std::size_t n, class Reads>
bool needs_wide(const Gram<n>& gram, const Reads& reads, std::size_t scaled = 0, Real scale = 1.0) {
  const Real underflow = 1e-30, scaled_underflow = scale * scale * underflow;
  bool needs = gram(Step::u, Step::u) < cancellation * greater(gram(Step::c, Step::c), gram(Step::d, Step::d));
  for_each_index<(ones ? n - 1 : n)>([&](auto i) {
    if (i == Step::u || !reads(i)) return;
    needs = needs || !is_finite(static_cast<double>(gram(i, i))) || gram(i, i) < (i < scaled ? scaled_underflow : underflow);
    if constexpr (ones && i <= Step::d) {
      const Real mean_square = gram(i, n - 1) * gram(i, n - 1) / gram(n - 1, n - 1);
      needs = needs || gram(i, i) - mean_square < cancellation * gram(i, i);
    }
  });
  return needs;
}

/// Whether a result Σ wᵢ vᵢ is itself a small difference, or its spread is:
///
///   ‖Σ wᵢ vᵢ‖² = Σ wᵢ² ‖vᵢ‖² + 2 Σ wᵢ wⱼ ⟨vᵢ, vⱼ⟩   over i < j
///
/// less the square of its mean, far below the first sum. A constant has no spread.
template <bool ones, std::size_t n, class Reads>
bool is_small_difference(const Row<n>& row, const Gram<n>& gram, const Reads& reads) {
  Real squares, products, sum;
  for_each_index<(ones ? n - 1 : n)>([&](auto j) {
    if (!reads(j)) return;
    squares += row[j] * row[j] * gram(j, j);
    if constexpr (ones) sum += row[j] * gram(j, n - 1);
    for_each_index<j>([&](auto i) {
      if (reads(i)) products += row[i] * row[j] * gram(i, j);
    });
  });
  Real square = squares + 2.0 * products;
  if constexpr (ones) square = square - sum * sum / gram(n - 1, n - 1);
  return square < cancellation * squares;
}

/// Whether every length that somebody `reads` is a finite number.
template <std::size_t n, class Reads>
bool has_lengths(const Gram<n>& gram, const Reads& reads) {
  bool finite = true;
  for (std::size_t i = 0; i < n; ++i) finite = finite && (!reads(i) || is_finite(static_cast<double>(gram(i, i))));
  return finite;
}

/// `gram`, or NaN throughout where a length that somebody `reads` is none: the
/// result is NaN then, and seen, instead of a weight that happens to look like one
/// (‖c‖ / ∞ = 0).
template <std::size_t n, class Reads>
Gram<n> trusted(Gram<n> gram, const Reads& reads) {
  if (!has_lengths(gram, reads))
    for (auto& row : gram.product) row.fill(quiet_nan());
  return gram;
}

}}}  // namespace eigenguide::kernel
