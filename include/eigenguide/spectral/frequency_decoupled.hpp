// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/spectral/frequency_shift.hpp>
#include <eigenguide/guide/workspace.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Frequency-decoupled guidance (FDG): a scale for each octave of frequencies,
/// strong for detail and weak for what decides colour and layout.
///
///   cₗ, uₗ = level l of the Laplacian pyramids of c and u
///   dₗ = cₗ − uₗ = ∥ + ⟂,  ∥ = ⟨dₗ, cₗ⟩ cₗ / ‖cₗ‖²
///   gₗ = cₗ + (sₗ − 1) (wₗ ∥ + ⟂)
///   g = the tensor whose pyramid is gₗ
///
/// The pyramid is that of LaplacianPyramid: any size works, and g has it too.
/// ∥ is over all planes of a sample. A cₗ of zero (its root mean square below
/// 10⁻¹⁴ of that of c, which is rounding) has no direction: ∥ = 0.
///
/// One scale for all levels is plain guidance. The pyramid is linear, so what
/// is computed is g = c + the tensor of (sₗ − 1) (wₗ ∥ + ⟂): where every scale
/// is 1, g is c exactly.
///
/// Space   depends on it, through ∥ only
/// Source  Sadat, Vontobel, Salehi, Weber, arXiv:2506.19713
struct FrequencyDecoupled {
  std::vector<double> scales{1.0};            ///< sₗ, no unit; any finite numbers. The number of levels, the
                                              ///< highest frequencies first
  std::vector<double> parallel_weights{1.0};  ///< wₗ, no unit; any finite numbers: one for all levels, or one each

  using Memory = Workspace;

  void validate() const {
    if (scales.empty()) reject("scales", "empty", "a number for each level");
    for (const double scale : scales) require_finite("scales", scale);
    if (parallel_weights.size() != 1 && parallel_weights.size() != scales.size())
      reject("parallel_weights", "a list of " + std::to_string(parallel_weights.size()),
             "one number, or " + std::to_string(scales.size()) + ", one for each of `scales`");
    for (const double weight : parallel_weights) require_finite("parallel_weights", weight);
  }

  detail::LevelGuidance level(std::size_t i) const {
    const double weight = parallel_weights[parallel_weights.size() == 1 ? 0 : i];
    return {scales[i] - 1.0, (scales[i] - 1.0) * (weight - 1.0), 0.0};
  }
};

/// Guides one step of a batch octave by octave.
///
///   guide(FrequencyDecoupled{{10.0, 5.0}}, cond, uncond, out, workspace);
///
/// Inputs  cond, uncond  [samples, ..., rows, columns], predictions of the same
///                       kind, of three dimensions or more: tensors of Eigen's,
///                       or a BatchView with its Shape
///         workspace     memory to work in; without it the call allocates its own
/// Output  out           of the shape of `cond`; may be exactly one of the inputs
/// Errors  shapes that differ or are not known, a parameter out of its range,
///         an `out` that overlaps an input partly; nothing has been written then
/// Cost    about 50 multiplications an element, 90 with parallel weights; a
///         workspace of doubles, 8/3 of a sample and two planes
/// Accuracy  sums in double, one rounding at the end
template <class Cond, class Uncond, class Out>
void guide(const FrequencyDecoupled& method, const Cond& cond, const Uncond& uncond, Out&& out,
           Workspace& workspace) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  detail::require_tensors(to, detail::Named{"cond", c}, detail::Named{"uncond", u});
  const detail::Planes planes = detail::planes_of("cond", c);
  method.validate();
  if (planes.count == 0) return;

  detail::FrequencyShift<T> shift(planes, planes.extents, method.scales.size(), 0.0, workspace);
  for (std::size_t i = 0; i < c.samples(); ++i) {
    const T* const from = c.sample(i);
    T* const target = to.sample(i);
    const double* const h = shift(from, u.sample(i), [&](std::size_t level) { return method.level(level); });
    for (std::size_t k = 0; k < c.size(); ++k) target[k] = static_cast<T>(static_cast<double>(from[k]) + h[k]);
  }
}

}}  // namespace eigenguide
