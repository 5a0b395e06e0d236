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
    for (std::size_t j = 1; j < Basis::predictions; ++j) v[j] = first - inputs[j][n];
    for (std::size_t k = Basis::predictions; k < Basis::predictions + Basis::states; ++k) v[k] = inputs[k][n];
    if constexpr (Basis::direct) v[Basis::formed - 1] = inputs[1][n] + x;

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

/// The combinations of one sample.
/// Inputs  inputs  [Form::inputs] pointers to `size` elements
/// Output  out     [Form::outputs] pointers to `size` elements; each may be any
///                 of the inputs
template <class Form, class T>
void combine(const Inputs<T, Form::inputs>& inputs, const Weights<Form>& weights,
             const Outputs<T, Form::outputs>& out, std::size_t size) {
  for (std::size_t n = 0; n < size; ++n) {
    std::array<long double, Form::outputs> sum{};
    for (std::size_t m = 0; m < Form::outputs; ++m) {
      const auto& weight = weights.term[m];
      const long double first = inputs[0][n];
      sum[m] = weights.constant[m] + weight[0] * first;
      std::size_t term = 1;
      for (std::size_t j = 1; j < Form::inputs; ++j) {
        const long double other = inputs[j][n];
        const bool is_difference = j <= Form::differences;
        if (is_difference) sum[m] += weight[term++] * (first - other);
        if (!is_difference || (Form::both && j == 1)) sum[m] += weight[term++] * other;
      }
    }
    for (std::size_t m = 0; m < Form::outputs; ++m) out[m][n] = static_cast<T>(sum[m]);
  }
}

}}}}  // namespace eigenguide::kernel::reference
