// SPDX-License-Identifier: MIT
// As in stable-diffusion.cpp: a tensor is a vector of floats and a shape whose
// first extent is the fastest (W, H, C, N); C++17, no -march, one thread.
#include <eigenguide/core.hpp>

#include "buffers.hpp"

#include <cstdint>

namespace {

struct Tensor {
  std::vector<float> values;
  std::vector<std::int64_t> shape;
};

eigenguide::BatchView<const float> batch(const Tensor& tensor) {
  const auto samples = static_cast<std::size_t>(tensor.shape[3]);
  return {tensor.values.data(), samples, tensor.values.size() / samples};
}
eigenguide::BatchView<float> batch(Tensor& tensor) {
  const auto samples = static_cast<std::size_t>(tensor.shape[3]);
  return {tensor.values.data(), samples, tensor.values.size() / samples};
}

}  // namespace

int main() {
  const std::vector<std::int64_t> shape{16, 12, 4, 2};
  const Tensor cond{clients::noise(1536, 1), shape}, uncond{clients::noise(1536, 2), shape};
  Tensor guided{std::vector<float>(1536), shape};
  const float cfg_scale = 7.0f;

  // Theirs: uncond + cfg_scale * (cond - uncond), element by element.
  std::vector<double> theirs(1536);
  for (std::size_t i = 0; i < theirs.size(); ++i)
    theirs[i] = uncond.values[i] + double(cfg_scale) * (double(cond.values[i]) - uncond.values[i]);

  // Ours, without a copy.
  guide(eigenguide::Cfg{cfg_scale}, batch(cond), batch(uncond), batch(guided));
  const int failures = clients::compare("stable-diffusion.cpp, CFG", guided.values, theirs);

  // And what it was asked for: CFG-Zero*, whose scale a is of each image.
  for (std::size_t n = 0; n < 2; ++n) {
    double cu = 0.0, uu = 0.0;
    for (std::size_t i = 768 * n; i < 768 * (n + 1); ++i)
      cu += double(cond.values[i]) * uncond.values[i], uu += double(uncond.values[i]) * uncond.values[i];
    for (std::size_t i = 768 * n; i < 768 * (n + 1); ++i)
      theirs[i] = cu / uu * uncond.values[i] + cfg_scale * (cond.values[i] - cu / uu * uncond.values[i]);
  }
  guide(eigenguide::CfgZeroStar{cfg_scale}, batch(cond), batch(uncond), batch(guided));
  return failures + clients::compare("stable-diffusion.cpp, CFG-Zero*", guided.values, theirs);
}
