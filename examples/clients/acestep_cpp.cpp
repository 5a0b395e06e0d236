// SPDX-License-Identifier: MIT
// As in acestep.cpp: latents [N, T, C], time-major; APG of each channel over
// time, in double, with a momentum for each sample.
#include <eigenguide/core.hpp>
#include <eigenguide/presets/ace_step.hpp>

#include "buffers.hpp"

using namespace eigenguide;

int main() {
  const std::size_t samples = 2, frames = 25, channels = 6, size = frames * channels;
  const double scale = 7.0, threshold = 2.5, beta = -0.75;
  std::vector<double> theirs(samples * size), running(samples * size);
  std::vector<float> guided(samples * size), state(samples * size);
  int failures = 0;
  for (unsigned step = 0; step < 3; ++step) {
    const std::vector<float> cond = clients::noise(samples * size, 10 + step), uncond = clients::noise(samples * size, 20 + step);

    // Theirs: running = d + beta * running; clipped to the threshold, the part along cond taken out.
    for (std::size_t n = 0; n < samples; ++n)
      for (std::size_t k = 0; k < channels; ++k) {
        double norm = 0.0, along = 0.0, length = 0.0;
        for (std::size_t t = 0; t < frames; ++t) {
          const std::size_t i = n * size + t * channels + k;
          running[i] = double(cond[i]) - uncond[i] + beta * running[i];
          norm += running[i] * running[i], along += running[i] * cond[i], length += double(cond[i]) * cond[i];
        }
        const double clip = std::sqrt(norm) > threshold ? threshold / std::sqrt(norm) : 1.0;
        for (std::size_t t = 0; t < frames; ++t) {
          const std::size_t i = n * size + t * channels + k;
          theirs[i] = cond[i] + (scale - 1.0) * clip * (running[i] - along / length * cond[i]);
        }
      }

    // Ours: the same from strides, without scratch; the momentum is the caller's buffer.
    const Shape shape{{samples, frames, channels}, 3};
    const BatchView<const float> c(cond.data(), samples, size, size, shape), u(uncond.data(), samples, size, size, shape);
    const BatchView<float> out(guided.data(), samples, size, size, shape), m(state.data(), samples, size, size, shape);
    guide(with(ace_step::Apg{scale}.method(), momentum(m, m), per_channel("btc")), c, u, out);
    failures += clients::compare("acestep.cpp", guided, theirs);
  }
  return failures;
}
