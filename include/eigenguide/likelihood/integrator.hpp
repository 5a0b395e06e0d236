// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// An explicit Runge–Kutta method.
///
///   kᵢ = f(y + h Σⱼ aᵢⱼ kⱼ, t + cᵢ h),  y′ = y + h Σᵢ bᵢ kᵢ
template <std::size_t s>
struct Tableau {
  static constexpr std::size_t stages = s;
  double a[s][s];  ///< below the diagonal
  double b[s], c[s];
};

/// y′ = y + h k₁; error of order h.
struct Euler {
  static constexpr bool adaptive = false;
  static constexpr Tableau<1> tableau{{{0}}, {1}, {0}};
};

/// The trapezoidal rule after a step of Euler's, as EDM's sampler has it; h².
struct Heun {
  static constexpr bool adaptive = false;
  static constexpr Tableau<2> tableau{{{0, 0}, {1, 0}}, {0.5, 0.5}, {0, 1}};
};

/// The classical method of four stages; h⁴.
struct RungeKutta4 {
  static constexpr bool adaptive = false;
  static constexpr Tableau<4> tableau{
      {{0, 0, 0, 0}, {0.5, 0, 0, 0}, {0, 0.5, 0, 0}, {0, 0, 1, 0}}, {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6}, {0, 0.5, 0.5, 1}};
};

/// Dormand–Prince 5(4): steps that are as long as the tolerance lets them be,
/// for each sample its own. The last stage is the first of the next step.
///
///   e  = h Σᵢ (bᵢ − b*ᵢ) kᵢ,  E = max over x and the integrals of the
///        divergence of rms(e / (atol + rtol max(|y|, |y′|)))
///   accepted if E ≤ 1;  h ← h · clamp(0.9 E^(−1/5), 0.2, 10)
///
/// A tolerance below the model's rounding (6e-8 of a float) only costs steps.
///
/// Source  Dormand, Prince 1980; the step control of Hairer, Nørsett, Wanner,
///         Solving Ordinary Differential Equations I, §II.4
struct DormandPrince {
  double rtol = 1e-5;             ///< relative tolerance of a step; ≥ 0, one of them positive
  double atol = 1e-5;             ///< absolute, in units of x and in nats; ≥ 0
  std::size_t max_steps = 10000;  ///< of one sample, those that were not accepted included

  static constexpr bool adaptive = true;
  static constexpr Tableau<7> tableau{{{0, 0, 0, 0, 0, 0, 0},
                                       {1.0 / 5, 0, 0, 0, 0, 0, 0},
                                       {3.0 / 40, 9.0 / 40, 0, 0, 0, 0, 0},
                                       {44.0 / 45, -56.0 / 15, 32.0 / 9, 0, 0, 0, 0},
                                       {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729, 0, 0, 0},
                                       {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656, 0, 0},
                                       {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0}},
                                      {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0},
                                      {0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1}};
  /// b − b*
  static constexpr double error[7] = {71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                      -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

  /// Errors: a tolerance that is negative or not finite, both of them 0, no steps
  void validate() const {
    require(is_finite(rtol) && rtol >= 0.0, "rtol", rtol, "a finite number, at least 0");
    require(is_finite(atol) && atol >= 0.0, "atol", atol, "a finite number, at least 0");
    require(rtol + atol > 0.0, "atol", atol, "a positive number where `rtol` is 0");
    require(max_steps >= 1, "max_steps", static_cast<double>(max_steps), "at least 1");
  }

  /// The next length of a step, as a multiple of the one that had the error E.
  static double growth(double scaled_error) {
    const double factor = scaled_error > 0.0 ? 0.9 * std::pow(scaled_error, -0.2) : 10.0;
    return factor < 0.2 ? 0.2 : factor > 10.0 ? 10.0 : factor;
  }
};

/// `steps` + 1 times from one to another, at even distances; both are exact.
/// Errors  no steps, 1e9 or more, times that are equal, not finite, or further apart than a double says
inline std::vector<double> even_times(double from, double to, std::size_t steps) {
  require(steps >= 1, "steps", static_cast<double>(steps), "at least 1");
  require_count("steps", steps);
  require_finite("from", from);
  require(is_finite(to - from) && (to < from || to > from), "to", to, "a finite number, another than `from`");
  std::vector<double> times;
  for (std::size_t i = 0; i <= steps; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(steps);
    times.push_back(i == steps ? to : from + (to - from) * share);
  }
  return times;
}

}}  // namespace eigenguide
