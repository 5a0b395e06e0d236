// SPDX-License-Identifier: MIT
// As in OpenVINO GenAI: the model runs once on [2N, C, H, W], and the halves are
// combined in place. Which half comes first differs from pipeline to pipeline.
#include <eigenguide/core.hpp>

#include "buffers.hpp"

using eigenguide::BatchView;

int main() {
  const std::size_t n = 3, size = 4 * 8 * 8, half = n * size;
  const float guidance_scale = 7.5f;
  std::vector<float> noise_pred = clients::noise(2 * half, 1);

  // Theirs, uncond first: over each image, noise_pred_uncond + scale * (text - uncond).
  std::vector<double> theirs(half);
  for (std::size_t i = 0; i < half; ++i)
    theirs[i] = noise_pred[i] + double(guidance_scale) * (double(noise_pred[half + i]) - noise_pred[i]);

  // Ours: each half is a batch of its own, and the result takes the place of cond.
  const BatchView<float> uncond(noise_pred.data(), n, size), cond(noise_pred.data() + half, n, size);
  guide(eigenguide::Cfg{guidance_scale}, cond, uncond, cond);
  const int failures = clients::compare("OpenVINO GenAI, uncond first", {noise_pred.begin() + half, noise_pred.end()}, theirs);

  // Theirs, cond first, as flux2 keeps what its two runs made.
  noise_pred = clients::noise(2 * half, 2);
  for (std::size_t i = 0; i < half; ++i)
    theirs[i] = noise_pred[half + i] + double(guidance_scale) * (double(noise_pred[i]) - noise_pred[half + i]);

  // Ours: the halves change places, and the result is again where cond was.
  const BatchView<float> first(noise_pred.data(), n, size), second(noise_pred.data() + half, n, size);
  guide(eigenguide::Cfg{guidance_scale}, first, second, first);
  return failures + clients::compare("OpenVINO GenAI, cond first", {noise_pred.begin(), noise_pred.begin() + half}, theirs);
}
