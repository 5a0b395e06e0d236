// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/checks.hpp>
#include <eigenguide/kernel/step.hpp>
#include <eigenguide/presets/cfg_zero_star.hpp>
#include <eigenguide/presets/comfyui.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

/// The CFGZeroStar node, which takes its scale from one space and uses it in
/// another: α is that of the noise directions x − c and x − u, and multiplies
/// the denoised u.
///
///   α = ⟨x − c, x − u⟩ / (‖x − u‖² + 10⁻⁸)
///   g = α u + s (c − α u)
///
/// CFG-Zero* in the space of the noise directions, `hook_space`, is another
/// method: it is larger by (1 − s) (1 − α) x. There is no zero-init.
///
/// Source  comfy_extras/nodes_cfg.py, CFGZeroStar
struct CfgZeroStar {
  double cond_scale = 1.0;  ///< s, no unit; any finite number. 1 returns c
};

/// Guides one step.
/// Inputs  x             [samples, ...], the noisy samples, in units of the data
///         cond, uncond  [samples, ...], denoised predictions
/// Output  out           [samples, ...]; may be exactly one of the inputs
/// Errors  shapes that differ, a scale that is not finite, an `out` that
///         overlaps an input partly; nothing has been written then
/// Cost    two reads of each input, one write, no allocation
template <class Sample, class Cond, class Uncond, class Out>
void guide(const CfgZeroStar& node, const Sample& x, const Cond& cond, const Uncond& uncond,
           Out&& out) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto noisy = view(x);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  using eigenguide::detail::Named;
  eigenguide::detail::require_tensors(to, Named{"cond", c}, Named{"uncond", u}, Named{"x", noisy});
  require_finite("cond_scale", node.cond_scale);

  if (c.size() == 0) return;
  const kernel::Target target = kernel::best_target();
  const SpaceMap noise = map(hook_space, hook_level);
  const Cfg plain = cfg(node.cond_scale);
  for (std::size_t i = 0; i < c.samples(); ++i) {
    const auto [cond_weight, difference] = plain().weight;
    Real uncond_weight = 0.0;
    if (!plain.uncond_skipped) {
      const kernel::Measured<T> sample{target, noise, {c.sample(i), u.sample(i)}, {}, noisy.sample(i), c.size()};
      const Real alpha = cfg_zero_star::PaddedCfgZeroStar::alpha(sample.template gram<false>());
      uncond_weight = (1.0 - Real(node.cond_scale)) * (alpha - 1.0);
    }
    kernel::Terms<T, 1, 0, 1> terms(c.sample(i));
    terms.first_weight = {cond_weight};
    terms.add_uncond(u.sample(i), {difference}, {uncond_weight});
    kernel::write(target, terms, std::array<T*, 1>{to.sample(i)}, c.size());
  }
}

}}}  // namespace eigenguide::comfyui
