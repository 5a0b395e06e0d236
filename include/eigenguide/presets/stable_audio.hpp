// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/presets/normalized.hpp>

#include <cstddef>

/// The guidance of Stable Audio 3.
/// Source  Stability-AI/stable-audio-3, models/dit.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace stable_audio {

/// APG of the denoised predictions, over the valid time steps of each sample,
/// at the paper's scale. Its share of projection is 1 − η.
///
///   D = d min(1, r / ‖d‖)
///   g = c + (s − 1) (D − apg_scale D_∥)
///
///   guide(with(apg, per_sample("bct"), mask(valid, "bt")),
///         Space{Kind::flow, Kind::sample}, levels, x, cond, uncond, out)
///
/// In the padding the peer's D_⊥ is zero; here it has the weights of its sample.
///
/// The peer's rescale, and that of stable-audio-tools, is one by the spread over
/// the channels at one time step of the model's own output. Cfg{0.0} hands on g:
///
///   guide(with(Cfg{0.0} | Rescale{scale_phi}, over("c", "bct")), cond, g, out)
struct Apg {
  double scale = 1.0;               ///< s, no unit; any finite number. 1 returns c
  double apg_scale = 1.0;           ///< 1 − η; in [0, 1]. 0 projects nothing out
  double cfg_norm_threshold = 0.0;  ///< r, as ‖d‖; 0 and below: no bound
  bool padding_mask = false;        ///< with a mask ‖c‖ is padded at 10⁻⁸, else at 10⁻¹²

  enum Vector : std::size_t { c, d };
  using Vectors = Reads<Role::cond, Role::difference>;

  void validate() const {
    require_finite("scale", scale);
    require(apg_scale >= 0.0 && apg_scale <= 1.0, "apg_scale", apg_scale, "a number in [0, 1]");
    require_finite("cfg_norm_threshold", cfg_norm_threshold);
  }

  Row<2> operator()(const Gram<2>& gram) const {
    const Row<2> cond = unit<2>(c);
    const double least = padding_mask ? 1e-8 : 1e-12;
    return cond + (Real(scale) - 1.0) * normalized_update(gram, unit<2>(d), cond, 1.0 - apg_scale, cfg_norm_threshold,
                                                          least);
  }
};

}}}  // namespace eigenguide::stable_audio
