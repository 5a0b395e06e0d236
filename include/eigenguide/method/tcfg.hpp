// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Tangential damping (TCFG): guidance from the share of the unconditional
/// prediction that lies along the direction that both predictions have in
/// common, the leading right singular vector v₁ of [c; u].
///
///   ũ = ⟨u, v₁⟩ v₁
///   g = ũ + s (c − ũ) = c + (s − 1) (c − ũ)
///
/// No decomposition is needed. With the leading eigenvector (cos φ, sin φ) of
/// the Gram matrix of {c, u}, v₁ is along cos φ c + sin φ u, and
///
///   ũ = sin φ cos φ c + sin² φ u
///   c − ũ = ½ (1 − sin 2φ + cos 2φ) c + ½ (1 − cos 2φ) d
///   tan 2φ = 2 ⟨c, u⟩ / (‖c‖² − ‖u‖²)
///
/// Orthogonal predictions of one length have no leading direction: ũ = u.
///
/// Space   depends on it; the paper's is the score
/// Source  Kwon, Kim, Jeong, Hsiao, Uh, arXiv:2503.18137
struct Tcfg {
  double scale = 1.0;  ///< s, no unit; any finite number. 1 returns c

  static constexpr const char* name = "tcfg";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
  }

  enum Vector : std::size_t { c, d, u };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond>;

  void validate() const { require_finite("scale", scale); }

  /// c − ũ
  static Row<3> difference(const Gram<3>& gram) {
    // ‖c‖² − ‖u‖² = ⟨d, c + u⟩, which does not cancel as u nears c.
    Real longer = gram(c, d) + gram(d, u), twice = 2.0 * gram(c, u);
    const Real largest = greater(abs(longer), abs(twice));
    // With nearly no leading direction, its angle is what is left of large sums.
    gram.cancelled = gram.cancelled || largest < cancellation * (gram(c, c) + gram(u, u));
    if (largest == 0.0) return unit<3>(d);
    longer = longer / largest, twice = twice / largest;  // whose squares are numbers
    const Real radius = sqrt(longer * longer + twice * twice);

    const Real sine = twice / radius, cosine = longer / radius;  // of 2φ
    // 1 − sin 2φ; it would cancel as u nears c, where 2φ is a right angle.
    const Real shortfall = sine > 0.0 ? cosine * cosine / (1.0 + sine) : 1.0 - sine;
    return 0.5 * (shortfall + cosine) * unit<3>(c) + 0.5 * (1.0 - cosine) * unit<3>(d);
  }

  Row<3> operator()(const Gram<3>& gram) const {
    return unit<3>(c) + (Real(scale) - 1.0) * difference(gram);
  }
};

}}  // namespace eigenguide
