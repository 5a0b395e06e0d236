// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/rescale.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Rescale as peers have it, who ask nothing of the share: beyond 1 the spread
/// goes past that of the conditional prediction.
///
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951,
///         src/diffusers/guiders/guider_utils.py, rescale_noise_cfg
struct RescaleNoiseCfg {
  double guidance_rescale = 0.0;  ///< φ, no unit; any finite number. 0 changes nothing

  using Vectors = Rescale::Vectors;

  void validate() const { require_finite("guidance_rescale", guidance_rescale); }

  Row<3> operator()(const Gram<3>& gram) const { return Rescale{guidance_rescale}(gram); }
};

}}  // namespace eigenguide
