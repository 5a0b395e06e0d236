// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/prediction/kind.hpp>

#include <eigenguide/algebra/row.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// x = σ ε + α x₀, as weights of {ε, x₀}:
///
///   convert(Noising{}, level, x0, noise, x);
struct Noising {
  enum Vector : std::size_t { noise, x0 };

  /// Errors: an invalid level
  Row<2> operator()(const Level& level) const {
    level.validate();
    return {{level.sigma, level.alpha}};
  }
};

/// What a model of a kind would have to predict, from the same two: v = α ε − σ x₀.
///
///   convert(Target{Kind::v}, level, x0, noise, v);
struct Target {
  Kind kind = Kind::epsilon;

  enum Vector : std::size_t { noise, x0 };

  /// Errors: an invalid level; as `weights` of the kind
  Row<2> operator()(const Level& level) const {
    level.validate();
    const KindWeights p = weights(kind, level);
    return {{p.epsilon, p.sample}};
  }
};

}}  // namespace eigenguide
