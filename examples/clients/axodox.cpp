// SPDX-License-Identifier: MIT
// As in axodox-machinelearning: halves out of the model, floats after, and any
// number of prompts with weights, of which a negative one is turned away from.
#include <eigenguide/core.hpp>

#include "buffers.hpp"

using namespace eigenguide;

int main() {
  const std::size_t size = 4 * 8 * 8;
  // [4, C, H, W]: uncond, then three prompts.
  std::vector<half> output;
  for (const float value : clients::noise(4 * size, 1)) output.push_back(half(value));
  const double scale = 7.0, weights[2] = {2.5, -1.5};

  // Theirs, in float: uncond + scale * (first - uncond) + the others, each by its weight.
  std::vector<float> wide;
  for (const half value : output) wide.push_back(static_cast<float>(value));
  std::vector<double> theirs(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double u = wide[i];
    theirs[i] = u + scale * (wide[size + i] - u) + weights[0] * (wide[2 * size + i] - u) + weights[1] * (wide[3 * size + i] - u);
  }

  // Ours: all prompts in one pass, over the floats that the client has made.
  const auto prediction = [&](std::size_t k) { return one_sample(static_cast<const float*>(wide.data()) + k * size, size); };
  const Composable<2> composable{scale, {weights[0], weights[1]}};
  std::vector<float> guided(size);
  guide(with(composable, prompt<0>(prediction(2)), prompt<1>(prediction(3))), prediction(1), prediction(0), guided);
  const int failures = clients::compare("axodox, in float", guided, theirs);

  // Or over the model's own halves: read once, computed in float, rounded once.
  const auto narrow = [&](std::size_t k) { return one_sample(static_cast<const half*>(output.data()) + k * size, size); };
  std::vector<half> rounded(size);
  guide(with(composable, prompt<0>(narrow(2)), prompt<1>(narrow(3))), narrow(1), narrow(0), rounded);
  for (std::size_t i = 0; i < size; ++i)
    if (rounded[i].bits != half(guided[i]).bits) return std::printf("axodox: element %zu is rounded otherwise\n", i), 1;
  return failures;
}
