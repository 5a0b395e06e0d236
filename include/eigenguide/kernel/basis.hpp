// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// Elements between two stored sums: those of a sample are the sums of its
/// chunks, added in order.
inline constexpr std::size_t chunk = 8192;

/// What is written past the cache: nobody finds it there again before the rest
/// of the same output has driven it out. Measured: below, ordinary stores win.
inline constexpr std::size_t past_cache_bytes = std::size_t{24} << 20;

/// The vectors of one reduction, formed from the inputs as they are loaded:
///
///   p₀ + ρ x         (ρ x only with `shifted`)
///   p₀ − pⱼ          for j = 1 … predictions − 1
///   mₖ               for k = 0 … states − 1
///   p₁ + ρ x         with `direct`
///   1                with `ones`
///
/// of the inputs p₀, p₁, …, m₀, m₁, … and, with `shifted`, x.
///
/// Differences are taken before products: ‖p₀ − p₁‖² from the products of p₀
/// and p₁ in float is off by 7 % at ‖d‖/‖p₁‖ = 1e-3, and garbage at 1e-4.
template <std::size_t predictions_, bool shifted_, bool ones_, bool direct_ = false, std::size_t states_ = 0>
struct Basis {
  static constexpr std::size_t predictions = predictions_;
  static constexpr std::size_t states = states_;
  static constexpr bool shifted = shifted_;
  static constexpr bool ones = ones_;
  static constexpr bool direct = direct_;

  static constexpr std::size_t inputs = predictions + states + (shifted ? 1 : 0);
  static constexpr std::size_t formed = predictions + states + (direct ? 1 : 0);
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
  gram.elements = static_cast<double>(static_cast<std::ptrdiff_t>(size));
  constexpr std::size_t one = Basis::formed;
  for_each_index<Basis::sums>([&](auto n) {
    constexpr auto pair = Basis::pair(n);
    gram.product[pair.first][pair.second] = gram.product[pair.second][pair.first] = sums[n];
  });
  if constexpr (Basis::ones) gram.product[one][one] = gram.elements;
  return gram;
}

/// The combinations that a second pass writes, of the same inputs:
///
///   out = k + w₀ p₀ + w₁ (p₀ − p₁) + w₁′ p₁ + Σ wⱼ (p₀ − pⱼ) + Σ wᵢ qᵢ
///
/// with as many `differences`, the inputs p₁, p₂, …, and `directs`, the inputs
/// qᵢ after them, as it says; w₁′ only with `both`. From the third difference and the
/// third direct on, one that has no weight in any output is not read.
template <std::size_t differences_, std::size_t directs_, bool both_ = false, std::size_t outputs_ = 1>
struct Form {
  static constexpr std::size_t differences = differences_;
  static constexpr std::size_t directs = directs_;
  static constexpr bool both = both_;
  static constexpr std::size_t outputs = outputs_;
  static_assert(differences > 0 || !both, "p₁ is the first of the differences");

  static constexpr std::size_t inputs = 1 + differences + directs;
  static constexpr std::size_t terms = inputs + (both ? 1 : 0);
};

/// The weights of each output: k, then one for each term in the order above.
template <class Form>
struct Weights {
  std::array<double, Form::outputs> constant{};
  std::array<std::array<double, Form::terms>, Form::outputs> term{};
};

/// One sample's inputs, and what is written of it.
template <class T, std::size_t count>
using Inputs = std::array<const T*, count>;
template <class T, std::size_t count>
using Outputs = std::array<T*, count>;

}}}  // namespace eigenguide::kernel
