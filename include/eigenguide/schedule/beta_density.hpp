// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/schedule/moment.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The density of a Beta distribution over a run, of mean 1.
///
///   B(t) = t^(a − 1) (1 − t)^(b − 1) Γ(a + b) / (Γ(a) Γ(b))
struct BetaDensity {
  double a = 1.0;  ///< first shape, no unit; in (0, 1000]
  double b = 1.0;  ///< second shape, no unit; in (0, 1000]. a = b = 1 is constant

  void validate() const {
    require(is_finite(a) && a > 0.0 && a <= 1000.0, "a", a, "a number in (0, 1000]");
    require(is_finite(b) && b > 0.0 && b <= 1000.0, "b", b, "a number in (0, 1000]");
  }

  /// B(t) of `t` in [0, 1]; infinite at 0 with a < 1, and at 1 with b < 1.
  Real operator()(double t) const {
    if (a == 1.0 && b == 1.0) return 1.0;
    if (t == 0.0 && a >= 1.0) return a > 1.0 ? 0.0 : b;
    if (t == 1.0 && b >= 1.0) return b > 1.0 ? 0.0 : a;
    return exp((Real(a) - 1.0) * log(t) + (Real(b) - 1.0) * log(1.0 - Real(t)) + log_gamma(Real(a) + b) -
               log_gamma(a) - log_gamma(b));
  }

 private:
  /// ln Γ(x) for x > 0 by Stirling's series from x ≥ 10 on, where its first
  /// term that is left out is below 2·10⁻¹⁴.
  static Real log_gamma(Real x) {
    Real below = 1.0;
    for (; x < 10.0; x += 1.0) below = below * x;
    const Real r = 1.0 / x, r2 = r * r;
    const Real series =
        r * (1.0 / 12 - r2 * (1.0 / 360 - r2 * (1.0 / 1260 - r2 * (1.0 / 1680 - r2 * (1.0 / 1188)))));
    constexpr double half_log_two_pi = 0.91893853320467274178;
    return (x - 0.5) * log(x) - x + half_log_two_pi + series - log(below);
  }
};

/// A scale that rises and falls over a run as that density:
///
///   s = scale · B(t),  t = step / count
///
/// With a > 1 the first step has the scale 0, which is uncond.
///
/// Errors  at the first step with a < 1, where B is infinite
/// Source  Malarz, Kasymov, Zięba, Tabor, Spurek, arXiv:2502.10574
struct Beta {
  double scale = 1.0;     ///< s on average, no unit; any finite number
  BetaDensity density{};

  void validate() const {
    require_finite("scale", scale);
    density.validate();
  }
  double operator()(const Moment& moment) const {
    require(density.a >= 1.0 || moment.step > 0, "step", 0.0, "more than 0, where a density of `a` < 1 is infinite");
    return static_cast<double>(Real(scale) * density(moment.done()));
  }
};

}}  // namespace eigenguide
