// SPDX-License-Identifier: MIT
#if defined(SINGLE_HEADER)
#include <eigenguide_core.hpp>
#else
#include <eigenguide/core.hpp>
#include <eigenguide/presets/ace_step.hpp>
#endif

#include <cstdio>
#include <vector>

int main() {
  const std::vector<float> cond(16, 2.0f), uncond(16, 1.0f);
  const std::vector<float> guided = eigenguide::guide(eigenguide::Cfg{7.5}, cond, uncond);
  const bool preset = eigenguide::ace_step::Apg{}.momentum == -0.75;
  std::printf("guided to %g\n", double(guided[0]));
  return preset && guided[0] == 8.5f && guided[15] == 8.5f ? 0 : 1;
}
