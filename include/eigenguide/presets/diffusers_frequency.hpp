// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/presets/diffusers.hpp>
#include <eigenguide/presets/is_close.hpp>
#include <eigenguide/presets/kornia.hpp>
#include <eigenguide/spectral/frequency_shift.hpp>
#include <eigenguide/guide/workspace.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace diffusers {

/// What one step of FrequencyDecoupledGuidance does.
struct FrequencyDecoupledStep {
  std::vector<eigenguide::detail::LevelGuidance> levels;  ///< none: g = c
  double guidance_rescale = 0.0;                          ///< φ of the whole result; 0: off

  /// The shape of the result for predictions of `shape`: kornia's padded one,
  /// but for a step that guides nothing.
  Shape shape(const Shape& prediction) const { return levels.empty() ? prediction : kornia::padded(prediction); }
};

/// Frequency-decoupled guidance on kornia's Laplacian pyramid, over an interval
/// of the run for each level.
///
///   gₗ = uₗ + guidance_scales[l] (parallel_weights[l] ∥ + ⟂)    or, originally, cₗ + …
///   gₗ = φₗ gₗ std(cₗ) / std(gₗ) + (1 − φₗ) gₗ                   in "freq" space
///   g = φ₀ g std(c) / std(g) + (1 − φ₀) g                       in "data" space
///
/// ∥ is the part of cₗ − uₗ along cₗ, whose norm counts as 10⁻¹² at least. With
/// a weight other than 1, ∥ of u is damped with that of the difference, where
/// the paper's method damps the difference alone.
///
/// Where neither side is a power of two, g has the padded shape, and is not
/// cropped; std(c) is over c as it was, std(g) over the padded g, both of them
/// with n − 1. A g without spread is left as it is, where the peer divides by
/// zero.
///
/// A level that is outside its interval, or whose scale changes nothing, stays
/// cₗ; the peer then reads a variable that it has not set. Where no level is
/// guided, g is c.
///
///   const auto step = guider.at(i, count);
///   guide(step, cond, uncond, out, workspace);    // out of step.shape(…)
///
/// Source  src/diffusers/guiders/frequency_decoupled_guidance.py
struct FrequencyDecoupledGuidance {
  enum class RescaleSpace { data, freq };

  // A list of one stands for all levels.
  std::vector<double> guidance_scales{10.0, 5.0};  ///< one for each level, the highest frequencies first
  std::vector<double> guidance_rescale{0.0};       ///< φₗ, any finite numbers; 0 and below: off
  std::vector<double> parallel_weights{1.0};       ///< any finite numbers
  bool use_original_formulation = false;           ///< guidance_scales count from cₗ instead of uₗ
  std::vector<double> start{0.0};                  ///< first step, as a share of the run; in [0, 1)
  std::vector<double> stop{1.0};                   ///< step after the last, as a share; in [start, 1]
  RescaleSpace guidance_rescale_space = RescaleSpace::data;
  bool enabled = true;  ///< off: g = c

  /// The guidance of `step`, 0-based, of `count` (unknown: anywhere within the
  /// intervals).
  ///
  /// Errors  no level, a list of another length, a number out of its range
  FrequencyDecoupledStep at(std::size_t step, std::optional<std::size_t> count = std::nullopt) const {
    if (guidance_scales.empty()) reject("guidance_scales", "empty", "a number for each level");
    FrequencyDecoupledStep result;
    bool any = false;
    for (std::size_t i = 0; i < guidance_scales.size(); ++i) {
      const double phi = value("guidance_rescale", guidance_rescale, i);
      require_finite("guidance_rescale", phi);
      const double weight = value("parallel_weights", parallel_weights, i);
      require_finite("parallel_weights", weight);
      require_finite("guidance_scales", guidance_scales[i]);

      ClassifierFreeGuidance level;
      level.guidance_scale = guidance_scales[i];
      level.use_original_formulation = use_original_formulation;
      level.start = value("start", start, i);
      level.stop = value("stop", stop, i);
      level.enabled = enabled;
      const double scale = detail::scale_at(level, step, count), from_cond = scale - 1.0;
      eigenguide::detail::LevelGuidance guidance;
      if (from_cond != 0.0) {
        any = true;
        guidance.difference = from_cond;
        if (!is_close(weight, 1.0))
          guidance.parallel = (use_original_formulation ? from_cond : scale) * (weight - 1.0);
        if (guidance_rescale_space == RescaleSpace::freq && phi > 0.0) guidance.phi = phi;
      }
      result.levels.push_back(guidance);
    }
    if (!any) return {};
    if (guidance_rescale_space == RescaleSpace::data && guidance_rescale[0] > 0.0)
      result.guidance_rescale = guidance_rescale[0];
    return result;
  }

