// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The weight of the derivative j steps back in an Adams-Bashforth step over
/// uneven levels: the integral of its Lagrange polynomial over the step.
///
///   x_{i+1} = x_i + Σ_j w_j d_{i−j},  j < order
///   w_j = ∫ from t_i to t_{i+1} of Π_{k ≠ j} (τ − t_{i−k}) / (t_{i−j} − t_{i−k}) dτ
///
/// The integral is exact but for rounding. Order 1 is Euler's step, t_{i+1} − t_i.
///
/// Inputs  t      the levels of the run, no two of a step the same
///         order  the number of derivatives, 1 to 8; at most i + 1
///         i      the step, from t_i to t_{i+1}
///         j      how many steps back, less than order
/// Errors  numbers outside their range, levels that are not finite or the same, or
///         whose differences or weight are beyond double
/// Source  crowsonkb/k-diffusion @ 4601bf085320592473f681a62808ed873d17fad5,
///         k_diffusion/sampling.py, linear_multistep_coeff, whose quadrature is approximate
inline double linear_multistep_weight(const std::vector<double>& t, std::size_t order, std::size_t i,
                                      std::size_t j) {
  const auto number = [](std::size_t count) { return static_cast<double>(count); };
  require(i + 1 < t.size(), "i", number(i), "a step of the run: `t` has its end");
  require(order >= 1 && order <= 8 && order <= i + 1, "order", number(order), "a number from 1 to 8, at most `i` + 1");
  require(j < order, "j", number(j), "a number less than `order`");
  require_finite("t", t[i + 1]);
  require_finite("t", t[i - j]);
  for (std::size_t k = 0; k < order; ++k) {
    require_finite("t", t[i - k]);
    require(k == j || t[i - k] != t[i - j], "t", t[i - k], "levels that differ");
    require(is_finite(t[i - j] - t[i - k]), "t", t[i - j], "levels whose differences are within double");
  }
  // Four points of Gauss and Legendre are exact up to degree 7.
  constexpr double points[] = {0.3399810435848563, 0.8611363115940526};
  constexpr double weights[] = {0.6521451548625461, 0.34785484513745385};
  // Halves before their sum, which may be beyond double.
  const Real from = Real(0.5) * t[i], to = Real(0.5) * t[i + 1];
  const double centre = double(from + to), half = double(to - from);
  const auto lagrange = [&](double tau) {
    double product = 1.0;
    for (std::size_t k = 0; k < order; ++k)
      if (k != j) product *= (tau - t[i - k]) / (t[i - j] - t[i - k]);
    return product;
  };
  double sum = 0.0;
  for (int point = 0; point < 2; ++point)
    sum += weights[point] * (lagrange(centre - half * points[point]) + lagrange(centre + half * points[point]));
  const double weight = half * sum;
  require(is_finite(weight), "t", t[i], "levels whose weights are within double");
  return weight;
}

}}  // namespace eigenguide
