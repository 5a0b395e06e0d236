// SPDX-License-Identifier: MIT
// As in local-dream: [2, 4, h, w], cut into tiles that the NPU runs one by one
// and that are blended; a v-model whose output is turned into noise by hand;
// no uncond at a scale of 1. Compiled with -fno-rtti.
#include <eigenguide/core.hpp>

#include "buffers.hpp"

#include <cmath>

using namespace eigenguide;

int main() {
  const std::size_t channels = 4, height = 16, width = 24, tile = 16, overlap = 8, size = channels * height * tile;
  const double alpha_bar = 0.3, alpha = std::sqrt(alpha_bar), sigma = std::sqrt(1.0 - alpha_bar), scale = 7.0;
  std::vector<double> theirs(channels * height * width), weight(width);
  std::vector<float> blended(theirs.size());
  for (std::size_t left = 0; left + tile <= width; left += tile - overlap)
    for (std::size_t x = left; x < left + tile; ++x) weight[x] += 1.0;

  // Whether the second evaluation of the model may be left out: theirs is cfg == 1.
  if (needs_of(Cfg{1.0}).uncond() || !needs_of(Cfg{scale}).uncond()) return 1;

  for (std::size_t left = 0; left + tile <= width; left += tile - overlap) {
    const unsigned seed = static_cast<unsigned>(left);
    const std::vector<float> x = clients::noise(size, seed), output = clients::noise(2 * size, seed + 1);  // uncond first

    // Ours: guided as v, and turned into noise, both over the tile's own memory.
    std::vector<float> noise(size);
    guide(Cfg{scale}, one_sample(output.data() + size, size), one_sample(output.data(), size), noise);
    convert(Conversion{Kind::v, Kind::epsilon}, variance_preserving(alpha_bar), x, noise, noise);

    for (std::size_t row = 0; row < channels * height; ++row)
      for (std::size_t column = 0; column < tile; ++column) {
        const std::size_t from = row * tile + column, to = row * width + left + column;
        // Theirs: v = uncond + scale * (cond - uncond); noise = alpha * v + sigma * x.
        const double v = output[from] + scale * (double(output[size + from]) - output[from]);
        theirs[to] += (alpha * v + sigma * x[from]) / weight[left + column];
        blended[to] += noise[from] / static_cast<float>(weight[left + column]);
      }
  }
  return clients::compare("local-dream", blended, theirs);
}
