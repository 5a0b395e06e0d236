// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/prediction/preconditioning.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// The preconditioning of the EDM schedulers: their "epsilon" is EDM's F, and
/// their "v_prediction" its opposite; c_in and c_skip are the same.
///
///   D = c_skip x ± c_out F(c_in x),  c_noise = ln(σ) / 4
///
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/schedulers/scheduling_edm_euler.py
struct EdmPreconditioning {
  bool v_prediction = false;
  double sigma_data = 0.5;  ///< σ_d, in [1e-100, 1e100]

  Preconditioning::Weights weights(const Level& level) const {
    Preconditioning::Weights all =
        Preconditioning{Kind::edm(sigma_data), Coordinates::variance_preserving, sigma_data}.weights(level);
    if (v_prediction) all.c_out = -all.c_out;
    return all;
  }

  /// Weights of {prediction, x}, as `convert` takes them.
  Row<2> operator()(const Level& level) const {
    const Preconditioning::Weights all = weights(level);
    return {{all.c_out, all.c_skip}};
  }
};

}}}  // namespace eigenguide::diffusers
