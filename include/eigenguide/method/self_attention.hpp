// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Self-attention guidance (SAG): away from the prediction p of an input whose
/// salient parts were blurred, as seen from the unconditional prediction.
///
///   g′ = g + k (u − p)
///
/// The input to degrade is blurred with spectral/gaussian_blur.hpp. Without
/// classifier-free guidance hand `cond` in as u too. ComfyUI's node guides from
/// p to the blurred x₀ itself, which is the same with other tensors:
///
///   guide(with(SelfAttention{0.5}, degraded(p)), guided, blurred, out);
///
/// Space   the same result in every one
/// Source  Hong, Lee, Jang, Kim, arXiv:2210.00939
struct SelfAttention {
  double strength = 0.0;  ///< k, no unit; any finite number. 0 changes nothing

  static constexpr const char* name = "self_attention";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("strength", self.strength);
  }

  enum Vector : std::size_t { c, d, from_degraded };
  using Vectors = Reads<Role::cond, Role::difference, Role::degraded>;

  void validate() const { require_finite("strength", strength); }

  /// u − p = (c − p) − d
  Row<3> operator()() const {
    return unit<3>(c) + Real(strength) * (unit<3>(from_degraded) - unit<3>(d));
  }
};

}}  // namespace eigenguide
