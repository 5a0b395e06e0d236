// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Guidance rescale: brings the spread of the guided prediction back to that
/// of the conditional one, by the share φ, against overexposure.
///
///   g′ = φ g std(c) / std(g) + (1 − φ) g
///
/// std is over all elements of the group; whether it divides by n or n − 1
/// cancels. A g of zero spread (its std below 3·10⁻⁷ of its root mean square)
/// is left as it is.
///
/// Group   the sample: the paper's, diffusers', openvino.genai's. The channels
///         at one point of time, over("c", "bct"): Stable Audio's. The whole
///         batch, by `one_sample` of each tensor: community STG's, and that of
///         ComfyUI's SkipLayerGuidanceDiT
/// Space   depends on it; the paper's is v
/// Source  Lin, Liu, Li, Yang, arXiv:2305.08891, §3.4
struct Rescale {
  double phi = 0.0;  ///< φ, no unit; in [0, 1]. 0 changes nothing

  static constexpr const char* name = "rescale";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("phi", self.phi);
  }

  enum Vector : std::size_t { c, g, one };
  using Vectors = Reads<Role::cond, Role::guided, Role::one>;

  void validate() const { require(phi >= 0.0 && phi <= 1.0, "phi", phi, "a number in [0, 1]"); }

  Row<3> operator()(const Gram<3>& gram) const {
    if (phi == 0.0) return unit<3>(g);  // whatever was measured
    const Real spread = variance(gram, g);
    const Real ratio = spread == 0.0 ? Real(1.0) : sqrt(variance(gram, c) / spread);
    return (1.0 + Real(phi) * (ratio - 1.0)) * unit<3>(g);
  }

 private:
  /// Σ v² − (Σ v)² / n, the variance up to the divisor that both share. Below
  /// 10⁻¹³ Σ v² it is what rounding leaves of a constant: none.
  static Real variance(const Gram<3>& gram, std::size_t v) {
    const Row<3> centred = unit<3>(v) - gram(v, one) / gram(one, one) * unit<3>(one);
    const Real square = gram.square(centred);
    return square < 1e-13 * gram(v, v) ? Real(0.0) : square;
  }
};

}}  // namespace eigenguide
