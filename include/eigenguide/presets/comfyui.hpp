// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/method/renorm.hpp>
#include <eigenguide/method/rescale.hpp>
#include <eigenguide/method/slerp.hpp>
#include <eigenguide/noise/level.hpp>
#include <eigenguide/prediction/space.hpp>
#include <eigenguide/presets/is_close.hpp>
#include <eigenguide/presets/linspace.hpp>

#include <cmath>
#include <cstddef>

/// ComfyUI's guidance and its nodes. Every prediction is a denoised one
/// (Kind::sample), whatever the model predicts, and x is in units of the data,
/// x = x₀ + σ ε.
/// Source  Comfy-Org/ComfyUI @ a125cd84b054a57729b5eecab930ca9408719832
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace comfyui {

using eigenguide::operator|;

/// Classifier-free guidance; at a scale close to 1 the unconditional pass is
/// skipped, and zeros stand in for its prediction.
///
///   g = u + s d,  or s c without u
///
/// Source  comfy/samplers.py, sampling_function and cfg_function
struct Cfg {
  double scale = 1.0;           ///< s, no unit; any finite number
  bool uncond_skipped = false;  ///< u is zero, whatever is handed in

  enum Vector : std::size_t { c, d };
  using Vectors = Reads<Role::cond, Role::difference>;

  void validate() const { require_finite("scale", scale); }

  Row<2> operator()() const {
    if (uncond_skipped) return Real(scale) * unit<2>(c);
    return unit<2>(c) + (Real(scale) - 1.0) * unit<2>(d);
  }
};

/// Guidance as a run at `cond_scale` computes it.
inline Cfg cfg(double cond_scale) { return {cond_scale, is_close(cond_scale, 1.0)}; }

/// The space of a sampler_cfg_function: it receives x − denoised, and what it
/// returns is subtracted from x again. That is ε at a level of σ = 1.
inline constexpr Space hook_space{Kind::sample, Kind::epsilon};
inline constexpr Level hook_level{1.0, 1.0};

/// CFGNorm: shortens the guided prediction to the conditional one's length.
///
///   g′ = g · clamp(‖c‖ / (‖g‖ + 10⁻⁸), 0, 1) · strength
///
/// Group   axis 1, the channels at one position
/// Source  comfy_extras/nodes_cfg.py, CFGNorm
struct CfgNorm {
  double strength = 1.0;  ///< no unit; any finite number. Applies also where nothing is shortened

  enum Vector : std::size_t { c, g };
  using Vectors = Reads<Role::cond, Role::guided>;

  void validate() const { require_finite("strength", strength); }

  Row<2> operator()(const Gram<2>& gram) const {
    const Real ratio = gram.norm(unit<2>(c)) / (gram.norm(unit<2>(g)) + 1e-8);
    return lesser(ratio, 1.0) * Real(strength) * unit<2>(g);
  }
};

/// RescaleCFG: guidance rescaled in v, whatever the model predicts. Its v is
/// that of x / √(σ² + 1), a factor away from Kind::v at this level, which
/// cancels in the ratio of the spreads.
///
///   guide(node.method(s), node.space, variance_exploding(sigma), x, cond, uncond, out)
///
/// Group   axes 1, 2 and 3: the sample of [B, C, H, W], one column of [B, C, T, H, W]
/// Source  comfy_extras/nodes_model_advanced.py, RescaleCFG
struct RescaleCfg {
  double multiplier = 0.7;  ///< φ, no unit; in [0, 1]

  static constexpr Space space{Kind::sample, Kind::v};

  Chain<eigenguide::Cfg, Rescale> method(double cond_scale) const {
    return eigenguide::Cfg{is_close(cond_scale, 1.0) ? 1.0 : cond_scale} | Rescale{multiplier};
  }
};

/// RenormCFG, for Lumina 2: guidance at low noise, its length capped.
///
///   σ < cfg_trunc   g = u + s d, then at most renorm_cfg · ‖c‖ long
///   otherwise       g = c
///
/// Only the first `in_channels` channels are guided; those after them are c's.
/// The peer can cap one sample at a time.
///
/// Source  comfy_extras/nodes_lumina2.py, RenormCFG
struct RenormCfg {
  double cfg_trunc = 100.0;  ///< σ, in units of the data, from which g = c
  double renorm_cfg = 1.0;   ///< in units of ‖c‖; 0 and below: no cap

  /// The guidance of a batch whose first sample is at `sigma`.
  Chain<Cfg, Renorm> at(double cond_scale, double sigma) const {
    const bool guided = sigma < cfg_trunc;
    return (guided ? cfg(cond_scale) : Cfg{}) |
           (guided && renorm_cfg > 0.0 ? Renorm::capped(renorm_cfg) : Renorm{});
  }
};

/// VideoLinearCFGGuidance: a scale for each frame, even steps from the first to
/// the last; for `scales`, with the frames as the samples.
///
/// Source  comfy_extras/nodes_video_model.py
struct VideoLinearCfgGuidance {
  double min_cfg = 1.0;  ///< s of the first frame

  /// s of `frame`, 0-based, of `frames`.
  double scale(double cond_scale, std::size_t frame, std::size_t frames) const {
    return linspace(min_cfg, cond_scale, frame, frames);
  }
};

/// VideoTriangleCFGGuidance: up to the middle frame, and back.
///
///   s = min_cfg + 2 |v − ⌊v + 1/2⌋| (cond_scale − min_cfg),  v = frame / (frames − 1)
///
/// Source  comfy_extras/nodes_video_model.py
struct VideoTriangleCfgGuidance {
  double min_cfg = 1.0;  ///< s of the first and of the last frame

  /// s of `frame`, 0-based, of `frames`.
  double scale(double cond_scale, std::size_t frame, std::size_t frames) const {
    const double v = linspace(0.0, 1.0, frame, frames);
    return min_cfg + 2.0 * std::fabs(v - std::floor(v + 0.5)) * (cond_scale - min_cfg);
  }
};

/// The slerp of bislerp, from c (t = 0) to u (t = 1), lengths along a line.
///
///   g = ((1 − t) ‖c‖ + t ‖u‖) (sin((1 − t) θ) c / ‖c‖ + sin(t θ) u / ‖u‖) / sin θ
///
///   cos θ > 1 − 10⁻⁵   g = c
///   cos θ < 10⁻⁵ − 1   g = (1 − t) c + t u
///
/// A zero vector has no direction, and is at a right angle to every other.
///
/// Group   a row
/// Source  comfy/utils.py, bislerp
struct Slerp {
  double t = 0.0;  ///< no unit; any finite number

  enum Vector : std::size_t { c, d, u };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond>;

  void validate() const { require_finite("t", t); }

  Row<3> operator()(const Gram<3>& gram) const {
    const Row<3> v0 = unit<3>(c), v1 = unit<3>(u);
    const Real from = sqrt(gram(c, c)), to = sqrt(gram(u, u));
    if (gram(c, u) > (1.0 - 1e-5) * (from * to)) return v0;

    constexpr double right_angle = 1.5707963267948966;
    const Real s = 1.0 - Real(t);
    if (to == 0.0) return s * sin(s * right_angle) * v0;
    if (from == 0.0) return t * sin(t * right_angle) * v1;
    return eigenguide::Slerp{static_cast<double>(s), Magnitude::linear}(gram);
  }
};

}}}  // namespace eigenguide::comfyui
