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
///   α = ⟨c, u⟩ / ⟨u, u⟩
///   g = α u + s (c − α u) = c + (s − 1) (c − α u)
///
/// A zero u has no direction: α = 0, and g = s c.
///
/// The paper's other half, zero-init, is the link ZeroInit.
///
/// Space   depends on it; the paper's is the velocity of a flow model
/// Source  Fan, Zheng, Yeh, Liu, arXiv:2503.18886
struct CfgZeroStar {
  double scale = 1.0;  ///< s, no unit; any finite number. 1 returns c

  enum Vector : std::size_t { c, d };
  using Vectors = Reads<Role::cond, Role::difference>;

  void validate() const { require_finite("scale", scale); }

  /// α, the optimal scale of u.
  Real alpha(const Gram<2>& gram) const {
    const Row<2> u = unit<2>(c) - unit<2>(d);
    const Real square = gram.square(u);
    return square == 0.0 ? Real(0.0) : gram.inner(unit<2>(c), u) / square;
  }

  /// c − α u
  Row<2> difference(const Gram<2>& gram) const {
    const Row<2> u = unit<2>(c) - unit<2>(d);
    return unit<2>(c) - alpha(gram) * u;
  }

  Row<2> operator()(const Gram<2>& gram) const {
    return unit<2>(c) + (Real(scale) - 1.0) * difference(gram);
  }
};

}}  // namespace eigenguide
