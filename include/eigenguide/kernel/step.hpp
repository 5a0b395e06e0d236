// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/measured.hpp>
#include <eigenguide/kernel/write.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/diagnostics.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

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
  if constexpr (ones) weights.constant = 0.0 + g * (row[1 + predictions + states] / map.scale);  // none is +0
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
template <class T, std::size_t predictions, std::size_t states, bool shifts, std::size_t n, class Reads>
Diagnostics diagnose(const Measured<T, predictions, states, shifts>& measured, const Gram<n>& gram, const Reads& reads) {
  const auto is_pair = [](std::size_t i) { return i <= Step::u; };
  const auto is_prediction = [&](std::size_t i) { return is_pair(i) || (i <= predictions && reads(i)); };
  Diagnostics found = eigenguide::diagnose(trusted(gram, is_pair));
  if (!has_lengths(gram, is_prediction)) found.non_finite = measured.non_finite(reads);
  return found;
}

/// What a step reports of predictions that it does not measure: each is, beside c.
struct Seen {
  Gram<3> gram;  ///< of c, d and u
  std::size_t non_finite = 0;
};
template <class T, std::size_t predictions, std::size_t states, bool shifts, class Reads>
Seen see_pairs(const Measured<T, predictions, states, shifts>& measured, const Reads& reads) {
  const auto all = [](std::size_t) { return true; };
  Seen seen{measured.pair(1).template gram<false>()};
  bool finite = has_lengths(seen.gram, all);
  for (std::size_t j = 2; j < predictions; ++j)
    finite = finite && (!measured.reports(j, reads) || has_lengths(measured.pair(j).template gram<false>(), all));
  if (!finite) seen.non_finite = measured.non_finite(reads);
  return seen;
}

/// The outputs of a step, as terms, from rows over its vectors.
template <bool ones, class T, std::size_t predictions, std::size_t states, bool shifts, std::size_t advancing, std::size_t size>
auto terms_of(const Rows<1 + states, size>& rows, const Measured<T, predictions, states, shifts>& measured,
              const Afterwards& afterwards, const std::array<Next<T>, advancing>& next) noexcept {
  // Where nothing shifts, known to be so: neither another space nor a step after it.
  const SpaceMap map = shifts ? measured.map : SpaceMap{};
  const Afterwards then = shifts ? afterwards : Afterwards{};
  std::array<OutputWeights<predictions, states>, 1 + advancing> weights;
  weights[0] = guided_weights<predictions, states, ones>(rows[0], map, then);
  for (std::size_t i = 0; i < advancing; ++i)
    weights[1 + i] = state_weights<predictions, states, ones>(rows[1 + next[i].state], map);

  Terms<T, predictions - 1, states + (shifts ? 1 : 0), 1 + advancing> terms(measured.prediction[0]);
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
  if constexpr (shifts) terms.add_direct(measured.sample, weight([](const auto& w) { return w.x; }));
  return terms;
}

/// Where they are written; all of one type.
template <class T, class Out, std::size_t advancing>
std::array<Out*, 1 + advancing> outputs_of(Out* out, [[maybe_unused]] const std::array<Next<T>, advancing>& next) noexcept {
  static_assert(std::is_same_v<Out, T> || advancing == 0, "a state advances beside an `out` of its own type");
  std::array<Out*, 1 + advancing> to{out};
  if constexpr (advancing > 0)
    for (std::size_t i = 0; i < advancing; ++i) to[1 + i] = next[i].out;
  return to;
}

/// Writes the outputs of a step.
template <bool ones, class T, class Out, std::size_t predictions, std::size_t states, bool shifts, std::size_t advancing, std::size_t size>
void write_step(const Rows<1 + states, size>& rows, const Measured<T, predictions, states, shifts>& measured,
                const Elements& written, const Afterwards& afterwards, Out* out,
                const std::array<Next<T>, advancing>& next) noexcept {
  write(measured.target, terms_of<ones>(rows, measured, afterwards, next), outputs_of(out, next), written);
}

/// The same of the elements of a run from number `first` on.
template <bool ones, class T, class Out, std::size_t predictions, std::size_t states, bool shifts, std::size_t advancing, std::size_t size>
void write_part(const Rows<1 + states, size>& rows, const Measured<T, predictions, states, shifts>& measured, std::size_t first,
                const Elements& written, const Afterwards& afterwards, Out* out,
                std::array<Next<T>, advancing> next) noexcept {
  for (Next<T>& each : next) each.out += first;
  write_step<ones>(rows, measured.part(first, written.size), written, afterwards, out + first, next);
}

/// The same of a whole run, on several threads.
template <bool ones, class T, class Out, std::size_t predictions, std::size_t states, bool shifts, std::size_t advancing, std::size_t size>
EIGENGUIDE_OUTLINE void write_parts(Rows<1 + states, size> rows, const Measured<T, predictions, states, shifts>& measured,
                                    const Elements& written, const Afterwards& afterwards, Out* out,
                                    const std::array<Next<T>, advancing>& next) noexcept {
  constexpr std::size_t bytes = (predictions + states) * sizeof(T) + (1 + advancing) * sizeof(Out);
  Elements whole = written;
  whole.past_cache = written.goes_past_cache(bytes);
  measured.executor.for_each_part(written.size, [&](std::size_t first, std::size_t count) {
    write_part<ones>(rows, measured, first, whole.part(count), afterwards, out, next);
  });
}

