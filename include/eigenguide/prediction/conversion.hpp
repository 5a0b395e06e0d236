// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/row.hpp>
#include <eigenguide/prediction/kind.hpp>

#include <cstddef>
#include <initializer_list>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

/// Rejects a level unless `holds`, by the lesser of α and σ, which is what a weight is divided by.
inline void require_level(bool holds, const Level& level, const char* expected) {
  const bool noisy = level.alpha < level.sigma;
  require(holds, noisy ? "alpha" : "sigma", noisy ? level.alpha : level.sigma, expected);
}

}  // namespace detail

/// One kind of prediction from another, at one level.
///
/// With the kinds p = e·ε + z·x₀ and p′ = e′·ε + z′·x₀, and x = σ·ε + α·x₀:
///
///   Δ  = σ z − α e                    Δ′ = σ z′ − α e′
///   p′ = (Δ′ p + (e′ z − z′ e) x) / Δ
///
/// Outputs  weights of {p, x}; exactly {1, 0} between equal kinds, and
///          none of x between ε and the score, whatever α is
/// Errors   rejects an invalid level or kind, and Δ = 0 between different
///          kinds: from ε and from the score to any other where α = 0, and from
///          x₀ where σ = 0, there is no limit; the score at σ = 0, which is
///          infinite; also weights, Δ or Δ′ beyond double: so near to such a
///          point, or at an α or σ whose square is; F where it has no `weights`
struct Conversion {
  Kind from = Kind::epsilon;
  Kind to = Kind::epsilon;

  enum Vector : std::size_t { prediction, x };

  Row<2> operator()(const Level& level) const {
    level.validate();
    from.validate();
    if (from == to) return unit<2>(prediction);
    const KindWeights p = weights(from, level), q = weights(to, level);
    if (p.sample == 0.0 && q.sample == 0.0) {
      const Row<2> row{{q.epsilon / p.epsilon, 0.0}};
      require_finite(level, {p.epsilon, q.epsilon, row[prediction]});
      return row;
    }

    const Real delta = p.independence(level), to_delta = q.independence(level);
    require(delta != 0.0, from == Kind::sample ? "sigma" : "alpha", 0.0,
            from == Kind::sample
                ? "a positive number: a prediction of x0 says nothing about the noise there"
                : "a positive number: a prediction of noise says nothing about x0 there");
    const Row<2> row{{to_delta / delta, (q.epsilon * p.sample - q.sample * p.epsilon) / delta}};
    require_finite(level, {delta, to_delta, row[prediction], row[x]});
    return row;
  }

 private:
  static void require_finite(const Level& level, std::initializer_list<Real> numbers) {
    bool finite = true;
    for (const Real number : numbers) finite = finite && is_finite(double(number));
    detail::require_level(finite, level, "a level whose conversion has finite weights");
  }
};

}}  // namespace eigenguide
