// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>
#include <eigenguide/algebra/row.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The share of `v` along `onto`: v_∥ = share · onto.
///
///   share = ⟨v, onto⟩ / ‖onto‖²
///
/// A zero `onto` has no direction: nothing lies along it, and the share is 0.
template <std::size_t N>
Real share_along(const Gram<N>& gram, const Row<N>& v, const Row<N>& onto) {
  const Real square = gram.square(onto);
  return square == 0.0 ? square : gram.inner(v, onto) / square;
}

/// v_⊥ = v − v_∥, what is left of `v` without its share along `onto`.
template <std::size_t N>
Row<N> orthogonal_to(const Gram<N>& gram, const Row<N>& v, const Row<N>& onto) {
  return v - share_along(gram, v, onto) * onto;
}

}}  // namespace eigenguide
