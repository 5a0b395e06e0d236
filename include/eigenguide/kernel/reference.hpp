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
    std::array<long double, Basis::predictions> v{};
    v[0] = inputs[0][n];
    for (std::size_t j = 1; j < Basis::predictions; ++j) v[j] = v[0] - inputs[j][n];
    if constexpr (Basis::shifted)
      v[0] += static_cast<long double>(shift) * inputs[Basis::inputs - 1][n];

    std::size_t next = 0;
    for (std::size_t i = 0; i < Basis::predictions; ++i)
      for (std::size_t j = i; j < Basis::predictions; ++j) total[next++] += v[i] * v[j];
    if constexpr (Basis::ones)
      for (std::size_t i = 0; i < Basis::predictions; ++i) total[next++] += v[i];
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
    long double sum = weights.constant + weights.input[0] * first;
    for (std::size_t j = 1; j < Form::inputs; ++j) {
      const long double other = inputs[j][n];
      const bool difference = Form::differences && j < Form::predictions;
      sum += weights.input[j] * (difference ? first - other : other);
    }
    out[n] = static_cast<T>(sum);
  }
}

}}}}  // namespace eigenguide::kernel::reference
