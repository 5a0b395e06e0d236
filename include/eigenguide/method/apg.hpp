// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/projection.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What a threshold of length is compared with.
enum class Length {
  norm,  ///< ‖v‖, which grows as √n: a threshold fits one resolution
  rms,   ///< ‖v‖ / √n, the same at every resolution
};

/// The choices by name, in their order.
constexpr std::array<const char*, 2> names_of(Length) { return {"norm", "rms"}; }

/// Adaptive projected guidance (APG): guidance whose difference is bounded in
/// length, and turned away from the conditional prediction, so that large
/// scales do not oversaturate.
///
///   D   = d min(1, r / ‖d‖)
///   D_∥ = ⟨D, c⟩ / ‖c‖² c,   D_⊥ = D − D_∥
///   g   = c + (s − 1) (D_⊥ + η D_∥)
///
/// With a smoothing q > 0 the bound sets in gradually, and is
///
///   D = d / (1 + (‖d‖ / r)^(1/q))^q
///
/// A zero c has no direction: nothing is projected out. A zero d is within any
/// bound. The paper's momentum is a link before this one:
///
///   guide(with(Momentum{-0.5} | Apg{7.5, 0.0, 15.0}, momentum(m, m)), cond, uncond, out);
///
/// Group   what the lengths and the projection are over
/// Space   depends on it; the paper's is x₀
/// Source  Sadat, Hilliges, Weber, arXiv:2410.02416, algorithm 1; the length by
///         rms and the smoothing are stable-diffusion.cpp's
struct Apg {
  double scale = 1.0;            ///< s, no unit; any finite number. 1 returns c
  double eta = 1.0;              ///< η, no unit; any finite number: the share along c that stays. 1 keeps it
  double norm_threshold = 0.0;   ///< r, in units of the space; at least 0. 0 sets no bound
  Length length = Length::norm;  ///< what r bounds
  double smoothing = 0.0;        ///< q, no unit; at least 0. 0 is a hard bound

  static constexpr const char* name = "apg";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
    visit("eta", self.eta);
    visit("norm_threshold", self.norm_threshold);
    visit("length", self.length);
    visit("smoothing", self.smoothing);
  }

  enum Vector : std::size_t { c, d };
  using Vectors = Reads<Role::cond, Role::difference>;

  void validate() const {
    require_finite("scale", scale);
    require_finite("eta", eta);
    require(is_finite(norm_threshold) && norm_threshold >= 0.0, "norm_threshold", norm_threshold,
            "a finite number, at least 0");
    require(length == Length::norm || length == Length::rms, "length", static_cast<double>(length),
            "norm or rms (0 or 1)");
    require(is_finite(smoothing) && smoothing >= 0.0, "smoothing", smoothing, "a finite number, at least 0");
  }

  /// D_⊥ + η D_∥
  Row<2> difference(const Gram<2>& gram) const {
    const Real along = (1.0 - Real(eta)) * share_along(gram, unit<2>(d), unit<2>(c));
    return bound(gram) * (unit<2>(d) - along * unit<2>(c));
  }

  Row<2> operator()(const Gram<2>& gram) const {
    return unit<2>(c) + (Real(scale) - 1.0) * difference(gram);
  }

 private:
  /// ‖D‖ / ‖d‖
  Real bound(const Gram<2>& gram) const {
    if (norm_threshold == 0.0) return 1.0;
    const Real square = length == Length::norm ? gram(d, d) : gram(d, d) / gram.elements;
    const Real excess = sqrt(square) / norm_threshold;  // ‖d‖ / r
    const bool within = excess <= 1.0;  // NaN is not, and is seen in the result
    const Real factor = within ? Real(1.0) : 1.0 / excess;
    if (smoothing == 0.0) return factor;
    // Of excess and its reciprocal, the power of the one that is at most 1.
    const Real least = within ? excess : factor;
    return factor / pow(1.0 + pow(least, 1.0 / Real(smoothing)), smoothing);
  }
};

}}  // namespace eigenguide
