// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/presets/is_close.hpp>
#include <eigenguide/presets/normalized.hpp>

#include <cstddef>
#include <optional>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// One step of the APG node:
///
///   D = d + β m,   m′ = D    (with β = 0 there is no momentum: D = d, m′ = m)
///   g = c + s (D_⊥ + η D_∥)
///
/// Its result is handed on as a conditional prediction to guidance at s, which
/// makes it the paper's at scale s + 1: at η = 1 plain guidance of scale s + 1,
/// not s. At a scale close to 1 the unconditional pass is skipped, zeros stand
/// in for its prediction, and g is 2 c. A scale of 0, by which the peer divides,
/// gives c.
struct ProjectedGuidance {
  double scale = 1.0;           ///< s, no unit; any finite number
  double eta = 1.0;             ///< η, no unit; any finite number
  double norm_threshold = 0.0;  ///< r, as ‖D‖; 0 and below: no bound
  double momentum = 0.0;        ///< β, no unit; any finite number
  bool restarts = false;        ///< m counts as zero
  bool uncond_skipped = false;  ///< u is zero, whatever is handed in

  enum Vector : std::size_t { c, d, m };
  using Vectors = Reads<Role::cond, Role::difference, Role::momentum>;

  void validate() const {
    require_finite("scale", scale);
    require_finite("eta", eta);
    require_finite("norm_threshold", norm_threshold);
    require_finite("momentum", momentum);
  }

  Row<3> operator()(const Gram<3>& gram) const {
    const Row<3> cond = unit<3>(c);
    return cond + Real(scale) * normalized_update(gram, averaged(), cond, eta, norm_threshold);
  }

  Row<3> next(const Gram<3>&) const { return momentum == 0.0 ? unit<3>(m) : averaged(); }

 private:
  /// D
  Row<3> averaged() const {
    Row<3> difference = unit<3>(uncond_skipped ? c : d);
    if (!restarts) difference[m] = momentum;
    return difference;
  }
};

/// APG. Its momentum begins anew whenever σ rises, as at the start of the next
/// run; the node carries no other state.
///
/// Group   the last three axes: the sample of [B, C, H, W], one channel of
///         [B, C, T, H, W]; of [B, C, L] the whole batch (one_sample)
/// State   momentum, in units of the denoised predictions
/// Source  comfy_extras/nodes_apg.py, APG
struct Apg {
  double eta = 1.0;             ///< η, the share along c that stays
  double norm_threshold = 5.0;  ///< r, as ‖D‖; 0 and below: no bound
  double momentum = 0.0;        ///< β, no unit; 0: no momentum

  /// The guidance of a batch whose first sample is at `sigma`, after one at
  /// `previous_sigma`.
  ProjectedGuidance at(double cond_scale, double sigma, std::optional<double> previous_sigma = std::nullopt) const {
    const bool restarts = previous_sigma && sigma > *previous_sigma;
    return {cond_scale, eta, norm_threshold, momentum, restarts, is_close(cond_scale, 1.0)};
  }
};

}}}  // namespace eigenguide::comfyui
