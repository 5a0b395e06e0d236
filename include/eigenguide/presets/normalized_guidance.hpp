// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// v projected on c as the peers do it: on a direction c / max(‖c‖, 10⁻¹²). The
/// share of c that it is; 0 for a zero c.
///
/// Source  torch.nn.functional.normalize
template <std::size_t N>
Real padded_share(const Gram<N>& gram, const Row<N>& v, const Row<N>& c) {
  return gram.inner(v, c) / greater(gram.square(c), 1e-24);
}

/// What an update is added to.
enum class Base { cond, uncond };

/// The normalized_guidance that APG's authors published, from which the peers
/// have theirs. They differ in the base, and in whether its scale is s or s − 1.
///
///   D = d min(1, r / ‖d‖)
///   update = D_⊥ + η D_∥
///   g = base + scale · update
///
/// On the base c with s − 1 it is Apg. On the base u with s it is Apg's result
/// less what the update leaves out of d: less (1 − η) d_∥ where nothing is
/// bounded, which is taken from the conditional prediction itself.
///
/// Source  Sadat, Hilliges, Weber, arXiv:2410.02416, appendix
struct NormalizedGuidance {
  double scale = 1.0;           ///< no unit; any finite number
  double eta = 1.0;             ///< η, no unit; any finite number
  double norm_threshold = 0.0;  ///< r, in units of the space; 0 and below: no bound
  Base base = Base::uncond;

  enum Vector : std::size_t { c, d };
  using Vectors = Reads<Role::cond, Role::difference>;

  void validate() const {
    require_finite("scale", scale);
    require_finite("eta", eta);
    require_finite("norm_threshold", norm_threshold);
  }

  /// D_⊥ + η D_∥
  Row<2> update(const Gram<2>& gram) const {
    const Real along = (1.0 - Real(eta)) * padded_share(gram, unit<2>(d), unit<2>(c));
    return bound(gram) * (unit<2>(d) - along * unit<2>(c));
  }

  Row<2> operator()(const Gram<2>& gram) const { return based(unit<2>(c), unit<2>(d), update(gram)); }

  /// base + scale · update, of the unbounded difference
  template <std::size_t N>
  Row<N> based(const Row<N>& cond, const Row<N>& difference, const Row<N>& update) const {
    return (base == Base::cond ? cond : cond - difference) + Real(scale) * update;
  }

 private:
  /// min(1, r / ‖d‖)
  Real bound(const Gram<2>& gram) const {
    if (norm_threshold <= 0.0 || gram(d, d) == 0.0) return 1.0;
    return lesser(1.0, Real(norm_threshold) / sqrt(gram(d, d)));
  }
};

/// The same with the peers' momentum: the update is that of the running average,
/// while the base is the prediction itself.
///
///   m′ = d + β m
///   update: of m′ in the place of d
///
/// Before its guidance begins a peer may feed the average without using it, and
/// may freeze it: m′ = m.
struct MomentumNormalizedGuidance {
  NormalizedGuidance guidance;
  double momentum = 0.0;  ///< β, no unit; any finite number
  enum class Average { frozen, fed, used } average = Average::used;

  enum Vector : std::size_t { c, d, m };
  using Vectors = Reads<Role::cond, Role::difference, Role::momentum>;

  void validate() const {
    guidance.validate();
    require_finite("momentum", momentum);
  }

  /// m′
  Row<3> next(const Gram<3>&) const { return average == Average::frozen ? unit<3>(m) : fed(); }

  Row<3> operator()(const Gram<3>& gram) const {
    const Rows<2, 3> seen{unit<3>(c), average == Average::used ? fed() : unit<3>(d)};
    return guidance.based(unit<3>(c), unit<3>(d), compose(guidance.update(gram.of(seen)), seen));
  }

 private:
  Row<3> fed() const { return unit<3>(d) + Real(momentum) * unit<3>(m); }
};

}}  // namespace eigenguide
