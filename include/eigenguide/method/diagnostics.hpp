// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What a step found of one sample, or of one group of its elements, in the
/// space in which the method's formula is read. The ratios are NaN where c, u or x
/// is not finite, and of a step for which a Guider did not need both c and u.
struct Diagnostics {
  double scale = 1.0;                ///< s of the method's first link that has one, else 1
  double relative_difference = 0.0;  ///< ‖d‖ / ‖u‖; infinite where only u is zero
  double cosine = 0.0;               ///< of the angle between c and u; 0 where one of them is zero
  double zero_star = 0.0;            ///< α* = ⟨c, u⟩ / ‖u‖² of CFG-Zero*; 0 where u is zero
  std::size_t non_finite = 0;        ///< elements of c, u and further predictions that the method reads which are infinite or
                                     ///< NaN; a prediction in the memory of c counts once, with c
};

/// Diagnostics of a Gram matrix whose first vectors are c, d and u; NaN where it is.
template <std::size_t n>
Diagnostics diagnose(const Gram<n>& gram) {
  enum : std::size_t { c, d, u };
  const auto ratio = [](Real a, Real b) { return a == 0.0 ? 0.0 : static_cast<double>(a / b); };
  const Real lengths = sqrt(gram(c, c)) * sqrt(gram(u, u));
  Diagnostics found;
  found.relative_difference = ratio(sqrt(gram(d, d)), sqrt(gram(u, u)));
  if (lengths != 0.0) found.cosine = ratio(gram(c, u), lengths);
  if (gram(u, u) != 0.0) found.zero_star = ratio(gram(c, u), gram(u, u));
  return found;
}

}}  // namespace eigenguide
