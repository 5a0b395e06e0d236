// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/presets/is_close.hpp>
#include <eigenguide/presets/normalized_guidance.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// Guidance of which the unconditional pass may be skipped: zeros stand in for
/// its prediction, and d = c.
template <class Guidance>
struct MaySkipUncond {
  Guidance guidance;
  bool uncond_skipped = false;  ///< u is zero, whatever is handed in

  using Vectors = typename Guidance::Vectors;
  static constexpr std::size_t size = Vectors::size;

  void validate() const { guidance.validate(); }

  Row<size> operator()(const Gram<size>& gram) const {
    const Rows<size, size> seen = vectors();
    return compose(guidance(gram.of(seen)), seen);
  }
  Row<size> next(const Gram<size>& gram) const {
    const Rows<size, size> seen = vectors();
    return compose(guidance.next(gram.of(seen)), seen);
  }

 private:
  Rows<size, size> vectors() const {
    Rows<size, size> seen;
    for (std::size_t i = 0; i < size; ++i) seen[i] = unit<size>(i);
    if (uncond_skipped) seen[Guidance::d] = unit<size>(Guidance::c);
    return seen;
  }
};

/// The APG node. It hands (u + update) + d / s to guidance as the conditional
/// prediction, so that
///
///   m′ = d + momentum · m,  D = m′ min(1, r / ‖m′‖)
///   g = c + s (D_⊥ + η D_∥)
///
/// With η = 1 and neither bound nor momentum that is guidance at s + 1. Close to
/// scale 1 the unconditional pass is skipped, and d = c: with η = 1 then 2 c. At
/// s = 0, where the peer divides by it, g = c.
///
///   guide(with(node.at(s), over("chw", "bchw")), cond, uncond, out);              no momentum
///   if (comfyui::Apg::restarts(sigma_before, sigma)) m.setZero();
///   guide(with(node.at_with_momentum(s), momentum(m, m)), cond, uncond, out);
///
/// Group   the last three axes: the sample of [B, C, H, W], one channel of
///         [B, C, T, H, W], the whole batch (`one_sample`) of [B, C, T]
/// Source  comfy_extras/nodes_apg.py, APG
struct Apg {
  double eta = 1.0;             ///< η, the share along c that stays
  double norm_threshold = 5.0;  ///< r, in units of the data; 0 and below: no bound
  double momentum = 0.0;        ///< β, no unit; 0: no state

  /// The guidance of a run at `cond_scale`.
  /// Errors: also a momentum, which needs a state
  MaySkipUncond<NormalizedGuidance> at(double cond_scale) const {
    require(momentum == 0.0, "momentum", momentum, "0; at_with_momentum() carries it");
    return {guidance(cond_scale), is_close(cond_scale, 1.0)};
  }

  /// The same, reading the running average.
  MaySkipUncond<MomentumNormalizedGuidance> at_with_momentum(double cond_scale) const {
    return {{guidance(cond_scale), momentum}, is_close(cond_scale, 1.0)};
  }

  /// Whether the running average starts again from zero: at a σ above that of
  /// the call before, another run has begun.
  static bool restarts(double sigma_before, double sigma) { return sigma > sigma_before; }

 private:
  NormalizedGuidance guidance(double cond_scale) const { return {cond_scale, eta, norm_threshold, Base::cond}; }
};

}}}  // namespace eigenguide::comfyui
