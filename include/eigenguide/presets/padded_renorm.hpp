// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Renormalisation with a padded length, which only shortens:
///
///   g′ = g clamp(‖c‖ / (‖g‖ + 10⁻⁸), cfg_renorm_min, 1)
///
/// A zero g stays zero. Renorm::capped has no pad, and leaves a g that needs no
/// shortening as it is.
///
/// Source  BAGEL, LongCat-Image
struct PaddedRenorm {
  double cfg_renorm_min = 0.0;  ///< least factor, in [0, 1]; 1 changes nothing

  enum Vector : std::size_t { c, g };
  using Vectors = Reads<Role::cond, Role::guided>;

  void validate() const {
    require(is_finite(cfg_renorm_min) && cfg_renorm_min >= 0.0 && cfg_renorm_min <= 1.0, "cfg_renorm_min", cfg_renorm_min,
            "a number in [0, 1]");
  }

  Row<2> operator()(const Gram<2>& gram) const {
    const Real factor = gram.norm(unit<2>(c)) / (gram.norm(unit<2>(g)) + 1e-8);
    return lesser(greater(factor, cfg_renorm_min), 1.0) * unit<2>(g);
  }
};

}}  // namespace eigenguide
