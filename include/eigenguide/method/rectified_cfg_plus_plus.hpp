// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Rectified-CFG++ for flow models: the conditional flow, corrected by the
/// difference of the predictions c̃ and ũ at the point where it leads.
///
///   x̃ = x + Δt c                the predictor: step(Cfg{}, …)
///   g = c + λ (c̃ − ũ)
///
/// c̃ and ũ are handed in as prompt<0> and prompt<1>.
///
/// Space   the velocity of a flow model; the same result in every one in which
///         the three are of one x
/// Source  Saini, Gupta, Bovik, arXiv:2510.07631
struct RectifiedCfgPlusPlus {
  double strength = 0.0;  ///< λ, no unit; any finite number. 0 returns c

  static constexpr const char* name = "rectified_cfg_plus_plus";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("strength", self.strength);
  }

  enum Vector : std::size_t { c, from_cond, from_uncond };
  using Vectors = Reads<Role::cond, prompt_role(0), prompt_role(1)>;

  void validate() const { require_finite("strength", strength); }

  /// c̃ − ũ = (c − ũ) − (c − c̃)
  Row<3> operator()() const {
    return unit<3>(c) + Real(strength) * (unit<3>(from_uncond) - unit<3>(from_cond));
  }
};

}}  // namespace eigenguide
