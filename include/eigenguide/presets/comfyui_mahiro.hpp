// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/threshold/mahiro.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// ComfyUI's Mahiro: one similarity for the whole batch, the mean over all its
/// samples, in which a vector shorter than 10⁻⁸ is divided by that. Of one sample
/// it is otherwise eigenguide::Mahiro. At a scale close to 1 the unconditional
/// pass is skipped, and the result is s c.
///
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832,
///         comfy_extras/nodes_mahiro.py
struct Mahiro {
  double cond_scale = 1.0;  ///< s, no unit; any finite number
};

/// Guides one step.
/// Inputs  cond, uncond  [samples, channels, ...], denoised predictions
/// Output  out           of their shape; may be exactly one of them
/// Errors  a scale that is not finite, shapes that differ or are not known, an
///         `out` that overlaps an input partly; nothing has been written then
/// Cost    two reads of each input, one write, no allocation
template <class Cond, class Uncond, class Out>
void guide(const Mahiro& node, const Cond& cond, const Uncond& uncond, Out&& out) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);

  using eigenguide::detail::Named;
  eigenguide::detail::require_tensors(to, Named{"cond", c}, Named{"uncond", u});
  const auto channels = eigenguide::detail::channels_of("cond", c);
  require_finite("cond_scale", node.cond_scale);
  if (is_close(node.cond_scale, 1.0)) return eigenguide::guide(cfg(node.cond_scale), c, u, to);
  if (c.size() == 0) return;

  Real total;
  for (std::size_t i = 0; i < c.samples(); ++i)
    total += eigenguide::detail::mahiro_cosines(node.cond_scale, c.sample(i), u.sample(i), channels, 1e-8);
  const Real mean = total / static_cast<double>(c.samples() * channels.positions);
  for (std::size_t i = 0; i < c.samples(); ++i)
    eigenguide::detail::mahiro_write(node.cond_scale, mean, c.sample(i), u.sample(i), to.sample(i), c.size());
}

}}}  // namespace eigenguide::comfyui
