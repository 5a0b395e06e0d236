// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/kernel/write.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/diagnostics.hpp>
#include <eigenguide/prediction/space.hpp>

#include <array>
#include <cstddef>
#include <limits>
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

/// A step's Gram matrix from that of a basis; without u′ in it, u′ = c′ − d′.
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
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j)
      if (i != Step::u && j != Step::u) gram.product[i][j] = known(place(i), place(j));
  for (std::size_t i = 0; i < size; ++i) {
    Real product;
    if constexpr (Basis::direct)
      product = known(i == Step::u ? last_formed : place(i), last_formed);
    else if (i != Step::u)
      product = gram(Step::c, i) - gram(Step::d, i);
    else
      product = greater(gram(Step::c, Step::u) - gram(Step::d, Step::u), 0.0);
    gram.product[i][Step::u] = gram.product[Step::u][i] = product;
  }
  return gram;
}

/// Whether float sums can be trusted, judged from the sums alone so that the
/// choice is as reproducible as they are. They cannot where a product may have
/// left float's range, nor where what a method asks for is a small difference
/// of large sums: a ‖u‖², or a variance.
template <bool ones, std::size_t n>
bool needs_wide(const Gram<n>& gram) {
  constexpr double underflow = 1e-30;
  for (std::size_t i = 0; i < (ones ? n - 1 : n); ++i) {
    if (i == Step::u) continue;
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
  Real squares;
  for (std::size_t i = 0; i < (ones ? n - 1 : n); ++i) squares += row[i] * row[i] * gram(i, i);
  Real square = gram.square(row);
  if constexpr (ones) {
    const Real sum = gram.inner(row, unit<n>(n - 1));
    square = square - sum * sum / gram(n - 1, n - 1);
  }
  return square < cancellation * squares;
}

/// `gram`, or NaN throughout where a length is not a finite number: what reads
/// it then is NaN, and seen, instead of a weight that happens to look like one
/// (‖c‖ / ∞ = 0).
template <std::size_t n>
Gram<n> trusted(Gram<n> gram) {
  bool finite = true;
  for (std::size_t i = 0; i < n; ++i) finite = finite && is_finite(static_cast<double>(gram(i, i)));
  if (!finite)
    for (auto& row : gram.product) row.fill(std::numeric_limits<double>::quiet_NaN());
  return gram;
}

/// What a step measures, of one sample or of a group of its elements.
template <class T, std::size_t predictions = 2, std::size_t states = 0>
struct Measured {
  Target target;
  SpaceMap map;
  std::array<const T*, predictions> prediction;  ///< c, u and further ones
  std::array<const T*, states> state;
  const T* sample;  ///< x; read only where `map` shifts
  Elements elements;

  template <bool ones>
  using StepGram = Gram<Step::vectors(predictions, states, ones)>;

  /// The Gram matrix of a step, with products in the storage's own arithmetic;
  /// or, with `wide`, in double, those of u′ by themselves.
  template <bool ones, bool wide>
  StepGram<ones> gram() const noexcept {
    return map.shift == 0.0 ? in_space<ones>(reduced<Basis<predictions, false, ones, wide, states>, wide>())
                            : in_space<ones>(reduced<Basis<predictions, true, ones, wide, states>, wide>());
  }

  /// The same, wide where it must be.
  template <bool ones>
  StepGram<ones> gram() const noexcept {
    const StepGram<ones> narrow = gram<ones, false>();
    return needs_wide<ones>(narrow) ? trusted(gram<ones, true>()) : narrow;
  }

  /// The weights of the outputs of a chain that reads the data; `see` is shown
  /// the Gram matrix that they are from.
  template <bool ones, class Method, class See>
  auto outputs(const Method& method, const See& see) const noexcept {
    const StepGram<ones> narrow = gram<ones, false>();
    if (!needs_wide<ones>(narrow)) {
      const auto rows = method.outputs(narrow);
      bool small = false;
      if (!std::is_same_v<T, double>) {
        small = narrow.cancelled;
        for (const auto& row : rows) small = small || is_small_difference<ones>(row, narrow);
      }
      if (!small) {
        see(narrow);
        return rows;
      }
    }
    const StepGram<ones> exact = trusted(gram<ones, true>());
    see(exact);
    return method.outputs(exact);
  }

  /// The same step of `count` elements from number `first` of a run on.
  Measured part(std::size_t first, std::size_t count) const noexcept {
    Measured some = *this;
    for (auto& input : some.prediction) input += first;
    for (auto& input : some.state) input += first;
    if (sample != nullptr) some.sample += first;
    some.elements = Elements(count);
    return some;
  }

  /// How many elements of c and of u are infinite or NaN.
  std::size_t non_finite() const noexcept {
    std::size_t count = 0;
    const auto look = [&](std::size_t offset) {
      for (std::size_t i = 0; i < 2; ++i)
        if (!is_finite(static_cast<double>(prediction[i][offset]))) ++count;
    };
    if (elements.contiguous)
      for (std::size_t n = 0; n < elements.size; ++n) look(n);
    else
      for_each_offset(elements, look);
    return count;
  }

 private:
  template <class Vectors, bool wide>
  auto reduced() const noexcept {
    Inputs<T, Vectors::inputs> inputs{};
    for (std::size_t i = 0; i < predictions; ++i) inputs[i] = prediction[i];
    for (std::size_t i = 0; i < states; ++i) inputs[predictions + i] = state[i];
    if constexpr (Vectors::shifted) inputs[predictions + states] = sample;
    const auto sums = reduce<Vectors, wide>(target, inputs, elements, static_cast<double>(map.shift));
    return step_gram<Vectors>(gram_of<Vectors>(sums, elements.size));
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

/// What becomes of a guided prediction g before it is written: G g + U u + X x.
/// A sampler's step is such a combination (prediction/update.hpp).
struct Afterwards {
  Real guided = 1.0, uncond = 0.0, sample = 0.0;
};

/// One output as weights of the inputs, with the constant.
template <std::size_t predictions, std::size_t states>
struct OutputWeights {
  Real constant, c, d, u, x;
  std::array<Real, predictions - 2> further;
  std::array<Real, states> state;
};

/// The guided result in the model's kind, as prediction/space.hpp derives it.
template <std::size_t predictions, std::size_t states, bool ones>
OutputWeights<predictions, states> guided_weights(const Row<Step::vectors(predictions, states, ones)>& row,
                                                  const SpaceMap& map, const Afterwards& afterwards) {
  const Real g = afterwards.guided, c = row[Step::c], u = row[Step::u];
  // The weight of x, (c + u − 1) ρ, is none if that sum is 1 to rounding; and
  // without a shift there may be no x, not even for weights that are NaN.
  const Real excess = c + u - 1.0;
  const bool affine = abs(excess) <= 4.5e-16 * (abs(c) + abs(u));
  const Real x = map.shift == 0.0 || affine ? Real(0.0) : excess * map.shift;

  OutputWeights<predictions, states> weights{};
  weights.c = g * c;
  weights.d = g * row[Step::d];
  weights.u = g * u + afterwards.uncond;
  weights.x = g * x + afterwards.sample;
  for (std::size_t i = 0; i + 2 < predictions; ++i) weights.further[i] = g * row[3 + i];
  for (std::size_t i = 0; i < states; ++i) weights.state[i] = g * (row[1 + predictions + i] / map.scale);
  if constexpr (ones) weights.constant = g * (row[1 + predictions + states] / map.scale);
  return weights;
}

/// A state's next value, in the method's space: predictions are B (p + ρ x) there.
template <std::size_t predictions, std::size_t states, bool ones>
OutputWeights<predictions, states> state_weights(const Row<Step::vectors(predictions, states, ones)>& row,
                                                 const SpaceMap& map) {
  const Real b = map.scale;
  OutputWeights<predictions, states> weights{};
  weights.c = b * row[Step::c];
  weights.d = b * row[Step::d];
  weights.u = b * row[Step::u];
  weights.x = map.shift == 0.0 ? Real(0.0) : b * ((row[Step::c] + row[Step::u]) * map.shift);
  for (std::size_t i = 0; i + 2 < predictions; ++i) weights.further[i] = b * row[3 + i];
  for (std::size_t i = 0; i < states; ++i) weights.state[i] = row[1 + predictions + i];
  if constexpr (ones) weights.constant = row[1 + predictions + states];
  return weights;
}

/// Where a state's next value is written.
template <class T>
struct Next {
  std::size_t state;  ///< which, in the chain's order
  T* out;
};

/// What a step reports of the predictions it measured, besides the scale.
template <class Measured, std::size_t n>
Diagnostics diagnose(const Measured& measured, const Gram<n>& gram) {
  Diagnostics found = eigenguide::diagnose(gram);
  for (std::size_t i = 0; i <= Step::u; ++i)
    if (!is_finite(static_cast<double>(gram(i, i)))) found.non_finite = measured.non_finite();
  return found;
}

/// Writes the outputs of a step, as rows over its vectors.
template <bool ones, class T, std::size_t predictions, std::size_t states, std::size_t advancing, std::size_t size>
void write_step(const Rows<1 + states, size>& rows, const Measured<T, predictions, states>& measured,
                const Elements& written, const Afterwards& afterwards, T* out,
                const std::array<Next<T>, advancing>& next) noexcept {
  std::array<OutputWeights<predictions, states>, 1 + advancing> weights;
  std::array<T*, 1 + advancing> to;
  weights[0] = guided_weights<predictions, states, ones>(rows[0], measured.map, afterwards);
  to[0] = out;
  for (std::size_t i = 0; i < advancing; ++i) {
    weights[1 + i] = state_weights<predictions, states, ones>(rows[1 + next[i].state], measured.map);
    to[1 + i] = next[i].out;
  }

  Terms<T, predictions - 1, 2 + states, 1 + advancing> terms(measured.prediction[0]);
  const auto weight = [&weights](auto member) {
    std::array<Real, 1 + advancing> each;
    for (std::size_t m = 0; m <= advancing; ++m) each[m] = member(weights[m]);
    return each;
  };
  terms.constant = weight([](const auto& w) { return w.constant; });
  terms.first_weight = weight([](const auto& w) { return w.c; });
  terms.add_uncond(measured.prediction[1], weight([](const auto& w) { return w.d; }),
                   weight([](const auto& w) { return w.u; }));
  for (std::size_t i = 0; i + 2 < predictions; ++i)
    terms.add_difference(measured.prediction[2 + i], weight([i](const auto& w) { return w.further[i]; }));
  for (std::size_t i = 0; i < states; ++i)
    terms.add_direct(measured.state[i], weight([i](const auto& w) { return w.state[i]; }));
  terms.add_direct(measured.sample, weight([](const auto& w) { return w.x; }));
  write(measured.target, terms, to, written);
}

/// Guides one sample, or one group of its elements: the weights of `method`
/// from its Gram matrix in the space of `map`, then the combinations.
///
/// Input   method   a chain: Vectors, is_constant, outputs(Gram)
///         measured predictions of the model's kind, x where `map` shifts
///         written  the elements to write: those measured, and masked ones
/// Output  out, next  each may be exactly any of the inputs, apart from each other
///         report   what was found, where it is not null
/// Cost    two reads of each input, one where the weights do not depend on the
///         data, three where float sums cannot be trusted; no allocation. A
///         report is of the same sums; constant weights write each chunk right
///         after its sums are taken, while it is in the nearest cache
template <bool constant, class Method, class T, std::size_t predictions, std::size_t states, std::size_t advancing>
void guide_sample(const Method& method, const Measured<T, predictions, states>& measured,
                  const Elements& written, const Afterwards& afterwards, T* out,
                  const std::array<Next<T>, advancing>& next, Diagnostics* report = nullptr) noexcept {
  constexpr bool ones = Method::Vectors::contains(Role::one);
  static_assert(Method::Vectors::size == Step::vectors(predictions, states, ones));
  if (written.size == 0) return;

  Rows<1 + states, Method::Vectors::size> rows{unit<Method::Vectors::size>(Step::c)};
  for (std::size_t i = 0; i < states; ++i) rows[1 + i] = unit<Method::Vectors::size>(1 + predictions + i);
  if constexpr (constant) {
    rows = method.outputs({});
    if (report != nullptr) {
      const Measured<T> pair{measured.target, measured.map, {measured.prediction[0], measured.prediction[1]}, {},
                             measured.sample, measured.elements};
      if (!written.contiguous || written.size != measured.elements.size) {
        if (measured.elements.size > 0) *report = diagnose(pair, pair.template gram<false>());
      } else {
        Gram<3> total;
        std::size_t non_finite = 0;
        for (std::size_t first = 0; first < written.size; first += chunk) {
          const std::size_t count = written.size - first < chunk ? written.size - first : chunk;
          const Measured<T> part = pair.part(first, count);
          const Gram<3> gram = part.template gram<false>();
          non_finite += diagnose(part, gram).non_finite;
          for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) total.product[i][j] += gram(i, j);
          std::array<Next<T>, advancing> next_part = next;
          for (Next<T>& each : next_part) each.out += first;
          write_step<ones>(rows, measured.part(first, count), Elements(count), afterwards, out + first, next_part);
        }
        *report = eigenguide::diagnose(total);
        report->non_finite = non_finite;
        return;
      }
    }
  } else if (measured.elements.size > 0) {  // of nothing but masked elements, cond is left
    rows = measured.template outputs<ones>(method, [&](const auto& gram) {
      if (report != nullptr) *report = diagnose(measured, gram);
    });
  }
  write_step<ones>(rows, measured, written, afterwards, out, next);
}

}}}  // namespace eigenguide::kernel
