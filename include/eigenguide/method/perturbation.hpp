// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Perturbation guidance: away from what the model predicts when it is made
/// worse, by perturbed attention (PAG), skipped layers (SLG, STG) or smoothed
/// attention (SEG), under the same condition.
///
///   g′ = g + k (c − p)
///
/// Added to other guidance: `Cfg{5.0} | Perturbation{2.8}`. (Autoguidance has no
/// term of its own: it is Cfg with the weaker model's prediction as u.)
///
/// Space   the same result in every one
/// Source  PAG: Ahn et al., arXiv:2403.17377. SEG: Hong, arXiv:2408.00760. STG:
///         Hyung et al., arXiv:2411.18664. Autoguidance: Karras et al., arXiv:2406.02507
struct Perturbation {
  double strength = 0.0;  ///< k, no unit; any finite number. 0 changes nothing

  static constexpr const char* name = "perturbation";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("strength", self.strength);
  }

  enum Vector : std::size_t { c, from_perturbed };
  using Vectors = Reads<Role::cond, Role::perturbed>;

  void validate() const { require_finite("strength", strength); }

  Row<2> operator()() const { return unit<2>(c) + Real(strength) * unit<2>(from_perturbed); }
};

}}  // namespace eigenguide