/// Writes a step, a run on several threads where that is worth it. What is rare is
/// given copies of the rows: those of a function that lends them are in memory.
template <bool ones, class T, class Out, std::size_t predictions, std::size_t states, bool shifts, std::size_t advancing, std::size_t size>
void write_sample(const Rows<1 + states, size>& rows, const Measured<T, predictions, states, shifts>& measured,
                  const Elements& written, const Afterwards& afterwards, Out* out,
                  const std::array<Next<T>, advancing>& next) noexcept {
  if (written.is_run() && measured.executor.takes(written.size))
    write_parts<ones>(rows, measured, written, afterwards, out, next);
  else
    write_step<ones>(rows, measured, written, afterwards, out, next);
}

/// Writes a step of constant weights, and measures the predictions for a report:
/// of a run chunk by chunk, while it is in the nearest cache.
template <bool ones, class T, class Out, std::size_t predictions, std::size_t states, bool shifts, std::size_t advancing, std::size_t size,
          class Reads>
EIGENGUIDE_OUTLINE void write_and_report(Rows<1 + states, size> rows, const Measured<T, predictions, states, shifts>& measured,
                                         const Elements& written, const Afterwards& afterwards, Out* out,
                                         const std::array<Next<T>, advancing>& next, const Reads& reads, Diagnostics* report) noexcept {
  Seen total;
  if (!written.is_run() || written.size != measured.elements.size) {
    total = see_pairs(measured, reads);
    write_sample<ones>(rows, measured, written, afterwards, out, next);
  } else {
    measured.executor.template for_each_chunk<Seen>(
        written.size,
        [&](std::size_t first, std::size_t count) {
          const Seen seen = see_pairs(measured.part(first, count), reads);
          write_part<ones>(rows, measured, first, written.part(count), afterwards, out, next);
          return seen;
        },
        [&](const Seen& seen) {
          total.non_finite += seen.non_finite;
          for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) total.gram.product[i][j] += seen.gram(i, j);
        });
  }
  *report = eigenguide::diagnose(total.gram);
  report->non_finite = total.non_finite;
}

/// Of nothing but masked elements: cond, and states as they are.
template <bool ones, class T, class Out, std::size_t predictions, std::size_t states, bool shifts, std::size_t advancing>
EIGENGUIDE_OUTLINE void write_unguided(const Measured<T, predictions, states, shifts>& measured, const Elements& written,
                                       const Afterwards& afterwards, Out* out,
                                       const std::array<Next<T>, advancing>& next) noexcept {
  constexpr std::size_t size = Step::vectors(predictions, states, ones);
  Rows<1 + states, size> rows{unit<size>(Step::c)};
  for (std::size_t i = 0; i < states; ++i) rows[1 + i] = unit<size>(1 + predictions + i);
  write_step<ones>(rows, measured, written, afterwards, out, next);
}

/// Guides one sample, or one group of its elements: the weights of `method`
/// from its Gram matrix in the space of `map`, then the combinations.
///
/// Input   method   a chain: Vectors, is_constant, outputs(Gram)
///         measured predictions of the model's kind, x where `map` shifts
///         written  the elements to write: those measured, and masked ones
/// Output  out, next  each may be exactly any of the inputs, apart from each other;
///                    `out` of floats where these are halves may not, and no
///                    state advances then
///         report   what was found: Diagnostics* or, of nobody who asks, nullptr
/// Cost    two reads of each input, one where the weights do not depend on the
///         data, three where float sums cannot be trusted; no allocation. A
///         report is of the same sums; constant weights write each chunk right
///         after its sums are taken, while it is in the nearest cache
template <bool constant, class Method, class T, class Out, std::size_t predictions, std::size_t states, bool shifts,
          std::size_t advancing, class Reported>
void guide_sample(const Method& method, const Measured<T, predictions, states, shifts>& measured,
                  const Elements& written, const Afterwards& afterwards, Out* out,
                  const std::array<Next<T>, advancing>& next, [[maybe_unused]] Reported report) noexcept {
  constexpr bool ones = Method::Vectors::contains(Role::one), reports = !std::is_null_pointer_v<Reported>;
  static_assert(Method::Vectors::size == Step::vectors(predictions, states, ones));
  if (written.size == 0) return;
  [[maybe_unused]] const auto reads = [&](std::size_t i) { return method.reads(i); };
  const auto write_all = [&](const auto& rows) { write_sample<ones>(rows, measured, written, afterwards, out, next); };
  if (measured.elements.size == 0) return write_unguided<ones>(measured, written, afterwards, out, next);
  if constexpr (constant && reports)
    write_and_report<ones>(method.outputs({}), measured, written, afterwards, out, next, reads, report);
  else if constexpr (constant)
    write_all(method.outputs({}));
  else
    write_all(measured.template outputs<ones>(method, [&]([[maybe_unused]] const auto& gram) {
      if constexpr (reports) *report = diagnose(measured, gram, reads);
    }));
}

}}}  // namespace eigenguide::kernel
