// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/kernel/executor.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/prediction/space.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The vectors of a step, in the order of a chain's: c′, d′ = c′ − u′, u′, the
/// differences to further predictions, states and, with `ones`, 1.
struct Step {
  enum Vector : std::size_t { c, d, u };
  static constexpr std::size_t vectors(std::size_t predictions, std::size_t states, bool ones) {
    return 1 + predictions + states + (ones ? 1 : 0);
  }
};

/// A step's Gram matrix from that of a basis; without u′ in it, u′ = c′ − d′. Its ‖u′‖²
/// may then be a little below 0, which needs_wide() has measured again.
template <class Basis>
Gram<Basis::vectors + (Basis::direct ? 0 : 1)> step_gram(const Gram<Basis::vectors>& known) {
  constexpr std::size_t size = Basis::vectors + (Basis::direct ? 0 : 1);
  constexpr std::size_t last_formed = Basis::predictions + Basis::states;
  const auto place = [](std::size_t i) {  // in the basis, of any but u′
    if (i < Step::u) return i;
    return i <= last_formed ? i - 1 : Basis::formed;
  };
  Gram<size> gram;
  gram.elements = known.elements;
EIGENGUIDE_UNROLL
  for (std::size_t i = 0; i < size; ++i)
EIGENGUIDE_UNROLL
    for (std::size_t j = 0; j < size; ++j)
      if (i != Step::u && j != Step::u) gram.product[i][j] = known(place(i), place(j));
EIGENGUIDE_UNROLL
  for (std::size_t i = 0; i < size; ++i) {
    Real product;
    if constexpr (Basis::direct)
      product = known(i == Step::u ? last_formed : place(i), last_formed);
    else
      product = gram(Step::c, i) - gram(Step::d, i);
    gram.product[i][Step::u] = gram.product[Step::u][i] = product;
  }
  return gram;
}

/// Whether float sums can be trusted, judged from the sums alone so that the
/// choice is as reproducible as they are. They cannot where a product may have
/// left float's range, nor where what a method asks for is a small difference
/// of large sums: a ‖u‖², or a variance. A vector that nobody `reads` may be anything.
template <bool ones, std::size_t n, class Reads>
bool needs_wide(const Gram<n>& gram, const Reads& reads) {
  constexpr double underflow = 1e-30;
EIGENGUIDE_UNROLL
  for (std::size_t i = 0; i < (ones ? n - 1 : n); ++i) {
    if (i == Step::u || !reads(i)) continue;
    if (!is_finite(static_cast<double>(gram(i, i))) || gram(i, i) < underflow) return true;
    if constexpr (ones) {
      const Real mean_square = gram(i, n - 1) * gram(i, n - 1) / gram(n - 1, n - 1);
      if (i <= Step::d && gram(i, i) - mean_square < cancellation * gram(i, i)) return true;
    }
  }
  return gram(Step::u, Step::u) <
         cancellation * greater(gram(Step::c, Step::c), gram(Step::d, Step::d));
}

/// Whether a result is itself a small difference, or its spread is:
/// ‖Σ wᵢ vᵢ‖², less the square of its mean, far below Σ ‖wᵢ vᵢ‖².
template <bool ones, std::size_t n>
bool is_small_difference(const Row<n>& row, const Gram<n>& gram) {
  const auto [square, squares] = gram.squares(row);
  if constexpr (ones) {
    const Real constant = row[n - 1], count = gram(n - 1, n - 1), sum = gram.inner(row, Unit<n, n - 1>{});
    return square - sum * sum / count < cancellation * (squares - constant * constant * count);
  } else {
    return square < cancellation * squares;
  }
}

/// `gram`, or NaN throughout where a length that somebody `reads` is not a finite
/// number: the result is NaN then, and seen, instead of a weight that happens to
/// look like one (‖c‖ / ∞ = 0).
template <std::size_t n, class Reads>
Gram<n> trusted(Gram<n> gram, const Reads& reads) {
  bool finite = true;
  for (std::size_t i = 0; i < n; ++i) finite = finite && (!reads(i) || is_finite(static_cast<double>(gram(i, i))));
  if (!finite)
    for (auto& row : gram.product) row.fill(quiet_nan());
  return gram;
}

/// What a step measures, of one sample or of a group of its elements. Without
/// `shifts`, there is no x, and `map` does not shift.
template <class T, std::size_t predictions = 2, std::size_t states = 0, bool shifts = true>
struct Measured {
  Target target;
  SpaceMap map;
  std::array<const T*, predictions> prediction;  ///< c, u and further ones
  std::array<const T*, states> state;
  const T* sample;  ///< x; read only where `map` shifts
  Elements elements;
  Executor executor{};  ///< for runs; a lattice has one thread

  template <bool ones>
  using StepGram = Gram<Step::vectors(predictions, states, ones)>;

  /// The Gram matrix of a step, with products in the storage's own arithmetic;
  /// or, with `wide`, in double, those of u′ by themselves.
  template <bool ones, bool wide>
  StepGram<ones> gram() const noexcept {
    if constexpr (shifts)
      if (map.shift != 0.0) return in_space<ones>(reduced<Basis<predictions, true, ones, wide, states>, wide>());
    return in_space<ones>(reduced<Basis<predictions, false, ones, wide, states>, wide>());
  }

  /// The same, wide where it must be.
  template <bool ones>
  StepGram<ones> gram() const noexcept {
    const auto all = [](std::size_t) { return true; };
    const StepGram<ones> narrow = gram<ones, false>();
    return needs_wide<ones>(narrow, all) ? trusted(gram<ones, true>(), all) : narrow;
  }

