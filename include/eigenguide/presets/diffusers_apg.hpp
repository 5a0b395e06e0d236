// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/presets/diffusers.hpp>
#include <eigenguide/presets/is_close.hpp>
#include <eigenguide/presets/normalized_guidance.hpp>
#include <eigenguide/presets/rescale_noise_cfg.hpp>

#include <cstddef>
#include <optional>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

namespace detail {

/// Whether a guider guides at `step` of `count`.
template <class Guider>
bool guides_at(const Guider& guider, std::size_t step, std::optional<std::size_t> count) {
  return scale_at(guider, step, count) != 1.0;
}

template <class Guider>
Base base_of(const Guider& guider) {
  return guider.use_original_formulation ? Base::cond : Base::uncond;
}

}  // namespace detail

/// APG over an interval of the run, then rescaled.
///
///   m′ = d + momentum · m,  D = m′ min(1, r / ‖m′‖)
///   g = u + s (D_⊥ + η D_∥)    or, originally, g = c + guidance_scale (D_⊥ + η D_∥)
///   g = φ g std(c) / std(g) + (1 − φ) g
///
/// The first is not the paper's, which is c + (s − 1) (D_⊥ + η D_∥); the second
/// is it with guidance_scale = s − 1. Outside the interval g is c, and the
/// running average stays what it is. It is zero before the first step.
///
///   guide(guider.at(step, count), cond, uncond, out);                              no momentum
///   guide(with(guider.at_with_momentum(step, count), momentum(m, m)), cond, uncond, out);
///
/// Group   `norm_dim`, default: a sample. The spread is always that of a sample:
///         with both, guide with guidance_rescale = 0 and a group, then
///         guide(Cfg{0.0} | RescaleNoiseCfg{φ}, cond, out, out)
/// Source  src/diffusers/guiders/adaptive_projected_guidance.py
struct AdaptiveProjectedGuidance {
  double guidance_scale = 7.5;  ///< s, or s − 1 in the original formulation
  std::optional<double> adaptive_projected_guidance_momentum;  ///< β, no unit
  double adaptive_projected_guidance_rescale = 15.0;  ///< r, in units of the predictions; 0 and below: no bound
  double eta = 1.0;                       ///< η, the share along c that stays
  double guidance_rescale = 0.0;          ///< φ, at most 1; 0 and below: off
  bool use_original_formulation = false;  ///< the base is c instead of u
  double start = 0.0;                     ///< first step, as a share of the run; in [0, 1)
  double stop = 1.0;                      ///< step after the last, as a share; in [start, 1]
  bool enabled = true;                    ///< off: g = c

  /// The guidance of `step`, 0-based, of `count`.
  /// Errors: also a momentum, which needs a state
  Chain<NormalizedGuidance, RescaleNoiseCfg> at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    require(!adaptive_projected_guidance_momentum, "adaptive_projected_guidance_momentum",
            adaptive_projected_guidance_momentum.value_or(0.0), "none; at_with_momentum() carries it");
    return link(step, count).guidance | detail::rescale_of(*this);
  }

  /// The same, reading the running average.
  Chain<MomentumNormalizedGuidance, RescaleNoiseCfg> at_with_momentum(std::size_t step,
                                                              std::optional<std::size_t> count = std::nullopt) const {
    return link(step, count) | detail::rescale_of(*this);
  }

 private:
  MomentumNormalizedGuidance link(std::size_t step, std::optional<std::size_t> count) const {
    using Average = MomentumNormalizedGuidance::Average;
    if (!detail::guides_at(*this, step, count)) return {{}, 0.0, Average::frozen};
    return {{guidance_scale, eta, adaptive_projected_guidance_rescale, detail::base_of(*this)},
            adaptive_projected_guidance_momentum.value_or(0.0),
            adaptive_projected_guidance_momentum ? Average::used : Average::frozen};
  }
};

/// HunyuanImage 2.1's mixture: classifier-free guidance in the first steps,
/// which feed the running average, then APG with a scale of its own.
///
///   step ≤ start step   g = u + s d
///   afterwards          g = u + s′ (D_⊥ + η D_∥), as AdaptiveProjectedGuidance
///
///   guide(with(guider.at(step, count), momentum(m, m)), cond, uncond, out);
///
/// Source  src/diffusers/guiders/adaptive_projected_guidance_mix.py
struct AdaptiveProjectedMixGuidance {
  double guidance_scale = 3.5;    ///< s of the first steps, or s − 1 in the original formulation
  double guidance_rescale = 0.0;  ///< φ, at most 1; 0 and below: off
  double adaptive_projected_guidance_scale = 10.0;  ///< s′ of those after them
  std::optional<double> adaptive_projected_guidance_momentum = -0.5;  ///< β, no unit
  double adaptive_projected_guidance_rescale = 10.0;  ///< r, in units of the predictions; 0 and below: no bound
  double eta = 0.0;                       ///< η, the share along c that stays
  bool use_original_formulation = false;  ///< the base is c instead of u
  double start = 0.0;                     ///< first step, as a share of the run; in [0, 1)
  double stop = 1.0;                      ///< step after the last, as a share; in [start, 1]
  std::size_t adaptive_projected_guidance_start_step = 5;  ///< last step before APG
  bool enabled = true;                    ///< off: g = c

  bool is_cfg_enabled(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    return detail::guides_at(*this, step, count);
  }
  bool is_apg_enabled(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    const bool idle = is_close(adaptive_projected_guidance_scale, use_original_formulation ? 0.0 : 1.0);
    return is_cfg_enabled(step, count) && step > adaptive_projected_guidance_start_step && !idle;
  }

  /// The guidance of `step`, 0-based, of `count`.
  Chain<MomentumNormalizedGuidance, RescaleNoiseCfg> at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    return link(step, count) | detail::rescale_of(*this);
  }

 private:
  MomentumNormalizedGuidance link(std::size_t step, std::optional<std::size_t> count) const {
    using Average = MomentumNormalizedGuidance::Average;
    if (!is_cfg_enabled(step, count)) return {{}, 0.0, Average::frozen};
    const Base base = detail::base_of(*this);
    const bool has = adaptive_projected_guidance_momentum.has_value();
    const double beta = adaptive_projected_guidance_momentum.value_or(0.0);
    if (!is_apg_enabled(step, count))
      return {{guidance_scale, 1.0, 0.0, base}, beta, has ? Average::fed : Average::frozen};
    return {{adaptive_projected_guidance_scale, eta, adaptive_projected_guidance_rescale, base}, beta,
            has ? Average::used : Average::frozen};
  }
};

/// What of v₀ is along v₁, or what is left of it.
///
///   v₀∥ = ⟨v₀, v̂₁⟩ v̂₁,  v₀⊥ = v₀ − v₀∥,  v̂₁ = v₁ / max(‖v₁‖, 10⁻¹²)
///
///   guide(diffusers::Project{diffusers::Project::Part::parallel}, v0, v1, out);
///
/// Source  src/diffusers/guiders/frequency_decoupled_guidance.py, project
struct Project {
  enum class Part { parallel, orthogonal } part = Part::orthogonal;

  enum Vector : std::size_t { v0, v1 };
  using Vectors = Reads<Role::cond, Role::uncond>;

  void validate() const {}

  Row<2> operator()(const Gram<2>& gram) const {
    const Row<2> along = padded_share(gram, unit<2>(v0), unit<2>(v1)) * unit<2>(v1);
    return part == Part::parallel ? along : unit<2>(v0) - along;
  }
};

}}}  // namespace eigenguide::diffusers
