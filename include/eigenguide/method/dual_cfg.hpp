// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Guidance by two conditions, one of which has a prediction m of its own: the
/// image without the text.
///
///   g = u + s_m (m − u) + s (c − m)
///
/// InstructPix2Pix (s 7.5, s_m 1.5), OmniGen, Open-Sora's image-to-video, the
/// three predictions of stable-diffusion.cpp and ACE-Step's double guidance are
/// this formula.
///
/// Space   the same result in every one
/// Source  Brooks, Holynski, Efros, arXiv:2211.09800
struct DualCfg {
  double scale = 1.0;         ///< s, of c against m; no unit, any finite number
  double middle_scale = 1.0;  ///< s_m, of m against u. Both 1: c

  static constexpr const char* name = "dual_cfg";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
    visit("middle_scale", self.middle_scale);
  }

  enum Vector : std::size_t { c, d, from_middle };
  using Vectors = Reads<Role::cond, Role::difference, Role::middle>;

  void validate() const {
    require_finite("scale", scale);
    require_finite("middle_scale", middle_scale);
  }

  /// With m − u = d − (c − m): g = c + (s_m − 1) d + (s − s_m) (c − m).
  Row<3> operator()() const {
    return unit<3>(c) + (Real(middle_scale) - 1.0) * unit<3>(d) +
           (Real(scale) - middle_scale) * unit<3>(from_middle);
  }
};

/// The same two conditions, one inside the other: what guides from m to c is
/// guided again, away from u.
///
///   g = u + s_m ((m + s (c − m)) − u)
///
/// Source  no paper: ComfyUI's nested DualCFG, BAGEL
struct NestedDualCfg {
  double scale = 1.0;         ///< s, of c against m; no unit, any finite number
  double middle_scale = 1.0;  ///< s_m, of the result against u. Both 1: c

  static constexpr const char* name = "nested_dual_cfg";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
    visit("middle_scale", self.middle_scale);
  }

  enum Vector : std::size_t { c, d, from_middle };
  using Vectors = Reads<Role::cond, Role::difference, Role::middle>;

  void validate() const {
    require_finite("scale", scale);
    require_finite("middle_scale", middle_scale);
  }

  /// g = c + (s_m − 1) d + s_m (s − 1) (c − m)
  Row<3> operator()() const {
    return unit<3>(c) + (Real(middle_scale) - 1.0) * unit<3>(d) +
           Real(middle_scale) * (Real(scale) - 1.0) * unit<3>(from_middle);
  }
};

}}  // namespace eigenguide
