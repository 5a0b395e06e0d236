// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/dispatch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The combinations that are to be written, as the terms that have weight in
/// one of them: an input without weight is not read.
template <class T, std::size_t most_differences, std::size_t most_directs, std::size_t outputs>
struct Terms {
  using Each = std::array<Real, outputs>;  ///< one weight for each output
  struct Term {
    const T* input = nullptr;
    Each weight{};
  };

  Each constant{}, first_weight{};
  const T* first;                                  ///< p₀
  std::array<Term, most_differences> difference{};  ///< pⱼ, as p₀ − pⱼ
  std::array<Term, most_directs> direct{};
  Each both{};  ///< of the first difference's pⱼ by itself
  std::size_t differences = 0, directs = 0;

  explicit Terms(const T* first_input) : first(first_input) {}

  void add_difference(const T* input, const Each& weight) {
    if (has_weight(weight)) difference[differences++] = {input, weight};
  }
  void add_direct(const T* input, const Each& weight) {
    if (has_weight(weight)) direct[directs++] = {input, weight};
  }
  /// The first of the terms to add: u as c − u, by itself, or both.
  void add_uncond(const T* input, const Each& of_difference, const Each& of_itself) {
    add_difference(input, of_difference);
    if (differences > 0)
      both = of_itself;
    else
      add_direct(input, of_itself);
  }

  static bool has_weight(const Each& weight) {
    for (const Real each : weight)
      if (each != 0.0) return true;
    return false;
  }
};

/// Whether a weight and its products with ordinary numbers are floats.
inline bool in_float_range(Real weight) {
  return weight == 0.0 || (abs(weight) > 1e-30 && abs(weight) < 1e30);
}

/// Writes `terms` as the form that has just these.
template <class Form, class T, class Terms>
void write_as(Target target, const Terms& terms, const Outputs<T, Form::outputs>& out,
              const Elements& elements) noexcept {
  Inputs<T, Form::inputs> inputs{terms.first};
  Weights<Form> weights;
  bool ordinary = true;
  const auto set = [&](std::size_t term, const auto& weight) {
    for (std::size_t m = 0; m < Form::outputs; ++m) {
      weights.term[m][term] = static_cast<double>(weight[m]);
      ordinary = ordinary && in_float_range(weight[m]);
    }
  };
  std::size_t input = 1, term = 1;
  for (std::size_t m = 0; m < Form::outputs; ++m) {
    weights.constant[m] = static_cast<double>(terms.constant[m]);
    ordinary = ordinary && in_float_range(terms.constant[m]);
  }
  set(0, terms.first_weight);
  for (std::size_t j = 0; j < Form::differences; ++j) {
    inputs[input++] = terms.difference[j].input;
    set(term++, terms.difference[j].weight);
    if (Form::both && j == 0) set(term++, terms.both);
  }
  for (std::size_t i = 0; i < Form::directs; ++i) {
    inputs[input++] = terms.direct[i].input;
    set(term++, terms.direct[i].weight);
  }
  if (std::is_same_v<T, double> || ordinary)
    combine<Form, false, T>(target, inputs, weights, out, elements);
  else
    combine<Form, true, T>(target, inputs, weights, out, elements);
}

/// The number of terms that forms are compiled for, from `count` of at most
/// `most` up: none, one, or all; with two at most, each.
constexpr std::size_t compiled(std::size_t count, std::size_t most) {
  return count < 2 || most <= 2 ? count : most;
}

/// Finds the form with as many differences and directs as `terms`.
template <std::size_t differences, std::size_t directs, class T, class Terms, std::size_t outputs>
void write_form(Target target, const Terms& terms, const std::array<T*, outputs>& out,
                const Elements& elements) noexcept {
  constexpr auto fewer = [](std::size_t count) { return count > 2 ? std::size_t{1} : count - 1; };
  if constexpr (differences > 0)
    if (terms.differences < differences)
      return write_form<fewer(differences), directs>(target, terms, out, elements);
  if constexpr (directs > 0)
    if (terms.directs < directs)
      return write_form<differences, fewer(directs)>(target, terms, out, elements);
  if constexpr (differences > 0)
    if (Terms::has_weight(terms.both))
      return write_as<Form<differences, directs, true, outputs>, T>(target, terms, out, elements);
  write_as<Form<differences, directs, false, outputs>, T>(target, terms, out, elements);
}

template <class T>
void fill(T* out, T value, const Elements& elements) noexcept {
  if (elements.is_run()) return (void)std::fill(out, out + elements.size, value);
  for_each_offset(elements, [&](std::size_t offset) { out[offset] = value; });
}

template <class T>
void copy(T* out, const T* from, const Elements& elements) noexcept {
  if (out == from) return;
  if (elements.is_run()) return (void)std::memmove(out, from, elements.size * sizeof(T));
  for_each_offset(elements, [&](std::size_t offset) { out[offset] = from[offset]; });
}

/// Writes every output of `terms`, reading only the inputs that have weight.
template <class T, std::size_t most_differences, std::size_t most_directs, std::size_t outputs>
void write(Target target, Terms<T, most_differences, most_directs, outputs> terms,
           const std::array<T*, outputs>& out, const Elements& elements) noexcept {
  using All = Terms<T, most_differences, most_directs, outputs>;
  if (terms.differences == 0 && !All::has_weight(terms.first_weight) && terms.directs > 0) {
    terms.first = terms.direct[0].input;
    terms.first_weight = terms.direct[0].weight;
    for (std::size_t i = 1; i < terms.directs; ++i) terms.direct[i - 1] = terms.direct[i];
    --terms.directs;
  }
  if constexpr (outputs == 1) {
    if (terms.differences == 0 && terms.directs == 0) {
      const Real weight = terms.first_weight[0], k = terms.constant[0];
      if (weight == 0.0) return fill(out[0], static_cast<T>(static_cast<double>(k)), elements);
      if (k == 0.0 && weight == 1.0) return copy(out[0], terms.first, elements);
    }
  }
  // What a form has more is the first input again, without weight.
  while (terms.differences < compiled(terms.differences, most_differences))
    terms.difference[terms.differences++] = {terms.first, {}};
  while (terms.directs < compiled(terms.directs, most_directs)) terms.direct[terms.directs++] = {terms.first, {}};
  write_form<most_differences, most_directs>(target, terms, out, elements);
}

}}}  // namespace eigenguide::kernel