  /// The weights of the outputs of a chain that reads the data; `see` is shown
  /// the Gram matrix that they are from.
  template <bool ones, class Method, class See>
  auto outputs(const Method& method, const See& see) const noexcept {
    return outputs<ones>(method, see, gram<ones, false>());
  }

  /// The same from a `narrow` Gram matrix that there is already.
  template <bool ones, class Method, class See>
  auto outputs(const Method& method, const See& see, const StepGram<ones>& narrow) const noexcept {
    const auto reads = [&](std::size_t i) { return method.reads(i); };
    if (!needs_wide<ones>(narrow, reads)) {
      const auto rows = method.outputs(narrow);
      bool is_small = false;
      if (!std::is_same_v<T, double>) {
        is_small = narrow.cancelled;
        for (const auto& row : rows) is_small = is_small || is_small_difference<ones>(row, narrow);
      }
      if (!is_small) {
        see(narrow);
        return rows;
      }
    }
    const StepGram<ones> exact = trusted(gram<ones, true>(), reads);
    see(exact);
    return method.outputs(exact);
  }

  /// The narrow Gram matrices of `columns` groups side by side, of which this is the first.
  template <bool ones, std::size_t columns>
  std::array<StepGram<ones>, columns> grams_of_columns() const noexcept {
    if constexpr (shifts)
      if (map.shift != 0.0) return reduced_columns<ones, columns, Basis<predictions, true, ones, false, states>>();
    return reduced_columns<ones, columns, Basis<predictions, false, ones, false, states>>();
  }

  /// The same step of the elements `offset` further.
  Measured beside(std::size_t offset) const noexcept {
    Measured other = *this;
    for (auto& input : other.prediction) input += offset;
    for (auto& input : other.state) input += offset;
    if (sample != nullptr) other.sample += offset;
    return other;
  }

  /// The same step of `count` elements from number `first` of a run on.
  Measured part(std::size_t first, std::size_t count) const noexcept {
    Measured some = beside(first);
    some.elements = Elements(count);
    some.executor = {};
    return some;
  }

  /// How many elements of c and of u are infinite or NaN.
  std::size_t non_finite() const noexcept {
    std::size_t count = 0;
    const auto look = [&](std::size_t offset) {
      for (std::size_t i = 0; i < 2; ++i)
        if (!is_finite(static_cast<double>(prediction[i][offset]))) ++count;
    };
    if (elements.is_run())
      for (std::size_t n = 0; n < elements.size; ++n) look(n);
    else
      for_each_offset(elements, look);
    return count;
  }

 private:
  template <class Vectors>
  Inputs<T, Vectors::inputs> inputs_of() const noexcept {
    Inputs<T, Vectors::inputs> inputs{};
    for (std::size_t i = 0; i < predictions; ++i) inputs[i] = prediction[i];
    for (std::size_t i = 0; i < states; ++i) inputs[predictions + i] = state[i];
    if constexpr (Vectors::shifted) inputs[predictions + states] = sample;
    return inputs;
  }

  template <bool ones, std::size_t columns, class Vectors>
  std::array<StepGram<ones>, columns> reduced_columns() const noexcept {
    Sums<Vectors> sums[columns];
    reduce_columns<Vectors, columns, T>(target, inputs_of<Vectors>(), elements, static_cast<double>(map.shift), sums);
    std::array<StepGram<ones>, columns> grams;
    for (std::size_t k = 0; k < columns; ++k)
      grams[k] = in_space<ones>(step_gram<Vectors>(gram_of<Vectors>(sums[k], elements.size)));
    return grams;
  }

  template <class Vectors, bool wide>
  auto reduced() const noexcept {
    const Inputs<T, Vectors::inputs> inputs = inputs_of<Vectors>();
    const double shift = static_cast<double>(map.shift);
    const bool split = elements.is_run() && executor.takes(elements.size);
    const auto sums = split ? sums_of_parts<Vectors, wide>(inputs, shift)
                            : reduce<Vectors, wide>(target, inputs, elements, shift);
    return step_gram<Vectors>(gram_of<Vectors>(sums, elements.size));
  }

  /// The sums of a run, its chunks on several threads.
  template <class Vectors, bool wide>
  Sums<Vectors> sums_of_parts(const Inputs<T, Vectors::inputs>& inputs, double shift) const noexcept {
    std::array<Real, Vectors::sums> totals{};
    executor.for_each_chunk<Sums<Vectors>>(
        elements.size,
        [&](std::size_t first, std::size_t count) {
          Inputs<T, Vectors::inputs> some = inputs;
          for (const T*& input : some) input += first;
          return reduce<Vectors, wide>(target, some, Elements(count), shift);
        },
        [&](const Sums<Vectors>& found) {
          for (std::size_t i = 0; i < Vectors::sums; ++i) totals[i] += found[i];
        });
    Sums<Vectors> sums{};
    for (std::size_t i = 0; i < Vectors::sums; ++i) sums[i] = static_cast<double>(totals[i]);
    return sums;
  }

  /// Predictions in the method's space are B times those measured.
  template <bool ones>
  StepGram<ones> in_space(StepGram<ones> gram) const noexcept {
    if (map.scale == 1.0) return gram;
    constexpr std::size_t scaled = 1 + predictions, all = Step::vectors(predictions, states, ones);
    for (std::size_t i = 0; i < all; ++i)
      for (std::size_t j = 0; j < scaled; ++j) {
        gram.product[i][j] = map.scale * gram.product[i][j];
        gram.product[j][i] = map.scale * gram.product[j][i];
      }
    return gram;
  }
};

}}}  // namespace eigenguide::kernel
