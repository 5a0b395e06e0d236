// SPDX-License-Identifier: MIT
// As in axodox-machinelearning: halves out of the model, floats after, and any
// number of prompts with weights, of which the negative ones are multiplied by
// s − 1 where the others are by s.
#include <eigenguide/core.hpp>

#include "buffers.hpp"

using namespace eigenguide;

int main() {
  const std::size_t size = 4 * 8 * 8;
  // [4, C, H, W]: the negative prompt, then three others.
  std::vector<half> output;
  for (const float value : clients::noise(4 * size, 1)) output.push_back(half(value));
  const double scale = 7.0, weights[4] = {-1.0, 0.5, 0.3, 0.2};

  // Theirs: the sum of all prompts, in float.
  std::vector<double> theirs(size, 0.0);
  for (std::size_t k = 0; k < 4; ++k)
    for (std::size_t i = 0; i < size; ++i)
      theirs[i] += weights[k] * (weights[k] > 0.0 ? scale : scale - 1.0) * double(float(output[k * size + i]));

  // Ours: the negative prompt, and the differences of the others to it. The
  // model's halves are read once, and the result is of floats.
  const auto prediction = [&](std::size_t k) { return one_sample(static_cast<const half*>(output.data()) + k * size, size); };
  const Composable<2> composable{scale * weights[1], {scale * weights[2], scale * weights[3]}};
  std::vector<float> guided(size);
  guide(with(composable, prompt<0>(prediction(2)), prompt<1>(prediction(3))), prediction(1), prediction(0), guided);
  return clients::compare("axodox", guided, theirs);
}
