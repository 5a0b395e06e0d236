// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/threshold/element.hpp>
#include <eigenguide/threshold/skimmed_cfg.hpp>

#include <cstddef>

/// Skimmed CFG as its author's ComfyUI node has it.
/// Source  Extraltodeus/Skimmed_CFG @ b6e49b68727761989ad0a97b68f9e0e8c2f7381a
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace skimmed_cfg {

/// The node "Skimmed CFG": u, then c, is moved to where guidance at k would have
/// led, wherever guidance pushes it outwards from the other.
///
///   skim(a, b, k) = a − (s − k) / s (a − b)   where s pushes a outwards from b
///                   a                         elsewhere
///
///   u′ = skim(u, c, k, or 0 with full_skim_negative)
///   c′ = skim(c, u′, k)
///   g = u′ + s (c′ − u′)
///
/// "Outwards" is that of eigenguide::SkimmedCfg. A u of zeros throughout the batch
/// is left alone, and with it c; so is a skipped one (see comfyui::Cfg). At s = 0
/// nothing is moved.
///
/// Source  skimmed_CFG.py, CFG_skimming_single_scale_pre_cfg_node
struct SingleScale {
  double cond_scale = 1.0;               ///< s, no unit; any finite number
  double skimming_cfg = 7.0;             ///< k, no unit; any finite number
  bool full_skim_negative = false;       ///< u at k = 0
  bool disable_flipping_filter = false;  ///< outwards whatever x is
};

namespace detail {

inline double skim(const SingleScale& node, double a, double b, double x, double k) {
  const bool outwards =
      eigenguide::detail::pushes_outwards(node.cond_scale, a, b, x, !node.disable_flipping_filter);
  if (!outwards || node.cond_scale == 0.0) return a;
  const Real share = (Real(node.cond_scale) - k) / node.cond_scale;
  return static_cast<double>(a - share * (Real(a) - b));
}

}  // namespace detail

/// Guides one step.
///
/// Inputs  x             [samples, ...], the noisy samples, in units of the data
///         cond, uncond  [samples, ...], denoised predictions
/// Output  out           of their shape; may be exactly one of them
/// Errors  a scale that is not finite, shapes that differ, an `out` that overlaps
///         an input partly; nothing has been written then
/// Cost    one read of each input, one write, no allocation
template <class X, class Cond, class Uncond, class Out>
void guide(const SingleScale& node, const X& x, const Cond& cond, const Uncond& uncond, Out&& out) {
  const auto noisy = view(x);
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  using eigenguide::detail::Named;
  eigenguide::detail::require_tensors(to, Named{"cond", c}, Named{"uncond", u}, Named{"x", noisy});
  require_finite("cond_scale", node.cond_scale);
  require_finite("skimming_cfg", node.skimming_cfg);

  if (c.size() == 0) return;
  const comfyui::Cfg plain = comfyui::cfg(node.cond_scale);
  bool skims = false;
  for (std::size_t i = 0; i < u.samples() && !plain.uncond_skipped && !skims; ++i)
    for (std::size_t n = 0; n < u.size() && !skims; ++n) skims = Real(static_cast<double>(u.sample(i)[n])) != 0.0;
  if (!skims) return eigenguide::guide(plain, c, u, to);

  const double of_uncond = node.full_skim_negative ? 0.0 : node.skimming_cfg;
  for (std::size_t i = 0; i < c.samples(); ++i)
    for (std::size_t n = 0; n < c.size(); ++n) {
      const double at = static_cast<double>(noisy.sample(i)[n]), towards = static_cast<double>(c.sample(i)[n]);
      const double from = detail::skim(node, static_cast<double>(u.sample(i)[n]), towards, at, of_uncond);
      const double moved = detail::skim(node, towards, from, at, node.skimming_cfg);
      to.sample(i)[n] = static_cast<T>(eigenguide::detail::guided_element(node.cond_scale, moved, from));
    }
}

}}}  // namespace eigenguide::skimmed_cfg
