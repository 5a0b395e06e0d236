// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/link.hpp>
#include <eigenguide/method/perp_neg.hpp>

#include <array>
#include <cstddef>

/// Perp-Neg as stable-dreamfusion has it, which its authors took up.
/// Source  Perp-Neg/Perp-Neg-stablediffusion, stable-dreamfusion/guidance/perpneg_utils.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace stable_dreamfusion {

/// Perp-Neg with a floor under the length of the positive direction, of the
/// negatives that have weight:
///
///   n_k⊥ = n_k − ⟨n_k, p⟩ / max(‖p‖², 10⁻⁶) p,   p′ = p + Σ w_k n_k⊥ over |w_k| > 10⁻⁴
///
/// with p = c − u and n_k = prompt_k − u. A weight is the factor of a negative
/// prompt's part, so it is negative; PerpNeg has it with the other sign.
template <std::size_t K = 1>
struct PerpNeg {
  std::array<double, K> weights{};  ///< w_k, no unit; any finite numbers

  enum Vector : std::size_t { c, d, v };  ///< `v` + k: c − prompt_k = p − n_k
  static constexpr std::size_t size = 2 + K;
  using Vectors = typename eigenguide::PerpNeg<K>::Vectors;

  void validate() const { eigenguide::PerpNeg<K>{weights}.validate(); }

  /// p′
  Row<size> difference(const Gram<size>& gram) const { return unit<size>(d) + away(gram); }

  /// u + p′
  Row<size> operator()(const Gram<size>& gram) const { return unit<size>(c) + away(gram); }

 private:
  Row<size> away(const Gram<size>& gram) const {
    Row<size> sum;
    const Real square = greater(gram(d, d), 1e-6);
    for (std::size_t k = 0; k < K; ++k) {
      if (!(abs(Real(weights[k])) > 1e-4)) continue;
      const Row<size> negative = unit<size>(d) - unit<size>(v + k);
      const Real share = (gram(d, d) - gram(v + k, d)) / square;
      sum = sum + Real(weights[k]) * (negative - share * unit<size>(d));
    }
    return sum;
  }
};

}}}  // namespace eigenguide::stable_dreamfusion
