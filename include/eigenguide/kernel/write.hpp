// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/kernel/terms.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

template <class T>
EIGENGUIDE_OUTLINE void fill(T* out, T value, const Elements& elements) noexcept {
  if (elements.is_run()) return (void)std::fill(out, out + elements.size, value);
  for_each_offset(elements, [&](std::size_t offset) { out[offset] = value; });
}

template <class T>
EIGENGUIDE_OUTLINE void copy(T* out, const T* from, const Elements& elements) noexcept {
  if (out == from) return;
  if (elements.is_run()) return (void)std::memmove(out, from, elements.size * sizeof(T));
  for_each_offset(elements, [&](std::size_t offset) { out[offset] = from[offset]; });
}

/// Writes every output of `terms`, element by element in double and rounded once:
/// for weights that are beyond floats, which are rare.
template <class T, class Out, std::size_t differences, std::size_t further, std::size_t outputs>
EIGENGUIDE_OUTLINE void write_in_double(const Terms<T, differences, further, outputs>& terms,
                                        const std::array<Out*, outputs>& out, const Elements& elements) noexcept {
  const auto number = [](T value) { return Real(static_cast<double>(static_cast<ComputeOf<T>>(value))); };
  const auto write_element = [&](std::size_t at) {
    const Real first = number(terms.first[at]);
    std::array<Out, outputs> written;
    for (std::size_t m = 0; m < outputs; ++m) {
      Real sum = terms.constant[m] + terms.first_weight[m] * first;
      for (std::size_t j = 0; j < differences && j < terms.differences; ++j)
        sum += terms.difference[j].weight[m] * (first - number(terms.difference[j].input[at]));
      if constexpr (differences > 0)
        if (terms.has_weight(terms.both)) sum += terms.both[m] * number(terms.difference[0].input[at]);
      for (std::size_t i = 0; i < terms.directs; ++i) sum += terms.direct[i].weight[m] * number(terms.direct[i].input[at]);
      written[m] = static_cast<Out>(static_cast<ComputeOf<T>>(sum));
    }
    for (std::size_t m = 0; m < outputs; ++m) out[m][at] = written[m];
  };
  if (!elements.is_run()) return for_each_offset(elements, write_element);
  for (std::size_t at = 0; at < elements.size; ++at) write_element(at);
}

template <class T, class Out, std::size_t differences, std::size_t further, std::size_t outputs>
void write_apart(Target target, const Terms<T, differences, further, outputs>& terms,
                 const std::array<Out*, outputs>& out, const Elements& elements) noexcept;

/// Writes every output of `terms`, reading only the inputs that have weight.
template <class T, class Out, std::size_t differences, std::size_t further, std::size_t outputs>
void write(Target target, Terms<T, differences, further, outputs> terms,
           const std::array<Out*, outputs>& out, const Elements& elements) noexcept {
  terms.begin_with_weight();
  if constexpr (outputs == 1) {
    if (terms.differences == 0 && terms.directs == 0) {
      const Real weight = terms.first_weight[0], k = terms.constant[0];
      if (weight == 0.0) return fill(out[0], static_cast<Out>(static_cast<double>(k)), elements);
      if (k == 0.0 && weight == 1.0) {
        if constexpr (std::is_same_v<Out, T>) return copy(out[0], terms.first, elements);
        terms.constant[0] = -0.0;  // which leaves a −0 as it is
      }
    }
  } else {
    if (!terms.is_joint()) return write_apart(target, terms, out, elements);
  }
  if (!std::is_same_v<T, double> && !terms.in_float_range()) return write_in_double(terms, out, elements);
  visit_form_of(terms, [&](auto form) {
    using Form = decltype(form);
    const Formed<Form, T> formed(terms);
    combine<Form, T>(target, formed.inputs, formed.weights, out, elements);
  });
}

