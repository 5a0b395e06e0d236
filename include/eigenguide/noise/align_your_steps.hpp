// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/noise/step_table.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The models that have a table of Align Your Steps.
enum class AlignYourStepsModel {
  stable_diffusion_1_5,
  stable_diffusion_xl,
  deepfloyd_if,  ///< its first stage
  stable_video_diffusion,
};

/// Noise levels that minimise a bound on the error of the sampler, found by the
/// paper's authors for each model at 10 steps, for any number of steps.
///
/// Output  a schedule in EDM's coordinate, from the greatest σ of the model's table
/// Source  Sabour, Fidler, Kreis, arXiv:2404.14507, "Optimized Schedules"
inline StepTable align_your_steps(AlignYourStepsModel model) {
  static constexpr double sd_1_5[] = {14.615, 6.475, 3.861, 2.697, 1.886, 1.396,
                                      0.963,  0.652, 0.399, 0.152, 0.029};
  static constexpr double sd_xl[] = {14.615, 6.315, 3.771, 2.181, 1.342, 0.862,
                                     0.555,  0.380, 0.234, 0.113, 0.029};
  static constexpr double deepfloyd_if[] = {160.41, 8.081, 3.315, 1.885, 1.207, 0.785,
                                            0.553,  0.293, 0.186, 0.030, 0.006};
  static constexpr double svd[] = {700.0, 54.5,  15.886, 7.977, 4.248, 1.789,
                                   0.981, 0.403, 0.173,  0.034, 0.002};
  switch (model) {
    case AlignYourStepsModel::stable_diffusion_1_5: return {sd_1_5, 11};
    case AlignYourStepsModel::stable_diffusion_xl: return {sd_xl, 11};
    case AlignYourStepsModel::deepfloyd_if: return {deepfloyd_if, 11};
    case AlignYourStepsModel::stable_video_diffusion: return {svd, 11};
  }
  reject("model", "none of the named ones", "one of AlignYourStepsModel");
}

}}  // namespace eigenguide
