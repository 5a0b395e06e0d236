// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// CFG-Zero*: guidance from the unconditional prediction at its best length.
/// The optimal scale α brings α u as close to c as its direction allows, so
/// that the guidance direction c − α u is orthogonal to u.
///
///   α = ⟨c, u⟩ / ⟨u, u⟩ = 1 + ⟨d, u⟩ / ⟨u, u⟩
///   g = α u + s (c − α u) = c + (s − 1) (d + (1 − α) u)
///
/// A zero u has no direction: α = 0, and g = s c.
///
/// The paper's other half, zero-init, is the link ZeroInit.
///
/// Space   depends on it; the paper's is the velocity of a flow model
/// Source  Fan, Zheng, Yeh, Liu, arXiv:2503.18886
struct CfgZeroStar {
  double scale = 1.0;  ///< s, no unit; any finite number. 1 returns c

  static constexpr const char* name = "cfg_zero_star";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
  }

  enum Vector : std::size_t { c, d, u };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond>;

  void validate() const { require_finite("scale", scale); }

  /// α, the optimal scale of u.
  static Real alpha(const Gram<3>& gram) { return 1.0 - shortfall(gram); }

  /// c − α u, written so that nothing cancels when u is close to c.
  static Row<3> difference(const Gram<3>& gram) { return unit<3>(d) + shortfall(gram) * unit<3>(u); }

  Row<3> operator()(const Gram<3>& gram) const {
    return unit<3>(c) + (Real(scale) - 1.0) * difference(gram);
  }

 private:
  /// 1 − α
  static Real shortfall(const Gram<3>& gram) {
    return gram(u, u) == 0.0 ? Real(1.0) : -gram(d, u) / gram(u, u);
  }
};

}}  // namespace eigenguide