/// The same, output by output, each from what it reads: what others do, infinite
/// perhaps, is nothing to it. Some elements at a time, which stay in the nearest
/// cache; from copies of them where an output takes the place of what one after it reads.
template <class T, class Out, std::size_t differences, std::size_t further, std::size_t outputs>
EIGENGUIDE_OUTLINE void write_apart(Target target, const Terms<T, differences, further, outputs>& terms,
                                    const std::array<Out*, outputs>& out, const Elements& elements) noexcept {
  constexpr std::size_t inputs = Terms<T, differences, further, outputs>::most_inputs, most = 128, many = 1024;
  std::array<Terms<T, differences, further, 1>, outputs> each;
  bool takes_place = false;
  for (std::size_t m = 0; m < outputs; ++m) {
    each[m] = terms.only(m);
    each[m].begin_with_weight();
    each[m].each_input([&](const void* input) {
      for (std::size_t before = 0; before < m; ++before) takes_place = takes_place || input == out[before];
    });
  }
  if (elements.is_run() && !takes_place) {
    Elements whole = elements;
    whole.past_cache = elements.goes_past_cache(inputs * sizeof(T) + outputs * sizeof(Out));
    for (std::size_t at = 0; at < elements.size; at += many) {
      const Elements some = whole.part((std::min)(many, elements.size - at));
      for (std::size_t m = 0; m < outputs; ++m) {
        auto one = each[m];
        one.each_input([at](const T*& input) { input += at; });
        write(target, one, std::array<Out*, 1>{out[m] + at}, some);
      }
    }
    return;
  }

  T copies[inputs][most];
  Out written[most];
  const auto write_some = [&](std::size_t count, const auto& offset) {
    auto of_copies = terms;
    T(*to)[most] = copies;
    of_copies.each_input([&](const T*& input) {
      for (std::size_t n = 0; n < count; ++n) (*to)[n] = input[offset(n)];
      input = *to++;
    });
    for (std::size_t m = 0; m < outputs; ++m) {
      write(target, of_copies.only(m), std::array<Out*, 1>{written}, Elements(count));
      for (std::size_t n = 0; n < count; ++n) out[m][offset(n)] = written[n];
    }
  };
  if (elements.is_run()) {
    for (std::size_t at = 0; at < elements.size; at += most)
      write_some((std::min)(most, elements.size - at), [at](std::size_t n) { return at + n; });
    return;
  }
  std::size_t offsets[most], count = 0;
  const auto offset = [&offsets](std::size_t n) { return offsets[n]; };
  for_each_offset(elements, [&](std::size_t at) {
    offsets[count++] = at;
    if (count == most) write_some(count, offset), count = 0;
  });
  write_some(count, offset);
}

/// The same of `columns` groups side by side.
/// Input   terms  of each, all with the inputs of the first; they are changed
/// Output  out    of the first
template <std::size_t columns, class T, class Out, std::size_t differences, std::size_t further, std::size_t outputs>
void write_columns(Target target, std::array<Terms<T, differences, further, outputs>, columns>& terms,
                   const std::array<Out*, outputs>& out, const Elements& elements) noexcept {
  bool alike = true;
  for (auto& each : terms) {
    each.begin_with_weight();
    alike = alike && each.differences + each.directs > 0 && each.is_joint();
    alike = alike && each.is_like(terms[0]) && (std::is_same_v<T, double> || each.in_float_range());
  }
  if (alike) {
    visit_form_of(terms[0], [&](auto form) {
      using Form = decltype(form);
      const Formed<Form, T> first(terms[0]);
      std::array<Weights<Form>, columns> weights;
      for (std::size_t k = 0; k < columns; ++k) weights[k] = Formed<Form, T>(terms[k]).weights;
      combine_columns<Form, columns, T>(target, first.inputs, weights.data(), out, elements);
    });
    return;
  }
  for (std::size_t k = 0; k < columns; ++k) {
    std::array<Out*, outputs> to = out;
    for (Out*& each : to) each += k;
    terms[k].each_input([k](const T*& input) { input += k; });
    write(target, terms[k], to, elements);
  }
}

}}}  // namespace eigenguide::kernel
