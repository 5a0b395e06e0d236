// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/prediction/space.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The Gram matrix of a step, over the vectors of a chain: c′, d′ = c′ − u′, u′
/// and, where sums are asked for, 1.
template <bool ones>
using StepGram = Gram<ones ? 4 : 3>;

/// For the names of these vectors: Step::c, Step::d, Step::u, Step::one.
using Step = Chain<>;

/// What is small beside that from which it is computed, as a share of its
/// square; below it float sums give way to double ones.
inline constexpr double cancellation = 1.0 / 8.0;

/// The step's Gram matrix from that of {c, d, 1}; u = c − d.
template <bool ones>
StepGram<ones> with_uncond(const Gram<ones ? 3 : 2>& known) {
  StepGram<ones> gram;
  const auto set = [&gram](std::size_t i, std::size_t j, Real product) {
    gram.product[i][j] = gram.product[j][i] = product;
  };
  const Real cu = known(0, 0) - known(0, 1), du = known(0, 1) - known(1, 1);
  set(Step::c, Step::c, known(0, 0));
  set(Step::c, Step::d, known(0, 1));
  set(Step::d, Step::d, known(1, 1));
  set(Step::c, Step::u, cu);
  set(Step::d, Step::u, du);
  set(Step::u, Step::u, greater(cu - du, 0.0));
  if constexpr (ones) {
    set(Step::c, Step::one, known(0, 2));
    set(Step::d, Step::one, known(1, 2));
    set(Step::u, Step::one, known(0, 2) - known(1, 2));
    set(Step::one, Step::one, known(2, 2));
  }
  return gram;
}

/// Whether float sums can be trusted, judged from the sums alone so that the
/// choice is as reproducible as they are. They cannot where a product may have
/// left float's range, nor where what a method asks for is a small difference
/// of large sums: a ‖u‖², or a variance.
template <bool ones>
bool needs_wide(const StepGram<ones>& gram) {
  constexpr double underflow = 1e-30;
  for (const std::size_t i : {Step::c, Step::d}) {
    if (!is_finite(static_cast<double>(gram(i, i))) || gram(i, i) < underflow) return true;
    if constexpr (ones) {
      const Real mean_square = gram(i, Step::one) * gram(i, Step::one) / gram(Step::one, Step::one);
      if (gram(i, i) - mean_square < cancellation * gram(i, i)) return true;
    }
  }
  return gram(Step::u, Step::u) <
         cancellation * greater(gram(Step::c, Step::c), gram(Step::d, Step::d));
}

