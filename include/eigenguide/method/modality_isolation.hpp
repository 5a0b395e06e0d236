// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Modality isolation: guidance by what one modality tells another, away from
/// the prediction q of the model without the exchange between them.
///
///   g′ = g + (m − 1) (c − q)
///
/// Space   the same result in every one
/// Source  no paper: LTX-2, for video with sound
struct ModalityIsolation {
  double scale = 1.0;  ///< m, no unit; any finite number. 1 changes nothing

  static constexpr const char* name = "modality_isolation";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
  }

  enum Vector : std::size_t { c, from_isolated };
  using Vectors = Reads<Role::cond, Role::isolated>;

  void validate() const { require_finite("scale", scale); }

  Row<2> operator()() const { return unit<2>(c) + (Real(scale) - 1.0) * unit<2>(from_isolated); }
};

}}  // namespace eigenguide
