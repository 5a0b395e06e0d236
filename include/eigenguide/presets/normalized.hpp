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

}}  // namespace eigenguide
