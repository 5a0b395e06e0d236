// SPDX-License-Identifier: MIT
#if defined(SINGLE_HEADER)
#include <eigenguide.hpp>
#else
#include <eigenguide/eigenguide.hpp>
#endif

#include <cstdio>

int main() {
  const Eigen::ArrayXf cond = Eigen::ArrayXf::Constant(16, 2.0f), uncond = Eigen::ArrayXf::Constant(16, 1.0f);
  const Eigen::ArrayXf guided = eigenguide::guide(eigenguide::Cfg{7.5}, cond, uncond);
  std::printf("guided to %g\n", double(guided(0)));
  return (guided == 8.5f).all() ? 0 : 1;
}
