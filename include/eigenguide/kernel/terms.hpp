// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/kernel/basis.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The combinations that are to be written, as the terms that have weight in
/// one of them: an input without weight is not read. There are `further` directs
/// at most besides u, which is one where it is no difference.
template <class T, std::size_t most_differences_, std::size_t further, std::size_t outputs_>
struct Terms {
  static constexpr std::size_t most_differences = most_differences_, outputs = outputs_;
  static constexpr std::size_t most_inputs = 1 + most_differences + further + (most_differences > 0 ? 1 : 0);
  static constexpr std::size_t most_directs_with(std::size_t differences) {
    const bool u_may_be_one = most_differences > 1 || (most_differences == 1 && differences == 0);
    return further + (u_may_be_one ? 1 : 0);
  }

  using Each = std::array<Real, outputs>;  ///< one weight for each output
  struct Term {
    const T* input = nullptr;
    Each weight{};
  };

  Each constant{}, first_weight{};
  const T* first;                                  ///< p₀
  std::array<Term, most_differences> difference{};  ///< pⱼ, as p₀ − pⱼ
  std::array<Term, most_directs_with(0)> direct{};
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

  /// Whether all weights and their products with ordinary numbers are floats: those
  /// from 2⁻¹⁰⁰ to 2¹⁰⁰, and zero.
  bool in_float_range() const {
    const auto all = [](const Each& weight) {
      bool in_range = true;
      for (const Real each : weight) {
        const std::uint64_t size = bits_of(static_cast<double>(each)) << 1;  // without the sign
        in_range = in_range && (size - (std::uint64_t{1023 - 100} << 53) < std::uint64_t{200} << 53 || size == 0);
      }
      return in_range;
    };
    bool in_range = all(constant) && all(first_weight) && all(both);
    for (std::size_t j = 0; j < most_differences && j < differences; ++j) in_range = in_range && all(difference[j].weight);
    for (std::size_t i = 0; i < directs; ++i) in_range = in_range && all(direct[i].weight);
    return in_range;
  }

  /// Whether these are of the same inputs and of the same form.
  bool is_like(const Terms& other) const {
    bool like = first == other.first && differences == other.differences && directs == other.directs &&
                has_weight(both) == has_weight(other.both);
    for (std::size_t j = 0; j < most_differences && j < differences; ++j)
      like = like && difference[j].input == other.difference[j].input;
    for (std::size_t i = 0; i < directs; ++i) like = like && direct[i].input == other.direct[i].input;
    return like;
  }

  /// Shows every pointer to an input, to be changed.
  template <class See>
  void each_input(const See& see) {
    see(first);
    for (std::size_t j = 0; j < most_differences && j < differences; ++j) see(difference[j].input);
    for (std::size_t i = 0; i < directs; ++i) see(direct[i].input);
  }

  /// How many inputs output `m` reads.
  std::size_t inputs_of(std::size_t m) const {
    bool first_is_read = first_weight[m] != 0.0;
    std::size_t read = 0;
    for (std::size_t j = 0; j < most_differences && j < differences; ++j) {
      const bool weighs = difference[j].weight[m] != 0.0;
      first_is_read = first_is_read || weighs;
      read += weighs || (j == 0 && both[m] != 0.0) ? 1 : 0;
    }
    for (std::size_t i = 0; i < directs; ++i) read += direct[i].weight[m] != 0.0 ? 1 : 0;
    return read + (first_is_read ? 1 : 0);
  }
  /// Whether the outputs can be written together. What has no weight for the first,
  /// the guided result, may be infinite, or wrong; and what is kept has its bits.
  bool is_joint() const {
    bool joint = inputs_of(0) == 1 + differences + directs;
    for (std::size_t m = 0; m < outputs; ++m) joint = joint && inputs_of(m) > 1;
    return outputs == 1 || joint;
  }

  /// The terms of output `m`.
  Terms<T, most_differences, further, 1> only(std::size_t m) const {
    Terms<T, most_differences, further, 1> one(first);
    one.constant = {constant[m]};
    one.first_weight = {first_weight[m]};
    for (std::size_t j = 0; j < most_differences && j < differences; ++j)
      if (j == 0)
        one.add_uncond(difference[j].input, {difference[j].weight[m]}, {both[m]});
      else
        one.add_difference(difference[j].input, {difference[j].weight[m]});
    for (std::size_t i = 0; i < directs; ++i) one.add_direct(direct[i].input, {direct[i].weight[m]});
    return one;
  }
};

/// The inputs and the weights of `terms`, as a form that has these; what it has
/// more is the first input again, without weight.
template <class Form, class T>
struct Formed {
  Inputs<T, Form::inputs> inputs{};
  Weights<Form> weights;

  template <class Terms>
  explicit Formed(const Terms& terms) {
    const auto set = [&](std::size_t term, const auto& weight) {
      for (std::size_t m = 0; m < Form::outputs; ++m) weights.term[m][term] = static_cast<double>(weight[m]);
    };
    for (std::size_t m = 0; m < Form::outputs; ++m) weights.constant[m] = static_cast<double>(terms.constant[m]);
    inputs[0] = terms.first;
    set(0, terms.first_weight);
    const typename Terms::Term none{terms.first, {}};
    std::size_t input = 1, term = 1;
    for (std::size_t j = 0; j < Form::differences; ++j) {
      const auto& each = j < terms.differences ? terms.difference[j] : none;
      inputs[input++] = each.input;
      set(term++, each.weight);
      if (Form::both && j == 0) set(term++, terms.both);
    }
    for (std::size_t i = 0; i < Form::directs; ++i) {
      const auto& each = i < terms.directs ? terms.direct[i] : none;
      inputs[input++] = each.input;
      set(term++, each.weight);
    }
  }
};

/// Calls `action` with the form that has as many differences and directs as `terms`,
/// or more: forms are compiled for none of either, one, and all.
template <std::size_t differences, std::size_t directs, class Terms, class Action>
void visit_form(const Terms& terms, const Action& action) noexcept {
  constexpr auto fewer = [](std::size_t count) { return count > 1 ? std::size_t{1} : 0; };
  if constexpr (differences > 0)
    if (terms.differences <= fewer(differences))
      return visit_form<fewer(differences), Terms::most_directs_with(fewer(differences))>(terms, action);
  if constexpr (directs > 0)
    if (terms.directs <= fewer(directs)) return visit_form<differences, fewer(directs)>(terms, action);
  if constexpr (differences > 0)
    if (Terms::has_weight(terms.both)) return action(Form<differences, directs, true, Terms::outputs>{});
  action(Form<differences, directs, false, Terms::outputs>{});
}

template <class Terms, class Action>
void visit_form_of(const Terms& terms, const Action& action) noexcept {
  visit_form<Terms::most_differences, Terms::most_directs_with(Terms::most_differences)>(terms, action);
}

}}}  // namespace eigenguide::kernel
