// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>
#include <eigenguide/algebra/row.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The share of `v` along `onto` as peers have it that normalise `onto` first,
/// dividing by a padded length (10⁻¹² is that of torch's F.normalize):
///
///   v_∥ = ⟨v, n⟩ n,  n = onto / max(‖onto‖, least)
///
/// share_along (algebra/projection.hpp) has no such pad.
template <std::size_t N>
Real share_along_normalized(const Gram<N>& gram, const Row<N>& v, const Row<N>& onto, double least = 1e-12) {
  return gram.inner(v, onto) / greater(gram.square(onto), Real(least) * least);
}

/// The update that APG makes of a difference D with that share: bounded, then
/// with η of what lies along c.
///
///   D ← D min(1, r / ‖D‖)    where r > 0
///   D_⊥ + η D_∥
template <std::size_t N>
Row<N> normalized_update(const Gram<N>& gram, Row<N> difference, const Row<N>& cond, double eta, double norm_threshold,
                         double least = 1e-12) {
  if (norm_threshold > 0.0) {
    const Real length = gram.norm(difference);
    if (length > norm_threshold) difference = norm_threshold / length * difference;
  }
  const Real along = share_along_normalized(gram, difference, cond, least);
  return difference - (1.0 - Real(eta)) * along * cond;
}

}}  // namespace eigenguide
