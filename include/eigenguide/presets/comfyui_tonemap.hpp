// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/threshold/tonemap.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// LatentOperationTonemapReinhard, applied by LatentApplyOperationCFG: the
/// tonemapping of eigenguide::Tonemap, with a length of n + 10⁻¹⁰ for n.
///
/// At a scale close to 1 the unconditional pass is skipped, and zeros stand in
/// for u: it is then c that is tonemapped.
///
/// Where there is one position the peer's standard deviation is NaN.
///
/// Source  comfy_extras/nodes_latent.py
struct TonemapReinhard {
  double cond_scale = 1.0;  ///< s, no unit; any finite number
  double multiplier = 1.0;  ///< no unit; positive. The peer's 0 is 0 · ∞

  eigenguide::Tonemap method() const { return {cond_scale, multiplier}; }
};

/// Guides one step.
///
/// Inputs  cond, uncond  [samples, channels, ...], denoised predictions
///         workspace     memory to work in; without it the call allocates its own
/// Output  out           of their shape; may be exactly one of them
/// Errors  those of eigenguide::Tonemap
/// Cost    two reads of each input, one write; a workspace of the positions
template <class Cond, class Uncond, class Out>
void guide(const TonemapReinhard& node, const Cond& cond, const Uncond& uncond, Out&& out, Workspace& workspace) {
  using T = typename decltype(view(cond))::Scalar;
  eigenguide::detail::tonemap<T>(node.method(), 1e-10, view(cond), view(uncond), view(out), workspace,
                                 cfg(node.cond_scale).uncond_skipped);
}
template <class Cond, class Uncond, class Out>
void guide(const TonemapReinhard& node, const Cond& cond, const Uncond& uncond, Out&& out) {
  Workspace workspace;
  comfyui::guide(node, cond, uncond, out, workspace);
}

}}}  // namespace eigenguide::comfyui
