// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/prediction/space.hpp>

#include <cstddef>
#include <cstring>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// Whether float sums can be trusted, judged from the sums alone so that the
/// choice is as reproducible as they are. They cannot where a product may have
/// left float's range, nor where what a method asks for is a small difference
/// of large sums: a ‖u‖² or a variance below 1/64 of what it is taken from.
template <class Basis>
bool needs_wide(const Gram<Basis::vectors>& gram) {
  constexpr double underflow = 1e-30, cancellation = 1.0 / 64.0;
  for (std::size_t i = 0; i < Basis::predictions; ++i) {
    const Real square = gram(i, i);
    if (!is_finite(static_cast<double>(square)) || square < underflow) return true;

    const Row<Basis::vectors> other = unit<Basis::vectors>(0) - unit<Basis::vectors>(i);
    if (i > 0 && gram.square(other) < cancellation * greater(gram(0, 0), square)) return true;

    if constexpr (Basis::ones) {
      constexpr std::size_t one = Basis::predictions;
      const Real mean_square = gram(i, one) * gram(i, one) / gram(one, one);
      if (square - mean_square < cancellation * square) return true;
    }
  }
  return false;
}

/// The Gram matrix of one sample; of double products where float ones will not do.
template <class Basis, class T>
Gram<Basis::vectors> measure(Target target, const Inputs<T, Basis::inputs>& inputs,
                             std::size_t size, Real shift) noexcept {
  const double rho = static_cast<double>(shift);
  const auto gram = gram_of<Basis>(reduce<Basis, false>(target, inputs, size, rho), size);
  if (std::is_same_v<T, double> || !needs_wide<Basis>(gram)) return gram;
  return gram_of<Basis>(reduce<Basis, true>(target, inputs, size, rho), size);
}

/// One output of a step: k + c·cond + d·(cond − uncond) + x·sample.
struct StepWeights {
  Real constant, c, d, x;
};

/// Whether a weight and its products with ordinary numbers are floats.
inline bool in_float_range(Real weight) {
  return weight == 0.0 || (abs(weight) > 1e-30 && abs(weight) < 1e30);
}

/// Writes one output of one sample, reading only the inputs that have weight.
template <class T>
void write(Target target, const StepWeights& weights, const T* cond, const T* uncond,
           const T* sample, T* out, std::size_t size) noexcept {
  const Real k = weights.constant, c = weights.c, d = weights.d, x = weights.x;
  if (k == 0.0 && c == 1.0 && d == 0.0 && x == 0.0) {
    if (out != cond) std::memmove(out, cond, size * sizeof(T));
    return;
  }
  const auto write_as = [&](auto form, const auto& inputs, const auto&... weight) {
    using Shape = decltype(form);
    const Weights<Shape> all{double(k), {double(weight)...}};
    if (std::is_same_v<T, double> || (in_float_range(k) && ... && in_float_range(weight)))
      combine<Shape, false, T>(target, inputs, all, out, size);
    else
      combine<Shape, true, T>(target, inputs, all, out, size);
  };
  if (d == 0.0 && x == 0.0) return write_as(Form<1, false, false>{}, Inputs<T, 1>{cond}, c);
  if (d == 0.0) return write_as(Form<1, false, true>{}, Inputs<T, 2>{cond, sample}, c, x);

  // Weights that nearly cancel ask for little of c and much of u, or find u
  // small: the same combination of c and u themselves then keeps its digits.
  const Inputs<T, 2> two{cond, uncond};
  const Inputs<T, 3> three{cond, uncond, sample};
  const bool cancels = abs(c + d) <= 0.5 * lesser(abs(c), abs(d));
  if (cancels && x == 0.0) return write_as(Form<2, false, false>{}, two, c + d, -d);
  if (cancels) return write_as(Form<2, false, true>{}, three, c + d, -d, x);
  if (x == 0.0) return write_as(Form<2, true, false>{}, two, c, d);
  write_as(Form<2, true, true>{}, three, c, d, x);
}

/// The Gram matrix of {c′, d′, 1} of one sample, in the method's space.
template <bool ones, class T>
Gram<ones ? 3 : 2> measure_in(Target target, const SpaceMap& map, const T* cond, const T* uncond,
                              const T* sample, std::size_t size) noexcept {
  using Plain = Basis<2, false, ones>;
  using Shifted = Basis<2, true, ones>;
  const auto gram = map.shift == 0.0
                        ? measure<Plain, T>(target, {cond, uncond}, size, 0.0)
                        : measure<Shifted, T>(target, {cond, uncond, sample}, size, map.shift);
  constexpr std::size_t n = Plain::vectors;
  Rows<n, n> scaled;
  for (std::size_t i = 0; i < n; ++i) scaled[i] = (i < 2 ? map.scale : Real(1.0)) * unit<n>(i);
  return gram.of(scaled);
}

/// Guides one sample: the weights of `method` from its Gram matrix in the
/// space of `map`, then the combination (prediction/space.hpp derives it).
///
/// Inputs  cond, uncond  `size` elements, predictions of the model's kind
///         sample        `size` elements, x; read only where `map` needs it
/// Output  out           `size` elements; may be any of the inputs
/// Cost    two reads of each input, one where the weights do not depend on
///         the data; no allocation
template <class... Links, class T>
void guide_sample(Target target, const Chain<Links...>& method, const SpaceMap& map, const T* cond,
                  const T* uncond, const T* sample, T* out, std::size_t size) noexcept {
  using Method = Chain<Links...>;
  if (size == 0) return;
  Row<Method::size> row;
  if constexpr (is_constant<Method>)
    row = method();
  else
    row = method(measure_in<Method::size == 3>(target, map, cond, uncond, sample, size));

  const Real c = row[Method::c], d = row[Method::d];
  const Real constant = Method::size == 3 ? row[Method::size - 1] / map.scale : Real(0.0);
  // Without a shift there may be no x, not even for a c that is NaN.
  const Real x = map.shift == 0.0 ? Real(0.0) : (c - 1.0) * map.shift;
  write(target, {constant, c, d, x}, cond, uncond, sample, out, size);
}

}}}  // namespace eigenguide::kernel
