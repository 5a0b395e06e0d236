// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/prediction/conversion.hpp>
#include <eigenguide/prediction/space.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Which prediction's noise a step takes to its next level.
enum class Renoise {
  guided,  ///< the guided one's, as a sampler does that is handed one prediction
  uncond,  ///< the unconditional one's: CFG++
};

/// One deterministic step of a sampler, from level (α, σ) to (α′, σ′):
///
///   x′ = α′ x̂₀ + σ′ ε̂
///
/// with x̂₀ of the guided prediction and ε̂ by `renoise`. It is DDIM's step in
/// variance-preserving levels, and Euler's in variance-exploding ones and those
/// of rectified flow, where it reads x′ = x + (t′ − t) flow. (Of DDIM with η > 0
/// it is the part without fresh noise: give σ′ as √(σ′² − s²), and add s z.)
///
/// CFG++ wants a scale in [0, 1]; CFG's ordinary scales are another thing.
///
/// Source  DDIM: Song, Meng, Ermon, arXiv:2010.02502. CFG++: Chung, Kim, Park,
///         Nam, Ye, arXiv:2406.08070
struct Update {
  Space space;                         ///< the model's kind, and the method's
  Renoise renoise = Renoise::guided;

  /// Weights of the guided prediction, the unconditional one, and x.
  struct Weights {
    Real guided, uncond, sample;
  };

  /// Errors: an invalid level; a `from` at which the model's kind determines no
  /// x₀ and ε: ε at α = 0, x₀ at σ = 0; a `to` that takes a weight beyond double
  Weights operator()(const Level& from, const Level& to) const {
    from.validate();
    to.validate();
    enum : std::size_t { prediction = Conversion::prediction, x = Conversion::x };
    const Row<2> x0 = Conversion{space.model, Kind::sample}(from);
    const Row<2> noise = Conversion{space.model, Kind::epsilon}(from);
    const Row<2> data = Real(to.alpha) * x0, over = Real(to.sigma) * noise;
    if (renoise == Renoise::uncond) return finite({data[prediction], over[prediction], data[x] + over[x]}, to);

    // σ′ ε + α′ x₀ is a kind of its own, and this is Conversion's formula for
    // it: the sum of the two above, in which nothing cancels.
    const KindWeights p = weights(space.model, from);
    const Real delta = p.independence(from);
    return finite({(Real(from.sigma) * to.alpha - Real(from.alpha) * to.sigma) / delta, 0.0,
                   (Real(to.sigma) * p.sample - Real(to.alpha) * p.epsilon) / delta}, to);
  }

 private:
  /// `weights` as they are. By the greater of α and σ, which is what a weight is multiplied by.
  static Weights finite(const Weights& weights, const Level& to) {
    bool holds = true;
    for (const Real weight : {weights.guided, weights.uncond, weights.sample}) holds = holds && is_finite(double(weight));
    const bool noisy = to.alpha < to.sigma;
    require(holds, noisy ? "sigma" : "alpha", noisy ? to.sigma : to.alpha, "a level to which a step has finite weights");
    return weights;
  }
};

}}  // namespace eigenguide
