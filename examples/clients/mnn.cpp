// SPDX-License-Identifier: MIT
// As in MNN's diffusion engine: [2, C, H, W] or [2, C, T, H, W], compiled with
// -ffast-math -fno-rtti -fno-exceptions, under which std::isnan is false.
#include <eigenguide/core.hpp>

#include "buffers.hpp"

#include <cstdint>
#include <cstring>

using namespace eigenguide;

int main() {
  const std::size_t size = 4 * 5 * 8 * 8;
  const float scale = 7.5f;
  std::vector<float> output = clients::noise(2 * size, 1);  // of readMap<float>(), uncond first

  // Theirs, after _Split: uncond + scale * (text - uncond).
  std::vector<double> theirs(size);
  for (std::size_t i = 0; i < size; ++i) theirs[i] = output[i] + double(scale) * (double(output[size + i]) - output[i]);

  // Ours, into the memory of a writeMap<float>(). Two samples of one tensor are two views.
  std::vector<float> guided(size);
  Diagnostics found;
  const auto guided_of = [&](const auto& method) {
    guide(with(method, report(found)), one_sample(output.data() + size, size), one_sample(output.data(), size), guided);
  };
  guided_of(Cfg{scale});
  int failures = clients::compare("MNN", guided, theirs) + (found.non_finite == 0 ? 0 : 1);

  // A NaN of a half-precision backend is counted, and goes no further than its element.
  const std::uint32_t nan = 0x7fc00000;
  std::memcpy(&output[size + 11], &nan, sizeof nan);
  guided_of(Cfg{scale});
  if (found.non_finite != 1) std::printf("MNN: %zu elements are not finite; expected 1\n", found.non_finite), ++failures;
  guided[11] = static_cast<float>(theirs[11]);
  return failures + clients::compare("MNN, but for a NaN", guided, theirs);
}
