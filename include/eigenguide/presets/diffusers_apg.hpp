// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/method/rescale.hpp>
#include <eigenguide/presets/diffusers.hpp>
#include <eigenguide/presets/is_close.hpp>
#include <eigenguide/presets/normalized.hpp>

#include <cstddef>
#include <optional>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// What a guider with APG does at one step.
enum class ApgPhase {
  off,  ///< g = c, the momentum rests
  cfg,  ///< plain guidance, the momentum is fed
  apg,  ///< guidance by the update
};

/// normalized_guidance, APG from u and not from c:
///
///   D = d + β m,   m′ = D    (without momentum D = d, m′ = m)
///   g = u + s (D_⊥ + η D_∥)  or, in the original formulation, c in the place of u
///
/// From u and with η = 0, what of d lies along c is taken from the conditional
/// prediction itself: the paper's result at scale s, less D_∥. The original
/// formulation is the paper's at scale s + 1.
///
/// Source  src/diffusers/guiders/adaptive_projected_guidance.py
template <bool with_momentum>
struct NormalizedGuidance {
  ApgPhase phase = ApgPhase::off;
  double scale = 1.0;                     ///< s, no unit; any finite number
  double eta = 1.0;                       ///< η, no unit; any finite number
  double norm_threshold = 0.0;            ///< r, as ‖D‖; 0 and below: no bound
  std::optional<double> momentum;         ///< β, no unit; none: the state is left alone
  bool use_original_formulation = false;  ///< from c

  enum Vector : std::size_t { c, d, m };
  static constexpr std::size_t size = with_momentum ? 3 : 2;
  using Vectors = std::conditional_t<with_momentum, Reads<Role::cond, Role::difference, Role::momentum>,
                                     Reads<Role::cond, Role::difference>>;

  void validate() const {
    require_finite("scale", scale);
    require_finite("eta", eta);
    require_finite("norm_threshold", norm_threshold);
    if (momentum) require_finite("momentum", *momentum);
    require(with_momentum || !momentum, "momentum", momentum.value_or(0.0), "none, without the state that it needs");
  }

  Row<size> operator()(const Gram<size>& gram) const {
    const Row<size> cond = unit<size>(c);
    if (phase == ApgPhase::off) return cond;
    const Row<size> base = use_original_formulation ? cond : cond - unit<size>(d);
    if (phase == ApgPhase::cfg) return base + Real(scale) * unit<size>(d);
    return base + Real(scale) * normalized_update(gram, averaged(), cond, eta, norm_threshold);
  }

  Row<size> next(const Gram<size>&) const {
    return phase == ApgPhase::off || !momentum ? unit<size>(m) : averaged();
  }

 private:
  /// D
  Row<size> averaged() const {
    Row<size> difference = unit<size>(d);
    if constexpr (with_momentum)
      if (momentum) difference[m] = *momentum;
    return difference;
  }
};

/// APG over an interval of the run, then rescaled.
///
/// The peer's `norm_dim` is the group; its rescale stays over the sample. With
/// both, guide twice: std::get<0>(at(…).links) with the group, and then
/// Cfg{0.0} | rescale of cond and what came of it.
///
/// State   momentum: zero at step 0
/// Source  src/diffusers/guiders/adaptive_projected_guidance.py
struct AdaptiveProjectedGuidance {
  double guidance_scale = 7.5;  ///< s of the update, from u; or from c, in the original formulation
  std::optional<double> adaptive_projected_guidance_momentum;  ///< β; none: no momentum
  double adaptive_projected_guidance_rescale = 15.0;           ///< r, as ‖D‖; 0 and below: no bound
  double eta = 1.0;                       ///< η, the share along c that stays
  double guidance_rescale = 0.0;          ///< φ, at most 1; 0 and below: off
  bool use_original_formulation = false;  ///< from c, not from u
  double start = 0.0;                     ///< first step, as a share of the run; in [0, 1)
  double stop = 1.0;                      ///< step after the last, as a share; in [start, 1]
  bool enabled = true;                    ///< off: g = c

  /// The guidance of `step`, 0-based, of `count`; reads and writes the momentum.
  Chain<NormalizedGuidance<true>, Rescale> at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    return link<true>(step, count) | detail::rescale_of(*this);
  }

  /// The same where there is no momentum, without its state.
  Chain<NormalizedGuidance<false>, Rescale> stateless_at(std::size_t step,
                                                         std::optional<std::size_t> count = std::nullopt) const {
    return link<false>(step, count) | detail::rescale_of(*this);
  }

 private:
  template <bool with_momentum>
  NormalizedGuidance<with_momentum> link(std::size_t step, std::optional<std::size_t> count) const {
    const bool active = detail::scale_at(*this, step, count) != 1.0;
    return {active ? ApgPhase::apg : ApgPhase::off, guidance_scale, eta, adaptive_projected_guidance_rescale,
            adaptive_projected_guidance_momentum, use_original_formulation};
  }
};

/// Plain guidance up to `adaptive_projected_guidance_start_step`, APG after it,
/// then rescaled; HunyuanImage's. The first steps feed the momentum.
///
/// State   momentum: zero at step 0
/// Source  src/diffusers/guiders/adaptive_projected_guidance_mix.py
struct AdaptiveProjectedMixGuidance {
  double guidance_scale = 3.5;                     ///< s of plain guidance
  double guidance_rescale = 0.0;                   ///< φ, at most 1; 0 and below: off
  double adaptive_projected_guidance_scale = 10.0;  ///< s of the update
  std::optional<double> adaptive_projected_guidance_momentum = -0.5;  ///< β; none: no momentum
  double adaptive_projected_guidance_rescale = 10.0;  ///< r, as ‖D‖; 0 and below: no bound
  double eta = 0.0;                       ///< η, the share along c that stays
  bool use_original_formulation = false;  ///< from c, not from u
  double start = 0.0;                     ///< first step, as a share of the run; in [0, 1)
  double stop = 1.0;                      ///< step after the last, as a share; in [start, 1]
  std::size_t adaptive_projected_guidance_start_step = 5;  ///< the last step of plain guidance, 0-based
  bool enabled = true;                    ///< off: g = c

  /// What happens at `step`, 0-based, of `count`. A scale of plain guidance
  /// that changes nothing turns APG off too; one of APG, only that.
  ApgPhase phase_at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    if (detail::scale_at(*this, step, count) == 1.0) return ApgPhase::off;
    const bool idle = is_close(adaptive_projected_guidance_scale, use_original_formulation ? 0.0 : 1.0);
    return step > adaptive_projected_guidance_start_step && !idle ? ApgPhase::apg : ApgPhase::cfg;
  }

  /// The guidance of `step`, 0-based, of `count`; reads and writes the momentum.
  Chain<NormalizedGuidance<true>, Rescale> at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    const ApgPhase phase = phase_at(step, count);
    const double scale = phase == ApgPhase::apg ? adaptive_projected_guidance_scale : guidance_scale;
    return NormalizedGuidance<true>{phase, scale, eta, adaptive_projected_guidance_rescale,
                                    adaptive_projected_guidance_momentum, use_original_formulation} |
           detail::rescale_of(*this);
  }
};

}}}  // namespace eigenguide::diffusers
