// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/dispatch.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The number of terms that forms are compiled for, from `count` of at most
/// `most` up: none, one, or all; with two at most, each.
constexpr std::size_t compiled(std::size_t count, std::size_t most) {
  return count < 2 || most <= 2 ? count : most;
}

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

  explicit Terms(const T* first_input = nullptr) : first(first_input) {}

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

  /// Puts a direct first where p₀ has no weight at all.
  void begin_with_weight() {
    if (differences > 0 || directs == 0 || has_weight(first_weight)) return;
    first = direct[0].input;
    first_weight = direct[0].weight;
    for (std::size_t i = 1; i < directs; ++i) direct[i - 1] = direct[i];
    --directs;
  }

  /// As many terms as a form has: what it has more is the first input again,
  /// without weight.
  void fill_up() {
    while (differences < compiled(differences, most_differences)) difference[differences++] = {first, {}};
    while (directs < compiled(directs, most_directs)) direct[directs++] = {first, {}};
  }

  /// Whether these are the terms of the group `k` further: of the same form.
  bool is_beside(const Terms& other, std::size_t k) const {
    bool beside = first == other.first + k && differences == other.differences && directs == other.directs &&
                  has_weight(both) == has_weight(other.both);
    for (std::size_t j = 0; j < differences; ++j) beside = beside && difference[j].input == other.difference[j].input + k;
    for (std::size_t i = 0; i < directs; ++i) beside = beside && direct[i].input == other.direct[i].input + k;
    return beside;
  }
};

/// Whether a weight and its products with ordinary numbers are floats.
inline bool in_float_range(Real weight) {
  return weight == 0.0 || (abs(weight) > 1e-30 && abs(weight) < 1e30);
}

/// The inputs and the weights of `terms`, as the form that has just these.
template <class Form, class T>
struct Formed {
  Inputs<T, Form::inputs> inputs{};
  Weights<Form> weights;
  bool ordinary = true;  ///< whether float arithmetic will do

  template <class Terms>
  explicit Formed(const Terms& terms) {
    const auto set = [&](std::size_t term, const auto& weight) {
      for (std::size_t m = 0; m < Form::outputs; ++m) {
        weights.term[m][term] = static_cast<double>(weight[m]);
        ordinary = ordinary && in_float_range(weight[m]);
      }
    };
    for (std::size_t m = 0; m < Form::outputs; ++m) {
      weights.constant[m] = static_cast<double>(terms.constant[m]);
      ordinary = ordinary && in_float_range(terms.constant[m]);
    }
    inputs[0] = terms.first;
    set(0, terms.first_weight);
    std::size_t input = 1, term = 1;
    for (std::size_t j = 0; j < Form::differences; ++j) {
      inputs[input++] = terms.difference[j].input;
      set(term++, terms.difference[j].weight);
      if (Form::both && j == 0) set(term++, terms.both);
    }
    for (std::size_t i = 0; i < Form::directs; ++i) {
      inputs[input++] = terms.direct[i].input;
      set(term++, terms.direct[i].weight);
    }
    ordinary = ordinary || std::is_same_v<T, double>;
  }
};

/// Calls `action` with the form that has as many differences and directs as `terms`.
template <std::size_t differences, std::size_t directs, std::size_t outputs, class Terms, class Action>
void visit_form(const Terms& terms, const Action& action) noexcept {
  constexpr auto fewer = [](std::size_t count) { return count > 2 ? std::size_t{1} : count - 1; };
  if constexpr (differences > 0)
    if (terms.differences < differences) return visit_form<fewer(differences), directs, outputs>(terms, action);
  if constexpr (directs > 0)
    if (terms.directs < directs) return visit_form<differences, fewer(directs), outputs>(terms, action);
  if constexpr (differences > 0)
    if (Terms::has_weight(terms.both)) return action(Form<differences, directs, true, outputs>{});
  action(Form<differences, directs, false, outputs>{});
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
  terms.begin_with_weight();
  if constexpr (outputs == 1) {
    if (terms.differences == 0 && terms.directs == 0) {
      const Real weight = terms.first_weight[0], k = terms.constant[0];
      if (weight == 0.0) return fill(out[0], static_cast<T>(static_cast<double>(k)), elements);
      if (k == 0.0 && weight == 1.0) return copy(out[0], terms.first, elements);
    }
  }
  terms.fill_up();
  visit_form<most_differences, most_directs, outputs>(terms, [&](auto form) {
    using Form = decltype(form);
    const Formed<Form, T> formed(terms);
    if (formed.ordinary)
      combine<Form, false, T>(target, formed.inputs, formed.weights, out, elements);
    else
      combine<Form, true, T>(target, formed.inputs, formed.weights, out, elements);
  });
}

/// The same of `columns` groups side by side, each with terms of its own.
/// Output  out  of the first
template <std::size_t columns, class T, std::size_t most_differences, std::size_t most_directs, std::size_t outputs>
void write_columns(Target target, const std::array<Terms<T, most_differences, most_directs, outputs>, columns>& given,
                   const std::array<T*, outputs>& out, const Elements& elements) noexcept {
  auto terms = given;
  bool alike = true, written = false;
  for (std::size_t k = 0; k < columns; ++k) {
    terms[k].begin_with_weight();
    alike = alike && terms[k].differences + terms[k].directs > 0;
    terms[k].fill_up();
    alike = alike && terms[k].is_beside(terms[0], k);
  }
  if (alike)
    visit_form<most_differences, most_directs, outputs>(terms[0], [&](auto form) {
      using Form = decltype(form);
      const Formed<Form, T> first(terms[0]);
      std::array<Weights<Form>, columns> weights;
      bool ordinary = true;
      for (std::size_t k = 0; k < columns; ++k) {
        const Formed<Form, T> formed(terms[k]);
        weights[k] = formed.weights;
        ordinary = ordinary && formed.ordinary;
      }
      if (!ordinary) return;
      combine_columns<Form, columns, T>(target, first.inputs, weights.data(), out, elements);
      written = true;
    });
  if (written) return;
  for (std::size_t k = 0; k < columns; ++k) {
    std::array<T*, outputs> to = out;
    for (T*& each : to) each += k;
    write(target, given[k], to, elements);
  }
}

}}}  // namespace eigenguide::kernel
