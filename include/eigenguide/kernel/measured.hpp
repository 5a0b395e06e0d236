// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/kernel/executor.hpp>
#include <eigenguide/kernel/trust.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/prediction/space.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

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
  for_each_index<size>([&](auto i) {
    for_each_index<size>([&](auto j) {
      if (i != Step::u && j != Step::u) gram.product[i][j] = known(place(i), place(j));
    });
  });
  for_each_index<size>([&](auto i) {
    Real product;
    if constexpr (Basis::direct)
      product = known(i == Step::u ? last_formed : place(i), last_formed);
    else
      product = gram(Step::c, i) - gram(Step::d, i);
    gram.product[i][Step::u] = gram.product[Step::u][i] = product;
  });
  return gram;
}

/// What a step measures, of one sample or of a group of its elements. Without
/// `shifts` there is no x, and `map` is the identity.
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
    return cannot_trust<ones>(narrow, all) ? trusted(gram<ones, true>(), all) : narrow;
  }

  /// The weights of the outputs of a chain that reads the data; `see` is shown
  /// the Gram matrix that they are from.
  template <bool ones, class Method, class See>
  auto outputs(const Method& method, const See& see) const noexcept {
    return outputs<ones>(method, see, gram<ones, false>());
  }

  /// The same of the elements `offset` further, of which the `narrow` Gram matrix
  /// is there already.
  template <bool ones, class Method, class See>
  auto outputs(const Method& method, const See& see, const StepGram<ones>& narrow, std::size_t offset = 0) const noexcept {
    const auto reads = [&](std::size_t i) { return method.reads(i); };
    auto rows = method.outputs(narrow);
    bool again = cannot_trust<ones>(narrow, reads);
    if constexpr (!std::is_same_v<T, double>) {
      again = again || narrow.cancelled;
      for (const auto& row : rows) again = again || is_small_difference<ones>(row, narrow, reads);
    }
    if (again) {
      const auto exact = outputs_in_double<ones>(method, see, offset);  // by itself, and `rows` stay in registers
      rows = exact;
    } else {
      see(narrow);
    }
    return rows;
  }

  /// The basis where nothing shifts; one that is shifted has the same sums, of p + ρ x.
  template <bool ones>
  using NarrowBasis = Basis<predictions, false, ones, false, states>;

  /// The narrow sums of `columns` groups side by side, of which this is the first.
  template <bool ones, std::size_t columns>
  auto sums_of_columns() const noexcept {
    std::array<Sums<NarrowBasis<ones>>, columns> sums;
    const auto reduce = [&](auto basis) {
      using Vectors = decltype(basis);
      reduce_columns<Vectors, columns, T>(target, inputs_of<Vectors>(), elements, static_cast<double>(map.shift), sums.data());
    };
    if (shifts && map.shift != 0.0)
      reduce(Basis<predictions, shifts, ones, false, states>{});
    else
      reduce(NarrowBasis<ones>{});
    return sums;
  }

  /// The Gram matrix of one of them.
  template <bool ones>
  StepGram<ones> gram_of_column(const Sums<NarrowBasis<ones>>& sums) const noexcept {
    return in_space<ones>(step_gram<NarrowBasis<ones>>(gram_of<NarrowBasis<ones>>(sums, elements.size)));
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

  /// c and prediction `j` of the same step by themselves.
  Measured<T, 2, 0, shifts> pair(std::size_t j) const noexcept {
    return {target, map, {prediction[0], prediction[j]}, {}, sample, elements, {}};
  }

  /// Whether a report is of prediction `j`: of c and u, and of others that somebody
  /// `reads`, by their vectors; not of what is c itself, in place of one that nobody needs.
  template <class Reads>
  bool reports(std::size_t j, const Reads& reads) const noexcept {
    return j == 0 || (prediction[j] != prediction[0] && (j == 1 || reads(1 + j)));
  }

  /// How many elements of these predictions are infinite or NaN.
  template <class Reads>
  std::size_t non_finite(const Reads& reads) const noexcept {
    std::size_t count = 0;
    const auto look = [&](std::size_t offset) {
      for (std::size_t j = 0; j < predictions; ++j)
        if (reports(j, reads) && !is_finite(static_cast<double>(prediction[j][offset]))) ++count;
    };
    if (elements.is_run())
      for (std::size_t n = 0; n < elements.size; ++n) look(n);
    else
      for_each_offset(elements, look);
    return count;
  }

 private:
  static constexpr std::size_t scaled = 1 + predictions;  // vectors that the space scales: c, d, u, and differences

  template <bool ones, class Reads>
  bool cannot_trust(const StepGram<ones>& narrow, const Reads& reads) const noexcept {
    if constexpr (shifts)
      return needs_wide<ones>(narrow, reads, scaled, map.scale);
    else
      return needs_wide<ones>(narrow, reads);
  }

  /// From sums in double.
  template <bool ones, class Method, class See>
  EIGENGUIDE_OUTLINE auto outputs_in_double(const Method& method, const See& see, std::size_t offset) const noexcept {
    const auto reads = [&](std::size_t i) { return method.reads(i); };
    const StepGram<ones> exact = beside(offset).template gram<ones, true>();
    see(exact);
    return method.outputs(trusted(exact, reads));
  }

  template <class Vectors>
  Inputs<T, Vectors::inputs> inputs_of() const noexcept {
    Inputs<T, Vectors::inputs> inputs{};
    for (std::size_t i = 0; i < predictions; ++i) inputs[i] = prediction[i];
    for (std::size_t i = 0; i < states; ++i) inputs[predictions + i] = state[i];
    if constexpr (Vectors::shifted) inputs[predictions + states] = sample;
    return inputs;
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
    if (!shifts || map.scale == 1.0) return gram;
    constexpr std::size_t all = Step::vectors(predictions, states, ones);
    for (std::size_t i = 0; i < all; ++i)
      for (std::size_t j = 0; j < scaled; ++j) {
        gram.product[i][j] = map.scale * gram.product[i][j];
        gram.product[j][i] = map.scale * gram.product[j][i];
      }
    return gram;
  }
};

}}}  // namespace eigenguide::kernel
