// SPDX-License-Identifier: MIT
#include <eigenguide/core.hpp>

#include <cstdio>
#include <vector>

#if defined(EIGEN_WORLD_VERSION)
#error "core.hpp must not include Eigen"
#endif

int main() {
  using namespace eigenguide;
  const std::vector<float> cond(8, 2.0f), uncond(8, 1.0f);
  std::vector<float> out(8);
  guide(Cfg{7.5}, BatchView<const float>(cond.data(), 2, 4), BatchView<const float>(uncond.data(), 2, 4),
        BatchView<float>(out.data(), 2, 4));
  for (const float value : out)
    if (value != 8.5f) {
      std::printf("expected 8.5, got %g\n", double(value));
      return 1;
    }
  return 0;
}