 private:
  double value(const char* name, const std::vector<double>& list, std::size_t level) const {
    const std::size_t levels = guidance_scales.size();
    if (list.size() != 1 && list.size() != levels)
      reject(name, "a list of " + std::to_string(list.size()),
             "one number, or " + std::to_string(levels) + ", one for each of `guidance_scales`");
    return list[list.size() == 1 ? 0 : level];
  }
};

/// Guides one step of a batch.
///
/// Inputs  cond, uncond  [samples, ..., rows, columns], of three dimensions or
///                       more; the peer's have four
///         workspace     memory to work in; without it the call allocates its own
/// Output  out           of step.shape(…); may be exactly one of the inputs
///                       where that is theirs
/// Errors  shapes that differ or are not known, an `out` of another shape or
///         that overlaps an input partly; nothing has been written then
template <class Cond, class Uncond, class Out>
void guide(const FrequencyDecoupledStep& step, const Cond& cond, const Uncond& uncond, Out&& out,
           Workspace& workspace) {
  namespace house = eigenguide::detail;
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  const house::Planes planes = house::planes_of("cond", c);
  const house::Planes result{planes.count, step.levels.empty() ? planes.extents : kornia::detail::padded(planes.extents)};
  if (result.extents == planes.extents) {
    house::require_tensors(to, house::Named{"cond", c}, house::Named{"uncond", u});
  } else {
    house::require_same_shape("uncond", u, "cond", c);
    const Shape shape = step.shape(c.shape());
    const bool known = to.shape().rank > 0;
    if (to.samples() != c.samples() || to.size() != result.count * result.extents.area() ||
        (known && !(to.shape() == shape)))
      reject("out", "of shape " + to.text(), shape.text() + ": the padded shape of `cond`, " + c.text());
    house::require_apart("out", to, "cond", c);
    house::require_apart("out", to, "uncond", u);
  }
  if (planes.count == 0) return;

  if (step.levels.empty()) {
    for (std::size_t i = 0; i < c.samples(); ++i)
      for (std::size_t k = 0; k < c.size(); ++k) to.sample(i)[k] = c.sample(i)[k];
    return;
  }
  house::FrequencyShift<T> shift(planes, result.extents, step.levels.size(), 1e-12, workspace);
  for (std::size_t i = 0; i < c.samples(); ++i) {
    const T* const from = c.sample(i);
    T* const target = to.sample(i);
    const double* const h = shift(from, u.sample(i), [&](std::size_t level) { return step.levels[level]; });
    const auto cond_at = [&](std::size_t k) { return static_cast<double>(from[k]); };
    const auto guided_at = [&](std::size_t k) { return Real(cond_at(shift.source(k))) + h[k]; };

    Real ratio = 1.0;
    if (step.guidance_rescale > 0.0) {
      const house::Spread of_c = house::spread_of(c.size(), cond_at);
      const house::Spread of_g = house::spread_of(to.size(), guided_at);
      const Real square = of_g.squares + static_cast<double>(to.size()) * of_g.mean * of_g.mean;
      if (of_g.squares > 1e-28 * square && c.size() > 1) {
        const Real variance_of_c = of_c.squares / static_cast<double>(c.size() - 1);
        const Real variance_of_g = of_g.squares / static_cast<double>(to.size() - 1);
        ratio += step.guidance_rescale * (sqrt(variance_of_c / variance_of_g) - 1.0);
      }
    }
    for (std::size_t k = 0; k < to.size(); ++k) target[k] = static_cast<T>(static_cast<double>(ratio * guided_at(k)));
  }
}
template <class Cond, class Uncond, class Out>
void guide(const FrequencyDecoupledStep& step, const Cond& cond, const Uncond& uncond, Out&& out) {
  Workspace workspace;
  diffusers::guide(step, cond, uncond, out, workspace);
}

}}}  // namespace eigenguide::diffusers
