// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Renormalisation: brings the length of the guided prediction back to that of
/// the conditional one.
///
///   g′ = g · clamp(k ‖c‖ / ‖g‖, floor, cap)
///
/// A zero g is left as it is.
///
/// Group   the sample: capped(r) is Lumina-Image 2.0's, whose own code caps one
///         sample at a time. A token, per_token("bnc"): exact() is Qwen-Image's.
///         A row, per_row("bchw"): exact() is that of diffusers' Lumina 2
/// Space   depends on it; Qwen-Image and Lumina 2 take the model's velocity
/// Source  no paper: CFG-Renorm of Lumina-Image 2.0 (arXiv:2503.21758) with
///         cap 1, true CFG of Qwen-Image (arXiv:2508.02324) without bounds
struct Renorm {
  double ratio = 1.0;  ///< k, no unit; > 0: the length asked for, in units of ‖c‖
  double floor = 1.0;  ///< least factor, in [0, cap]
  double cap = 1.0;    ///< greatest factor; may be infinite. floor = cap = 1 changes nothing

  /// ‖g′‖ = ‖c‖, longer or shorter.
  static Renorm exact() { return {1.0, 0.0, positive_infinity()}; }
  /// ‖g′‖ ≤ ratio · ‖c‖: only ever shortens, and never below `floor` of g.
  static Renorm capped(double ratio = 1.0, double floor = 0.0) { return {ratio, floor, 1.0}; }

  static constexpr const char* name = "renorm";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("ratio", self.ratio);
    visit("floor", self.floor);
    visit("cap", self.cap);
  }

  enum Vector : std::size_t { c, g };
  using Vectors = Reads<Role::cond, Role::guided>;

  void validate() const {
    require(is_finite(ratio) && ratio > 0.0, "ratio", ratio, "a positive number");
    require(cap >= 0.0, "cap", cap, "a number, at least 0");
    require(floor >= 0.0 && floor <= cap, "floor", floor, "a number in [0, `cap`]");
  }

  Row<2> operator()(const Gram<2>& gram) const {
    if (floor == cap) return Real(cap) * unit<2>(g);  // whatever was measured
    const Real length = gram.norm(unit<2>(g));
    const Real factor = length == 0.0 ? Real(1.0) : Real(ratio) * gram.norm(unit<2>(c)) / length;
    return lesser(greater(factor, Real(floor)), Real(cap)) * unit<2>(g);
  }
};

}}  // namespace eigenguide
