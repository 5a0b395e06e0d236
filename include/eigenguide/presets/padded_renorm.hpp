// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Renormalisation as several peers have it: only ever shortens, by a ratio
/// whose denominator is kept from zero.
///
///   g′ = g · clamp(‖c‖ / (‖g‖ + 10⁻⁸), floor, 1)
///
/// Against Renorm::capped(1, floor) it makes a difference of 10⁻⁸ / ‖g‖.
struct PaddedRenorm {
  double floor = 1.0;  ///< least factor, in [0, 1]. 1 changes nothing

  enum Vector : std::size_t { c, g };
  using Vectors = Reads<Role::cond, Role::guided>;

  void validate() const { require(is_finite(floor) && floor >= 0.0 && floor <= 1.0, "floor", floor, "a number in [0, 1]"); }

  Row<2> operator()(const Gram<2>& gram) const {
    const Real ratio = gram.norm(unit<2>(c)) / (gram.norm(unit<2>(g)) + 1e-8);
    return lesser(greater(ratio, Real(floor)), 1.0) * unit<2>(g);
  }
};

}}  // namespace eigenguide
