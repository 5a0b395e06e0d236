// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/prediction/conversion.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Guidance evaluated in a space of its own: the model predicts one kind, the
/// method's formula is read in another ("a v-model guided in x₀").
///
/// A prediction p of the model is p′ = B (p + ρ x) in the method's space. Its
/// result g′ goes back to the model's kind as
///
///   g′ = r_c c′ + r_u u′ + r_d d′ + k,    d′ = B d
///   guided = c + (g′ − c′) / B = r_c c + r_u u + r_d d + (r_c + r_u − 1) ρ x + k / B
///
/// B is gone from the weights of the predictions, and x with it whenever they
/// sum to one: guidance that is affine is the same in every space.
struct Space {
  Kind model = Kind::epsilon;   ///< kind of cond, uncond and the result
  Kind method = Kind::epsilon;  ///< kind in which the method's formula is read
};

/// One space at one level.
struct SpaceMap {
  Real scale = 1.0;  ///< B
  Real shift = 0.0;  ///< ρ
};

/// Errors: as Conversion, in both directions: the space must be reachable from
/// the model's kind and back, by weights {B, Bρ} and {1/B, −ρ} of at most 10¹⁰⁰:
/// inner products grow by their squares, and of any finite floats then stay within
/// double.
inline SpaceMap map(const Space& space, const Level& level) {
  const Row<2> there = Conversion{space.model, space.method}(level);
  const Row<2> back = Conversion{space.method, space.model}(level);
  const auto largest = [](const Row<2>& row) { return greater(abs(row[Conversion::prediction]), abs(row[Conversion::x])); };
  detail::require_level(greater(largest(there), largest(back)) <= 1e100, level,
                        "a level at which the weights to and from the method's space are at most 1e100");
  // ρ = A / B, of which the way back holds the one in the other: −A / B.
  return {there[Conversion::prediction], -back[Conversion::x]};
}

}}  // namespace eigenguide
