// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/method/zero_init.hpp>

#include <cstddef>

/// CFG-Zero* as its authors' code has it.
/// Source  WeichenFan/CFG-Zero-star @ 3162be1fba5dd0129ac8423ad6919d928f420a8d
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace cfg_zero_star {

using eigenguide::operator|;

/// CFG-Zero* with a padded denominator, which diffusers and ComfyUI took over:
///
///   α = ⟨c, u⟩ / (‖u‖² + 10⁻⁸)
///   g = α u + s (c − α u) = c + (s − 1) (c − α u)
///
/// The pad has the units of the predictions squared: it shrinks α once ‖u‖ is
/// not far above 10⁻⁴, whatever ‖c‖ is. CfgZeroStar has none.
///
/// Source  models/wan/wan_pipeline.py, optimized_scale
struct PaddedCfgZeroStar {
  double scale = 1.0;  ///< s, no unit; any finite number. 1 returns c

  enum Vector : std::size_t { c, d, u };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond>;

  void validate() const { require_finite("scale", scale); }

  /// α, the optimal scale of u.
  static Real alpha(const Gram<3>& gram) { return gram(c, u) / (gram(u, u) + pad); }

  /// c − α u = d + (1 − α) u
  static Row<3> difference(const Gram<3>& gram) {
    const Real shortfall = (pad - gram(d, u)) / (gram(u, u) + pad);
    return unit<3>(d) + shortfall * unit<3>(u);
  }

  Row<3> operator()(const Gram<3>& gram) const {
    return unit<3>(c) + (Real(scale) - 1.0) * difference(gram);
  }

 private:
  static constexpr double pad = 1e-8;
};

/// The guidance of one step of the authors' Wan pipeline.
///
///   step ≤ zero_steps and use_zero_init   g = 0
///   use_cfg_zero_star                     g = α u + s (c − α u)
///   neither                               g = u + s (c − u)
///
/// The test of zero-init includes its end: `zero_steps` 0 zeroes one step, 1
/// zeroes two. Without `use_cfg_zero_star` there is no zero-init either.
///
/// Their unbatched pipelines (image2video_cfg_zero_star.py) do the same with
/// the channels as the samples, so that α is one for each channel.
///
/// Source  models/wan/wan_pipeline.py, WanPipeline.__call__
struct WanPipeline {
  double guidance_scale = 5.0;     ///< s, no unit; any finite number
  bool use_cfg_zero_star = false;  ///< off: plain guidance
  bool use_zero_init = true;       ///< only with use_cfg_zero_star
  std::size_t zero_steps = 0;      ///< the last step that is zero, 0-based

  /// The guidance of `step`, 0-based. Of the first two links one is idle.
  Chain<Cfg, PaddedCfgZeroStar, ZeroInit> at(std::size_t step) const {
    const double plain = use_cfg_zero_star ? 1.0 : guidance_scale;
    const double optimized = use_cfg_zero_star ? guidance_scale : 1.0;
    const bool zero = use_cfg_zero_star && use_zero_init && step <= zero_steps;
    return Cfg{plain} | PaddedCfgZeroStar{optimized} | ZeroInit{zero ? step + 1 : 0, step};
  }
};

}}}  // namespace eigenguide::cfg_zero_star
