// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/row.hpp>
#include <eigenguide/prediction/kind.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// One kind of prediction from another, at one level.
///
/// With the kinds p = e·ε + z·x₀ and p′ = e′·ε + z′·x₀, and x = σ·ε + α·x₀:
///
///   Δ  = σ z − α e                    Δ′ = σ z′ − α e′
///   p′ = (Δ′ p + (e′ z − z′ e) x) / Δ
///
/// Outputs  weights of {p, x}; exactly {1, 0} between equal kinds
/// Errors   rejects an invalid level or kind, and Δ = 0 between different
///          kinds: from ε and from the score where α = 0, and from x₀ where
///          σ = 0, there is no limit; the score at σ = 0, which is infinite; also
///          weights beyond double, so near to such a point
struct Conversion {
  Kind from = Kind::epsilon;
  Kind to = Kind::epsilon;

  enum Vector : std::size_t { prediction, x };

  Row<2> operator()(const Level& level) const {
    level.validate();
    from.validate();
    if (from == to) return unit<2>(prediction);
    const KindWeights p = weights(from, level), q = weights(to, level);

    const Real delta = p.independence(level);
    require(delta != 0.0, from == Kind::sample ? "sigma" : "alpha", 0.0,
            from == Kind::sample
                ? "a positive number: a prediction of x0 says nothing about the noise there"
                : "a positive number: a prediction of noise says nothing about x0 there");
    const Row<2> row{{q.independence(level) / delta,
                      (q.epsilon * p.sample - q.sample * p.epsilon) / delta}};
    const bool finite = is_finite(double(row[prediction])) && is_finite(double(row[x]));
    require(finite, level.alpha < level.sigma ? "alpha" : "sigma",
            level.alpha < level.sigma ? level.alpha : level.sigma,
            "a level whose conversion has finite weights");
    return row;
  }
};

}}  // namespace eigenguide
