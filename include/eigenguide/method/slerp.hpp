// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What becomes of lengths while directions move along a great circle.
enum class Magnitude {
  linear,       ///< ‖u‖ + s (‖c‖ − ‖u‖): with s the same line as CFG's where u and c are parallel
  conditional,  ///< ‖c‖ at every s ≠ 0
  raw,          ///< the great circle's coefficients on u and c as they are
};

/// The choices by name, in their order.
constexpr std::array<const char*, 3> names_of(Magnitude) { return {"linear", "conditional", "raw"}; }

/// Slerp guidance: classifier-free guidance on the sphere. The arc from the
/// unconditional to the conditional direction, θ long, is followed on to s·θ.
///
///   cos θ = ⟨c, u⟩ / (‖c‖ ‖u‖)
///   a = sin(s θ) / sin θ             b = sin((1 − s) θ) / sin θ
///   g = m (a c / ‖c‖ + b u / ‖u‖)    m by `magnitude`
///   g = a c + b u                    for Magnitude::raw
///
/// With `linear` and `conditional` the angle between u and g is s·θ. (A line
/// that shortens, ‖c‖ < ‖u‖, passes zero at s = ‖u‖ / (‖u‖ − ‖c‖): from there
/// on m is negative, and g points the other way, as with CFG.)
///
/// Parallel vectors take the limit, a = s and b = 1 − s. Where there is no arc
/// the line is followed, g = u + s d: opposite vectors (cos θ < −1 + 1e-5, where
/// every great circle is as good as another, and a and b grow without bound), and
/// a zero c or u; also for an |s| above 1e100, where s θ and m would leave double.
///
/// Space   depends on it
/// Source  Shoemake, Animating Rotation with Quaternion Curves, SIGGRAPH 1985,
///         extrapolated; integer s gives Chebyshev polynomials of cos θ
struct Slerp {
  double scale = 1.0;                       ///< s, no unit; any finite number. 1 returns c
  Magnitude magnitude = Magnitude::linear;  ///< what becomes of lengths

  static constexpr const char* name = "slerp";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
    visit("magnitude", self.magnitude);
  }

  enum Vector : std::size_t { c, d, u };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond>;

  void validate() const {
    require_finite("scale", scale);
    const bool known = magnitude == Magnitude::linear || magnitude == Magnitude::conditional ||
                       magnitude == Magnitude::raw;
    require(known, "magnitude", static_cast<double>(magnitude), "linear, conditional or raw (0 to 2)");
  }

  Row<3> operator()(const Gram<3>& gram) const {
    const Row<3> cond = unit<3>(c), uncond = unit<3>(u);
    const Real s = scale;
    if (s == 1.0) return cond;  // exactly, whatever the angle
    if (s == 0.0 && magnitude != Magnitude::conditional) return uncond;

    const Real to = sqrt(gram(c, c)), from = sqrt(gram(u, u));
    const bool opposite = gram(c, u) < (1e-5 - 1.0) * (to * from);
    const bool endless = abs(s) > 1e100;
    if (to == 0.0 || from == 0.0 || opposite || endless) return cond + (s - 1.0) * unit<3>(d);

    // sin²θ = (‖c‖²‖d‖² − ⟨c, d⟩²) / (‖c‖²‖u‖²), which does not cancel as u nears c.
    const Real sine_square = gram(d, d) / gram(u, u) - gram(c, d) / gram(c, c) * (gram(c, d) / gram(u, u));
    const Real sine = sine_square < 0.0 ? Real(0.0) : sqrt(sine_square);
    const Real theta = sine == 0.0 ? sine : atan2(sine, gram(c, u) / (to * from));
    const Real a = theta == 0.0 ? s : sin(s * theta) / sin(theta);
    const Real b = theta == 0.0 ? 1.0 - s : sin((1.0 - s) * theta) / sin(theta);
    if (magnitude == Magnitude::raw) return a * cond + b * uncond;

    const Real m = magnitude == Magnitude::conditional ? to : from + s * (to - from);
    return m * a / to * cond + m * b / from * uncond;
  }
};

}}  // namespace eigenguide
