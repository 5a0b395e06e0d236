// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cmath>
#include <limits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

/// I_x(α, β) / (x^α (1 − x)^β / (α B(α, β))): the continued fraction of the
/// incomplete beta function (DLMF 8.17.22) by Lentz's method, for
/// x ≤ (α + 1) / (α + β + 2), where it converges in some O(√max(α, β)) terms.
inline double incomplete_beta_fraction(double x, double alpha, double beta) {
  const double tiny = 1e-300;  // in the place of a zero denominator
  const auto nonzero = [tiny](double value) { return std::fabs(value) < tiny ? tiny : value; };
  double c = 1.0;
  double d = 1.0 / nonzero(1.0 - (alpha + beta) * x / (alpha + 1.0));
  double fraction = d;
  for (int term = 1; term < 2000; ++term) {
    const double m = term;
    const double even = m * (beta - m) * x / ((alpha + 2.0 * m - 1.0) * (alpha + 2.0 * m));
    d = 1.0 / nonzero(1.0 + even * d);
    c = nonzero(1.0 + even / c);
    fraction *= c * d;
    const double odd =
        -(alpha + m) * (alpha + beta + m) * x / ((alpha + 2.0 * m) * (alpha + 2.0 * m + 1.0));
    d = 1.0 / nonzero(1.0 + odd * d);
    c = nonzero(1.0 + odd / c);
    fraction *= c * d;
    if (std::fabs(c * d - 1.0) < std::numeric_limits<double>::epsilon()) break;
  }
  return fraction;
}

/// ln Γ(z) − (z − ½) ln z + z − ½ ln 2π for z ≥ 10: Stirling's series (DLMF 5.11.1).
inline double stirling_rest(double z) {
  const double w = 1.0 / (z * z);
  return (1.0 / 12 - w * (1.0 / 360 - w * (1.0 / 1260 - w * (1.0 / 1680 - w * (1.0 / 1188 - w * 691.0 / 360360))))) / z;
}

/// ln B(α, β), without std::lgamma, whose sign is a global variable, and
/// without the cancellation of its three terms.
inline double log_beta(double alpha, double beta) {
  double factor = 1.0;  // B(α, β) = B(α + 1, β) (α + β) / α
  for (; alpha < 10.0; alpha += 1.0) factor *= (alpha + beta) / alpha;
  for (; beta < 10.0; beta += 1.0) factor *= (alpha + beta) / beta;
  const double half_log_two_pi = 0.91893853320467274;
  return std::log(factor) + half_log_two_pi - alpha * std::log1p(beta / alpha) - beta * std::log1p(alpha / beta) -
         0.5 * (std::log(alpha) - std::log1p(alpha / beta)) + stirling_rest(alpha) + stirling_rest(beta) -
         stirling_rest(alpha + beta);
}

/// ln(x^α (1 − x)^β / B(α, β)) of x = e^log_x.
inline double log_beta_weight(double log_x, double alpha, double beta) {
  return alpha * log_x + beta * std::log(-std::expm1(log_x)) - log_beta(alpha, beta);
}

/// The x ≤ `at_most` with I_x(α, β) = p > 0: Newton's method on ln I over ln x,
/// and a bisection where a step leaves the bracket.
inline double beta_quantile_below(double p, double alpha, double beta, double at_most) {
  const double log_p = std::log(p);
  double high = std::log(at_most);
  // I_x ≤ x^α / (α B) · (1 − at_most)^min(β − 1, 0), so the root is not left of where that is p.
  const double steepest = beta < 1.0 ? (beta - 1.0) * std::log1p(-at_most) : 0.0;
  double low = (log_p + std::log(alpha) + log_beta(alpha, beta) - steepest) / alpha;
  low = (low < high ? low : high) - 1e-9;
  double log_x = low;
  for (int iteration = 0; iteration < 200; ++iteration) {
    const double ratio = incomplete_beta_fraction(std::exp(log_x), alpha, beta) / alpha;
    const double excess = log_beta_weight(log_x, alpha, beta) + std::log(ratio) - log_p;
    (excess > 0.0 ? high : low) = log_x;
    // d ln I / d ln x = x^α (1 − x)^(β − 1) / (B I)
    double next = log_x + excess * ratio * std::expm1(log_x);
    if (!(next >= low && next <= high)) next = 0.5 * (low + high);
    const bool is_settled = std::fabs(next - log_x) <= 4e-16 * std::fabs(log_x);
    log_x = next;
    if (is_settled) break;
  }
  return std::exp(log_x);
}

}  // namespace detail

/// The quantile function of the Beta distribution: the x in [0, 1] with
/// I_x(α, β) = p, the inverse of the regularised incomplete beta function.
///
/// p, no unit, in [0, 1]: 0 gives 0 and 1 gives 1. α and β, no unit, in [1e-3, 1e4].
/// α = β and p = ½ give ½ exactly.
///
/// Errors  a p outside [0, 1], an α or β outside [1e-3, 1e4]: of lesser ones an error
///         in the last digit of p may lead anywhere
/// Cost    some ten evaluations of a continued fraction, a few µs;
///         |error| < 1e-13 + 1e-15 / min(α, β). A small quantile has a relative error
///         of some 2e-15 (1 + 1/α)
inline double beta_quantile(double p, double alpha, double beta) {
  require(is_finite(p) && p >= 0.0 && p <= 1.0, "p", p, "a number in [0, 1]");
  require(is_finite(alpha) && alpha >= 1e-3 && alpha <= 1e4, "alpha", alpha, "a number in [0.001, 10000]");
  require(is_finite(beta) && beta >= 1e-3 && beta <= 1e4, "beta", beta, "a number in [0.001, 10000]");
  if (p == 0.0 || p == 1.0) return p;
  if (alpha == beta && p == 0.5) return 0.5;
  // The fraction converges on either side of this point in the one or the other variable.
  const double split = (alpha + 1.0) / (alpha + beta + 2.0);
  const double at_split = std::exp(detail::log_beta_weight(std::log(split), alpha, beta)) *
                          detail::incomplete_beta_fraction(split, alpha, beta) / alpha;
  if (p <= at_split) return detail::beta_quantile_below(p, alpha, beta, split);
  return 1.0 - detail::beta_quantile_below(1.0 - p, beta, alpha, 1.0 - split);
}

}}  // namespace eigenguide
