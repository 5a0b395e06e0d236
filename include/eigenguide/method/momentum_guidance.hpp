// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Momentum guidance: away from the running average of the guided prediction,
/// so that what a step adds over the ones before it is followed further.
///
///   g′ = g + k (g − m)
///   m′ = (1 − β) g + β m;   m = g at the first step
///
/// State   average, the m of the last step, in the method's space
/// Space   depends on it; pamparamm's nodes take x₀
/// Source  the nodes' formula; the paper is given there as arXiv:2602.20360
struct MomentumGuidance {
  double strength = 0.0;  ///< k, no unit; any finite number. 0 changes nothing
  double ema = 0.0;       ///< β, no unit; in [0, 1]. How much of m stays
  std::size_t step = 0;   ///< the current step, 0-based: at 0 there is no m yet

  static constexpr const char* name = "momentum_guidance";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("strength", self.strength);
    visit("ema", self.ema);
    visit("step", self.step);
  }

  enum Vector : std::size_t { g, m };
  using Vectors = Reads<Role::guided, Role::average>;

  void validate() const {
    require_finite("strength", strength);
    require(ema >= 0.0 && ema <= 1.0, "ema", ema, "a number in [0, 1]");
  }

  Row<2> operator()() const {
    if (step == 0) return unit<2>(g);
    return unit<2>(g) + Real(strength) * (unit<2>(g) - unit<2>(m));
  }
  Row<2> next() const {
    if (step == 0) return unit<2>(g);
    return (1.0 - Real(ema)) * unit<2>(g) + Real(ema) * unit<2>(m);
  }
};

}}  // namespace eigenguide
