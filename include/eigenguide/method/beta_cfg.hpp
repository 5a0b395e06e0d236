// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/schedule/beta_density.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// β-CFG: guidance that rises and falls over a run as the density of a Beta
/// distribution, by a difference whose length is evened out.
///
///   B(t) = t^(a − 1) (1 − t)^(b − 1) Γ(a + b) / (Γ(a) Γ(b))
///   d′ = B(t) d / ‖d‖^γ
///
/// The result is u + d′, and the links after it see d′ as the difference, so
/// that the paper's g = u + s d′ is BetaCfg{a, b, gamma, t} | Cfg{s}:
///
///   guide(BetaCfg{2.0, 2.0, 0.0, double(step) / count} | Cfg{7.5}, cond, uncond, out);
///
/// The mean of B over a run is 1, so that with γ = 0 the scale is s on average.
/// A B(t) of 0, as at the ends of a run with a, b > 1, leaves u. With γ > 0
/// the guidance is as long as s B(t) ‖d‖^(1 − γ), which is no scale in the
/// sense of 1 for c and 0 for u. A zero d has no length to even out: d′ = d.
///
/// Group   what ‖d‖ is over
/// Space   depends on it for γ > 0
/// Source  Malarz, Kasymov, Zięba, Tabor, Spurek, arXiv:2502.10574
struct BetaCfg {
  double a = 1.0;         ///< first shape of the density, no unit; in (0, 1000]
  double b = 1.0;         ///< second shape, no unit; in (0, 1000]. a = b = 1 is constant
  double gamma = 0.0;     ///< γ, no unit; in [0, 1]. 0 leaves the length, 1 makes it the same everywhere
  double progress = 0.0;  ///< t, the share of the run that is done; in [0, 1], where B is finite

  static constexpr const char* name = "beta_cfg";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("a", self.a);
    visit("b", self.b);
    visit("gamma", self.gamma);
    visit("progress", self.progress);
  }

  enum Vector : std::size_t { c, d };
  using Vectors = Reads<Role::cond, Role::difference>;

  /// Errors: also a `progress` at which the density is infinite: 0 with a < 1,
  /// 1 with b < 1
  void validate() const {
    BetaDensity{a, b}.validate();
    require(is_finite(gamma) && gamma >= 0.0 && gamma <= 1.0, "gamma", gamma, "a number in [0, 1]");
    require(is_finite(progress) && progress >= 0.0 && progress <= 1.0, "progress", progress, "a number in [0, 1]");
    require(a >= 1.0 || progress > 0.0, "progress", progress, "more than 0, where a density of `a` < 1 is infinite");
    require(b >= 1.0 || progress < 1.0, "progress", progress, "less than 1, where a density of `b` < 1 is infinite");
  }

  /// d′
  Row<2> difference(const Gram<2>& gram) const { return factor(gram) * unit<2>(d); }

  /// u + d′
  Row<2> operator()(const Gram<2>& gram) const { return unit<2>(c) + (factor(gram) - 1.0) * unit<2>(d); }

 private:
  /// B(t) / ‖d‖^γ
  Real factor(const Gram<2>& gram) const {
    if (gram(d, d) == 0.0) return 1.0;
    const Real density = BetaDensity{a, b}(progress);
    return gamma == 0.0 ? density : density / pow(gram(d, d), 0.5 * Real(gamma));
  }
};

}}  // namespace eigenguide
