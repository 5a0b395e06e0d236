// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/mambo_g.hpp>
#include <eigenguide/method/scale.hpp>
#include <eigenguide/method/tcfg.hpp>
#include <eigenguide/method/zero_init.hpp>
#include <eigenguide/presets/cfg_zero_star.hpp>
#include <eigenguide/presets/is_close.hpp>
#include <eigenguide/presets/rescale_noise_cfg.hpp>

#include <cstddef>
#include <optional>

/// The guiders of Hugging Face diffusers, under their names and defaults.
/// Source  huggingface/diffusers @ 58eb52c0803ea9af3abec60841c2a093bdf1f951
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

using eigenguide::operator|;

namespace detail {

/// The scale, 1 is the conditional prediction, that a guider works with at
/// `step` of `count` (unknown: anywhere within its interval).
///
///   active   enabled and int(start · count) ≤ step < int(stop · count), and
///            guidance_scale not close to the one that changes nothing
///   s        guidance_scale; guidance_scale + 1 in the original formulation;
///            1 while not active
///
/// int truncates the product of doubles: int(0.29 · 100) is 28.
///
/// Errors  a start outside [0, 1), a stop outside [start, 1], a scale that is
///         not finite
template <class Guider>
double scale_at(const Guider& guider, std::size_t step, std::optional<std::size_t> count) {
  const double start = guider.start, stop = guider.stop;
  require(start >= 0.0 && start < 1.0, "start", start, "a number in [0, 1)");
  require(stop >= start && stop <= 1.0, "stop", stop, "a number in [`start`, 1]");
  require_finite("guidance_scale", guider.guidance_scale);

  bool within = true;
  if (count) {
    const double steps = static_cast<double>(*count);
    within = static_cast<std::size_t>(start * steps) <= step &&
             step < static_cast<std::size_t>(stop * steps);
  }
  const bool original = guider.use_original_formulation;
  const bool idle = is_close(guider.guidance_scale, original ? 0.0 : 1.0);
  if (!guider.enabled || !within || idle) return 1.0;
  return original ? scale_from_weight(guider.guidance_scale) : guider.guidance_scale;
}

/// The link that a guider ends with; φ of 0 and below is off.
template <class Guider>
RescaleNoiseCfg rescale_of(const Guider& guider) {
  return {guider.guidance_rescale > 0.0 ? guider.guidance_rescale : 0.0};
}

}  // namespace detail

/// Classifier-free guidance over an interval of the run, then rescaled.
///
///   g = u + s d    or, in the original formulation, g = c + guidance_scale d
///   g = φ g std(c) / std(g) + (1 − φ) g
///
/// Outside the interval g is c. A g without spread is left as it is, where the
/// peer divides by zero.
///
/// Source  src/diffusers/guiders/classifier_free_guidance.py
struct ClassifierFreeGuidance {
  double guidance_scale = 7.5;            ///< s, or s − 1 in the original formulation
  double guidance_rescale = 0.0;          ///< φ, at most 1; 0 and below: off
  bool use_original_formulation = false;  ///< guidance_scale counts from c instead of u
  double start = 0.0;                     ///< first step, as a share of the run; in [0, 1)
  double stop = 1.0;                      ///< step after the last, as a share; in [start, 1]
  bool enabled = true;                    ///< off: g = c

  /// The guidance of `step`, 0-based, of `count`.
  Chain<Cfg, RescaleNoiseCfg> at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    return Cfg{detail::scale_at(*this, step, count)} | detail::rescale_of(*this);
  }
};

/// Autoguidance: the same, with the prediction of a weaker model under the same
/// condition in the place of the unconditional one.
///
/// Source  src/diffusers/guiders/auto_guidance.py; Karras et al., arXiv:2406.02507
using AutoGuidance = ClassifierFreeGuidance;

