// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/spectral/band_guidance.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// The FreSca node. Its low band is a box in the shifted spectrum, of the
/// 2 min(freq_cutoff, ⌊n / 2⌋) indices around ⌊n / 2⌋:
///
///   −f ≤ k < f,  f = min(freq_cutoff, ⌊n / 2⌋)
///
/// so that its edge −f is low without its mirror image f; the peer then drops
/// the imaginary part, which makes that edge count half on either side. Of an
/// odd side the highest frequency is never low, of a side of 1 none.
///
/// The peer cuts the box along every dimension from the third on, but only the
/// last two are transformed. So in [B, C, T, H, W] a frame outside the middle
/// 2f of T has no low band; in [B, C, L] the transform is of C and L, and the
/// box is cut along L alone.
///
/// Source  comfy_extras/nodes_fresca.py, FreSca
struct FreSca {
  double cond_scale = 1.0;       ///< s, no unit; any finite number. Close to 1 the node does nothing, as `cfg`
  double scale_low = 1.0;        ///< no unit; any finite number
  double scale_high = 1.25;      ///< no unit; any finite number
  std::size_t freq_cutoff = 20;  ///< of the low frequencies, in periods along a side
};

namespace detail {

/// The node's box, for planes of a batch of `shape`.
struct CentredBox {
  Shape shape;
  std::size_t cutoff;

  static bool within(std::size_t index, std::size_t side, std::size_t cutoff) {
    const std::size_t middle = side / 2, reach = cutoff < middle ? cutoff : middle;
    return index >= middle - reach && index < middle + reach;
  }
  /// Whether frequency k is within, along the last dimension or that before.
  bool low(std::size_t back, std::size_t k) const {
    const std::size_t axis = shape.rank - back, side = shape.extent[axis];
    return axis < 2 || within((k + side / 2) % side, side, cutoff);
  }

  eigenguide::detail::Coverage coverage(std::size_t plane) const {
    for (std::size_t axis = shape.rank - 2; axis-- > 1;) {
      const std::size_t side = shape.extent[axis];
      if (axis >= 2 && !within(plane % side, side, cutoff)) return eigenguide::detail::Coverage::none;
      plane /= side;
    }
    return eigenguide::detail::Coverage::part;
  }
  double weight(std::size_t i, std::size_t j) const {
    const auto mirrored = [&](std::size_t back, std::size_t k) { return k == 0 ? 0 : shape.extent[shape.rank - back] - k; };
    const bool here = low(2, i) && low(1, j), there = low(2, mirrored(2, i)) && low(1, mirrored(1, j));
    return (here ? 0.5 : 0.0) + (there ? 0.5 : 0.0);
  }
};

}  // namespace detail

/// Guides one step.
///
/// Inputs  cond, uncond  [samples, channels, ...], denoised predictions of three
///                       dimensions or more
///         workspace     memory to work in; without it the call allocates its own
/// Output  out           of the shape of `cond`; may be exactly one of the inputs
/// Errors  shapes that differ or are not known, a side above 2^28, a parameter
///         that is not finite, an `out` that overlaps an input partly; nothing
///         has been written then
template <class Cond, class Uncond, class Out>
void guide(const FreSca& node, const Cond& cond, const Uncond& uncond, Out&& out, FourierWorkspace& workspace) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  using eigenguide::detail::Named;
  eigenguide::detail::require_tensors(to, Named{"cond", c}, Named{"uncond", u});
  const eigenguide::detail::Planes planes = eigenguide::detail::planes_of("cond", c);
  Fourier::require_sides("cond", planes.extents.rows, planes.extents.columns);
  require_finite("cond_scale", node.cond_scale);
  require_finite("scale_low", node.scale_low);
  require_finite("scale_high", node.scale_high);

  if (c.size() == 0) return;
  const Cfg plain = cfg(node.cond_scale);
  if (plain.uncond_skipped) {
    for (std::size_t i = 0; i < c.samples(); ++i)
      for (std::size_t k = 0; k < c.size(); ++k)
        to.sample(i)[k] = static_cast<T>(plain.scale * static_cast<double>(c.sample(i)[k]));
    return;
  }
  eigenguide::detail::guide_band<T>(plain.scale, node.scale_low, node.scale_high, planes,
                                    detail::CentredBox{c.shape(), node.freq_cutoff}, c, u, to, workspace);
}
template <class Cond, class Uncond, class Out>
void guide(const FreSca& node, const Cond& cond, const Uncond& uncond, Out&& out) {
  FourierWorkspace workspace;
  comfyui::guide(node, cond, uncond, out, workspace);
}

}}}  // namespace eigenguide::comfyui
