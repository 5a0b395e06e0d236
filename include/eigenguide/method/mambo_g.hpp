// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Magnitude-aware guidance (MAMBO-G): the less of it, the longer the
/// difference of the predictions is beside the unconditional one, as in the
/// first steps of a run.
///
///   s′ = 1 + (s − 1) exp(−α ‖d‖ / ‖u‖)
///   g  = u + s′ d = c + (s′ − 1) d
///
/// A zero u makes every difference infinitely long: g = c, for any α > 0.
///
/// Space   depends on it; the paper's is the model's own
/// Source  Zhu et al., arXiv:2508.03442
struct MamboG {
  double scale = 1.0;  ///< s, no unit; any finite number. 1 returns c
  double alpha = 0.0;  ///< α, no unit; at least 0. 0 is plain guidance

  static constexpr const char* name = "mambo_g";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
    visit("alpha", self.alpha);
  }

  enum Vector : std::size_t { c, d, u };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond>;

  void validate() const {
    require_finite("scale", scale);
    require(is_finite(alpha) && alpha >= 0.0, "alpha", alpha, "a finite number, at least 0");
  }

  /// exp(−α ‖d‖ / ‖u‖) d, the difference that is left.
  Row<3> difference(const Gram<3>& gram) const {
    if (alpha == 0.0) return unit<3>(d);
    if (gram(u, u) == 0.0) return Row<3>{};
    return exp(-(Real(alpha) * sqrt(gram(d, d) / gram(u, u)))) * unit<3>(d);
  }

  Row<3> operator()(const Gram<3>& gram) const {
    return unit<3>(c) + (Real(scale) - 1.0) * difference(gram);
  }
};

}}  // namespace eigenguide
