// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/basis.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel { namespace reference {

// What the kernels compute, as plain loops in long double: their definition,
// and the oracle of their tests.

/// The sums of one sample.
/// Inputs  inputs  [Basis::inputs] pointers to `size` elements
///         shift   ρ
template <class Basis, class T>
Sums<Basis> reduce(const Inputs<T, Basis::inputs>& inputs, std::size_t size, double shift) {
  std::array<long double, Basis::sums> total{};
  for (std::size_t n = 0; n < size; ++n) {
    long double x = 0;
    if constexpr (Basis::shifted) x = static_cast<long double>(shift) * inputs[Basis::inputs - 1][n];
    const long double first = inputs[0][n];
    std::array<long double, Basis::formed> v{};
    v[0] = first + x;
    for (std::size_t j = 1; j < Basis::predictions; ++j) {
      v[j] = first - inputs[j][n];
      if constexpr (Basis::direct) v[Basis::predictions - 1 + j] = inputs[j][n] + x;
    }

    std::size_t next = 0;
    for (std::size_t i = 0; i < Basis::formed; ++i)
      for (std::size_t j = i; j < Basis::formed; ++j) total[next++] += v[i] * v[j];
    if constexpr (Basis::ones)
      for (std::size_t i = 0; i < Basis::formed; ++i) total[next++] += v[i];
  }
  Sums<Basis> sums{};
  for (std::size_t i = 0; i < Basis::sums; ++i) sums[i] = static_cast<double>(total[i]);
  return sums;
}

/// The combination of one sample.
/// Inputs  inputs  [Form::inputs] pointers to `size` elements
/// Output  out     `size` elements; may be any of the inputs
template <class Form, class T>
void combine(const Inputs<T, Form::inputs>& inputs, const Weights<Form>& weights, T* out,
             std::size_t size) {
  for (std::size_t n = 0; n < size; ++n) {
    const long double first = inputs[0][n];
    long double sum = weights.constant + weights.term[0] * first;
    std::size_t next = 1;
    for (std::size_t j = 1; j < Form::inputs; ++j) {
      const long double other = inputs[j][n];
      const bool is_sample = j == Form::predictions;
      if (!is_sample && Form::differences) sum += weights.term[next++] * (first - other);
      if (is_sample || Form::direct) sum += weights.term[next++] * other;
    }
    out[n] = static_cast<T>(sum);
  }
}

}}}}  // namespace eigenguide::kernel::reference
