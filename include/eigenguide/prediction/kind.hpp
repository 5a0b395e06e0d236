// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/level.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What a model predicts. Every kind is a combination of the noise ε and the
/// clean sample x₀ that make up x = α·x₀ + σ·ε.
enum class Kind {
  epsilon,       ///< ε, the noise
  sample,        ///< x₀, the clean sample
  v,             ///< α·ε − σ·x₀                (Salimans, Ho, arXiv:2202.00512)
  flow,          ///< ε − x₀, noise minus data: SD3, Flux, Wan (arXiv:2403.03206)
  flow_to_data,  ///< x₀ − ε, data minus noise: Mochi, Lumina 2, Z-Image
};

/// A kind as weights of ε and x₀ at one level.
struct KindWeights {
  Real epsilon;
  Real sample;

  /// How far this kind and x are from saying the same thing: the determinant
  /// of {x, kind} over {ε, x₀}. Zero means that the kind tells nothing which x
  /// does not: ε where α = 0, x₀ where σ = 0.
  Real independence(const Level& level) const {
    return Real(level.sigma) * sample - Real(level.alpha) * epsilon;
  }
};

/// Errors: rejects a value that is none of the enumerators.
inline KindWeights weights(Kind kind, const Level& level) {
  switch (kind) {
    case Kind::epsilon: return {1.0, 0.0};
    case Kind::sample: return {0.0, 1.0};
    case Kind::v: return {level.alpha, -level.sigma};
    case Kind::flow: return {1.0, -1.0};
    case Kind::flow_to_data: return {-1.0, 1.0};
  }
  reject("kind", describe(static_cast<double>(kind)),
         "epsilon, sample, v, flow or flow_to_data (0 to 4)");
}

}}  // namespace eigenguide
