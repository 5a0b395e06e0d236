// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/zero_init.hpp>
#include <eigenguide/presets/cfg_zero_star.hpp>
#include <eigenguide/presets/comfyui.hpp>

#include <cstddef>

/// KJNodes, a collection of ComfyUI nodes.
/// Source  kijai/ComfyUI-KJNodes, nodes/model_optimization_nodes.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kjnodes {

using eigenguide::operator|;

/// CFGZeroStarAndInit: CFG-Zero* of the noise x − denoised, zero in the first
/// steps, in which the denoised prediction is x.
///
///   step ≤ zero_init_steps and use_zero_init   x − g = 0
///   otherwise                                  CFG-Zero* of x − c and x − u
///
/// The test includes its end: 0 zeroes one step.
///
///   guide(node.at(s, step), node.space, node.level, x, cond, uncond, out);
struct CfgZeroStarAndInit {
  bool use_zero_init = true;
  std::size_t zero_init_steps = 0;  ///< the last step that is zero, 0-based

  static constexpr Space space = comfyui::hook_space;
  static constexpr Level level = comfyui::hook_level;

  /// The guidance of `step`, 0-based, of a run at `cond_scale`.
  Chain<cfg_zero_star::PaddedCfgZeroStar, ZeroInit> at(double cond_scale, std::size_t step) const {
    const bool zero = use_zero_init && step <= zero_init_steps;
    return cfg_zero_star::PaddedCfgZeroStar{cond_scale} | ZeroInit{zero ? step + 1 : 0, step};
  }
};

}}}  // namespace eigenguide::kjnodes
