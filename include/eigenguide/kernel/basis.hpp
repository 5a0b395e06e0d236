// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The vectors of one reduction, formed from the inputs as they are loaded:
///
///   p₀ + ρ x         (ρ x only with `shifted`; x is then the last input)
///   p₀ − pⱼ          for j = 1 … predictions − 1
///   pⱼ + ρ x         for the same j, with `direct`
///   1                with `ones`
///
/// Differences are taken before products: ‖p₀ − p₁‖² from the products of p₀
/// and p₁ in float is off by 7 % at ‖d‖/‖p₁‖ = 1e-3, and garbage at 1e-4.
template <std::size_t predictions_, bool shifted_, bool ones_, bool direct_ = false>
struct Basis {
  static constexpr std::size_t predictions = predictions_;
  static constexpr bool shifted = shifted_;
  static constexpr bool ones = ones_;
  static constexpr bool direct = direct_;

  static constexpr std::size_t inputs = predictions + (shifted ? 1 : 0);
  static constexpr std::size_t formed = direct ? 2 * predictions - 1 : predictions;
  static constexpr std::size_t vectors = formed + (ones ? 1 : 0);
  static constexpr std::size_t products = formed * (formed + 1) / 2;
  static constexpr std::size_t sums = products + (ones ? formed : 0);

  /// Sum n as the i and j of its vᵢ·vⱼ; j = `formed` stands for the 1.
  static constexpr std::pair<std::size_t, std::size_t> pair(std::size_t n) {
    for (std::size_t i = 0; i < formed; n -= formed - i, ++i)
      if (n < formed - i) return {i, i + n};
    return {n, formed};
  }
};

/// What a reduction returns: the products vᵢ·vⱼ (i ≤ j, row by row of the
/// upper triangle), then, with `ones`, the sums of v₀, v₁, ….
template <class Basis>
using Sums = std::array<double, Basis::sums>;

/// The Gram matrix of `sums` over `size` elements.
template <class Basis>
Gram<Basis::vectors> gram_of(const Sums<Basis>& sums, std::size_t size) {
  Gram<Basis::vectors> gram;
  std::size_t next = 0;
  for (std::size_t i = 0; i < Basis::formed; ++i)
    for (std::size_t j = i; j < Basis::formed; ++j)
      gram.product[i][j] = gram.product[j][i] = sums[next++];
  if constexpr (Basis::ones) {
    constexpr std::size_t one = Basis::formed;
    for (std::size_t i = 0; i < Basis::formed; ++i)
      gram.product[i][one] = gram.product[one][i] = sums[next++];
    gram.product[one][one] = static_cast<double>(size);
  }
  return gram;
}

/// The combination that a second pass writes:
///
///   out = k + a₀ p₀ + Σ (bⱼ (p₀ − pⱼ) + aⱼ pⱼ) + b x
///
/// with the terms bⱼ, aⱼ and b x only where `differences`, `direct` and `sample`
/// say so; x is then the last input.
template <std::size_t predictions_, bool differences_, bool direct_, bool sample_>
struct Form {
  static constexpr std::size_t predictions = predictions_;
  static constexpr bool differences = differences_;
  static constexpr bool direct = direct_;
  static constexpr bool sample = sample_;

  static constexpr std::size_t inputs = predictions + (sample ? 1 : 0);
  static constexpr std::size_t terms =
      1 + (predictions - 1) * ((differences ? 1 : 0) + (direct ? 1 : 0)) + (sample ? 1 : 0);
};

/// The weights of one output: k, then one for each term in the order above.
template <class Form>
struct Weights {
  double constant = 0.0;
  std::array<double, Form::terms> term{};
};

/// One sample's inputs.
template <class T, std::size_t count>
using Inputs = std::array<const T*, count>;

}}}  // namespace eigenguide::kernel