/// CFG-Zero* with zero-init, over an interval of the run, then rescaled.
///
///   step < zero_init_steps   g = 0, also outside the interval
///   α = ⟨c, u⟩ / (‖u‖² + 10⁻⁸)
///   g = α u + s (c − α u)    or, originally, g = c + guidance_scale (c − α u)
///   g = φ g std(c) / std(g) + (1 − φ) g
///
/// A zero g is not rescaled, where the peer divides by zero.
///
/// Source  src/diffusers/guiders/classifier_free_zero_star_guidance.py
struct ClassifierFreeZeroStarGuidance {
  double guidance_scale = 7.5;            ///< s, or s − 1 in the original formulation
  std::size_t zero_init_steps = 1;        ///< how many steps are zero
  double guidance_rescale = 0.0;          ///< φ, at most 1; 0 and below: off
  bool use_original_formulation = false;  ///< guidance_scale counts from c instead of α u
  double start = 0.0;                     ///< first step, as a share of the run; in [0, 1)
  double stop = 1.0;                      ///< step after the last, as a share; in [start, 1]
  bool enabled = true;                    ///< off: g = c, also in the first steps

  /// The guidance of `step`, 0-based, of `count`.
  Chain<cfg_zero_star::PaddedCfgZeroStar, ZeroInit, RescaleNoiseCfg> at(
      std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    return cfg_zero_star::PaddedCfgZeroStar{detail::scale_at(*this, step, count)} |
           ZeroInit{enabled ? zero_init_steps : 0, step} | detail::rescale_of(*this);
  }
};

/// Tangential damping, over an interval of the run, then rescaled.
///
///   g = ũ + s (c − ũ)    or, in the original formulation, g = c + guidance_scale (c − ũ)
///   g = φ g std(c) / std(g) + (1 − φ) g
///
/// Source  src/diffusers/guiders/tangential_classifier_free_guidance.py
struct TangentialClassifierFreeGuidance {
  double guidance_scale = 7.5;            ///< s, or s − 1 in the original formulation
  double guidance_rescale = 0.0;          ///< φ, at most 1; 0 and below: off
  bool use_original_formulation = false;  ///< guidance_scale counts from c instead of ũ
  double start = 0.0;                     ///< first step, as a share of the run; in [0, 1)
  double stop = 1.0;                      ///< step after the last, as a share; in [start, 1]
  bool enabled = true;                    ///< off: g = c

  /// The guidance of `step`, 0-based, of `count`.
  Chain<Tcfg, RescaleNoiseCfg> at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    return Tcfg{detail::scale_at(*this, step, count)} | detail::rescale_of(*this);
  }
};

/// MAMBO-G, over an interval of the run, then rescaled.
///
///   s′ = 1 + (s − 1) e,  e = exp(−alpha ‖d‖ / ‖u‖)
///   g = u + s′ d    or, in the original formulation, g = c + guidance_scale e d
///   g = φ g std(c) / std(g) + (1 − φ) g
///
/// A zero u leaves no guidance, where the peer divides by zero.
///
/// Source  src/diffusers/guiders/magnitude_aware_guidance.py
struct MagnitudeAwareGuidance {
  double guidance_scale = 10.0;           ///< s, or s − 1 in the original formulation
  double alpha = 8.0;                     ///< no unit; at least 0
  double guidance_rescale = 0.0;          ///< φ, at most 1; 0 and below: off
  bool use_original_formulation = false;  ///< guidance_scale counts from c instead of u
  double start = 0.0;                     ///< first step, as a share of the run; in [0, 1)
  double stop = 1.0;                      ///< step after the last, as a share; in [start, 1]
  bool enabled = true;                    ///< off: g = c

  /// The guidance of `step`, 0-based, of `count`.
  Chain<MamboG, RescaleNoiseCfg> at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    return MamboG{detail::scale_at(*this, step, count), alpha} | detail::rescale_of(*this);
  }
};

}}}  // namespace eigenguide::diffusers
