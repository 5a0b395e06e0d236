// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Composable diffusion: several prompts at once, each with a weight; a
/// negative one is an AND NOT.
///
///   g = u + s (c − u) + Σ wₖ (cₖ − u)
///
/// c is the first prompt's prediction, cₖ those of the `prompts` others.
///
/// Space   the same result in every one
/// Source  Liu, Li, Du, Torralba, Tenenbaum, arXiv:2206.01714
template <std::size_t prompts = 1>
struct Composable {
  double scale = 1.0;                     ///< s, of c; no unit, any finite number
  std::array<double, prompts> weights{};  ///< wₖ, no unit; any finite numbers. All 0: Cfg

  static constexpr const char* name = "composable";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
    visit("weights", self.weights);
  }

  enum Vector : std::size_t { c, d, from_prompt };

 private:
  template <std::size_t... k>
  static Reads<Role::cond, Role::difference, prompt_role(k)...> reads(std::index_sequence<k...>);

 public:
  using Vectors = decltype(reads(std::make_index_sequence<prompts>{}));

  void validate() const {
    require_finite("scale", scale);
    for (const double each : weights) require_finite("weights", each);
  }

  /// With cₖ − u = d − (c − cₖ).
  Row<2 + prompts> operator()() const {
    constexpr std::size_t size = 2 + prompts;
    Row<size> row = unit<size>(c) + (Real(scale) - 1.0) * unit<size>(d);
    for (std::size_t k = 0; k < prompts; ++k)
      row = row + Real(weights[k]) * (unit<size>(d) - unit<size>(from_prompt + k));
    return row;
  }
};

}}  // namespace eigenguide
