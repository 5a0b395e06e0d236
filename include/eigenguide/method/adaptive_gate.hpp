// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Adaptive guidance: no guidance once the two predictions agree, when the
/// unconditional one is no longer worth its evaluation.
///
///   g′ = c where cos(c, u) ≥ threshold, else g
///
/// From then on the run may leave the unconditional evaluations out: that
/// switch is the sampler's. A zero c or u agrees with nothing.
///
/// Space   depends on it; the paper's is ε, asagi4's node takes x₀
/// Source  Castillo et al., arXiv:2312.12487
struct AdaptiveGate {
  double threshold = 2.0;  ///< of the cosine, no unit; any finite number. Above 1 changes nothing

  static constexpr const char* name = "adaptive_gate";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("threshold", self.threshold);
  }

  enum Vector : std::size_t { c, d, u, g };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond, Role::guided>;

  void validate() const { require_finite("threshold", threshold); }

  /// cos(c, u)
  static Real cosine(const Gram<4>& gram) {
    const Real lengths = sqrt(gram(c, c)) * sqrt(gram(u, u));
    return lengths == 0.0 ? Real(0.0) : gram(c, u) / lengths;
  }

  Row<4> operator()(const Gram<4>& gram) const {
    const bool agree = threshold <= 1.0 && cosine(gram) >= threshold;
    return unit<4>(agree ? c : g);
  }
};

}}  // namespace eigenguide