/// Whether the result of a step is itself a small difference, or its spread is:
/// ‖Σ wᵢ vᵢ‖², less the square of its mean, far below Σ ‖wᵢ vᵢ‖².
template <std::size_t n>
bool is_small_difference(const Row<n>& row, const Gram<n>& gram) {
  Real squares;
  for (const std::size_t i : {Step::c, Step::d, Step::u}) squares += row[i] * row[i] * gram(i, i);
  Real square = gram.square(row);
  if constexpr (n == 4) {
    const Real sum = gram.inner(row, unit<n>(Step::one));
    square = square - sum * sum / gram(Step::one, Step::one);
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

/// What a step measures of one sample.
template <class T>
struct Measured {
  Target target;
  SpaceMap map;
  const T *cond, *uncond, *sample;  ///< `sample` is x; read only where `map` shifts
  std::size_t size;

  /// The Gram matrix of {c′, d′, u′, 1}, with products in the storage's own
  /// arithmetic; or, with `wide`, in double, those of u′ by themselves.
  template <bool ones, bool wide>
  StepGram<ones> gram() const noexcept {
    return map.shift == 0.0 ? in_space<ones>(reduced<Basis<2, false, ones, wide>, wide>({cond, uncond}))
                            : in_space<ones>(reduced<Basis<2, true, ones, wide>, wide>({cond, uncond, sample}));
  }

  /// The same, wide where it must be.
  template <bool ones>
  StepGram<ones> gram() const noexcept {
    const StepGram<ones> narrow = gram<ones, false>();
    return needs_wide<ones>(narrow) ? trusted(gram<ones, true>()) : narrow;
  }

  /// The weights of a method that reads the data.
  template <class Method>
  Row<Method::size> weights(const Method& method) const noexcept {
    constexpr bool ones = Method::size == 4;
    const StepGram<ones> narrow = gram<ones, false>();
    const bool wide = needs_wide<ones>(narrow);
    if (!wide) {
      const Row<Method::size> row = method(narrow);
      if (std::is_same_v<T, double> || !is_small_difference(row, narrow)) return row;
    }
    return method(trusted(gram<ones, true>()));
  }

 private:
  template <class Vectors, bool wide>
  StepGram<Vectors::ones> reduced(const Inputs<T, Vectors::inputs>& inputs) const noexcept {
    const auto sums = reduce<Vectors, wide>(target, inputs, size, static_cast<double>(map.shift));
    if constexpr (Vectors::direct)
      return gram_of<Vectors>(sums, size);
    else
      return with_uncond<Vectors::ones>(gram_of<Vectors>(sums, size));
  }

  /// Products of B·v, but for those with 1.
  template <bool ones>
  StepGram<ones> in_space(StepGram<ones> gram) const noexcept {
    if (map.scale == 1.0) return gram;
    for (std::size_t i = 0; i < (ones ? 4 : 3); ++i)
      for (std::size_t j = 0; j < 3; ++j) {
        gram.product[i][j] = map.scale * gram.product[i][j];
        gram.product[j][i] = map.scale * gram.product[j][i];
      }
    return gram;
  }
};

/// One output of a step: k + c·cond + d·(cond − uncond) + u·uncond + x·sample.
struct StepWeights {
  Real constant, c, d, u, x;
};

/// Whether a weight and its products with ordinary numbers are floats.
inline bool in_float_range(Real weight) {
  return weight == 0.0 || (abs(weight) > 1e-30 && abs(weight) < 1e30);
}

/// Writes one output of one sample, reading only the inputs that have weight.
template <class T>
void write(Target target, const StepWeights& weights, const T* cond, const T* uncond,
           const T* sample, T* out, std::size_t size) noexcept {
  const Real k = weights.constant, c = weights.c, d = weights.d, u = weights.u, x = weights.x;
  const auto copy = [&](const T* from) {
    if (out != from) std::memmove(out, from, size * sizeof(T));
  };
  if (d == 0.0 && x == 0.0) {
    if (c == 0.0 && u == 0.0) return std::fill(out, out + size, static_cast<T>(double(k)));
    if (k == 0.0 && c == 1.0 && u == 0.0) return copy(cond);
    if (k == 0.0 && c == 0.0 && u == 1.0) return copy(uncond);
  }
  const auto write_as = [&](auto form, const auto& inputs, const auto&... weight) {
    using Shape = decltype(form);
    const Weights<Shape> all{double(k), {double(weight)...}};
    if (std::is_same_v<T, double> || (in_float_range(k) && ... && in_float_range(weight)))
      combine<Shape, false, T>(target, inputs, all, out, size);
    else
      combine<Shape, true, T>(target, inputs, all, out, size);
  };
  const Inputs<T, 2> two{cond, uncond}, with_x{cond, sample};
  const Inputs<T, 3> three{cond, uncond, sample};
  if (x == 0.0) {
    if (d == 0.0 && u == 0.0) return write_as(Form<1, false, false, false>{}, Inputs<T, 1>{cond}, c);
    if (u == 0.0) return write_as(Form<2, true, false, false>{}, two, c, d);
    if (d == 0.0) return write_as(Form<2, false, true, false>{}, two, c, u);
    return write_as(Form<2, true, true, false>{}, two, c, d, u);
  }
  if (d == 0.0 && u == 0.0) return write_as(Form<1, false, false, true>{}, with_x, c, x);
  if (u == 0.0) return write_as(Form<2, true, false, true>{}, three, c, d, x);
  if (d == 0.0) return write_as(Form<2, false, true, true>{}, three, c, u, x);
  write_as(Form<2, true, true, true>{}, three, c, d, u, x);
}

/// Guides one sample: the weights of `method` from its Gram matrix in the
/// space of `map`, then the combination (prediction/space.hpp derives it).
///
/// Input   sample  predictions of the model's kind, x where `map` shifts
/// Output  out     `size` elements; may be any of the inputs
/// Cost    two reads of each input, one where the weights do not depend on the
///         data, three where float sums cannot be trusted; no allocation
template <class... Links, class T>
void guide_sample(const Chain<Links...>& method, const Measured<T>& sample, T* out) noexcept {
  using Method = Chain<Links...>;
  if (sample.size == 0) return;

  Row<Method::size> row;
  if constexpr (is_constant<Method>)
    row = method();
  else
    row = sample.weights(method);

  // The weight of x, (c + u − 1) ρ, is none if that sum is 1 to rounding; and
  // without a shift there may be no x, not even for weights that are NaN.
  const SpaceMap& map = sample.map;
  const Real c = row[Step::c], d = row[Step::d], u = row[Step::u];
  const Real excess = c + u - 1.0;
  const bool affine = abs(excess) <= 4.5e-16 * (abs(c) + abs(u));
  const Real x = map.shift == 0.0 || affine ? Real(0.0) : excess * map.shift;
  const Real constant = Method::size == 4 ? row[Method::size - 1] / map.scale : Real(0.0);
  write(sample.target, {constant, c, d, u, x}, sample.cond, sample.uncond, sample.sample, out,
        sample.size);
}

}}}  // namespace eigenguide::kernel
