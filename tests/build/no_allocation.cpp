// SPDX-License-Identifier: MIT
// Counts every allocation of the program, Eigen's included, and makes none
// while it guides.
#define EIGEN_RUNTIME_NO_MALLOC
#include <eigenguide/eigenguide.hpp>

#include <cstdio>
#include <vector>

extern std::size_t allocations;  // counting_new.cpp

int main() {
  using namespace eigenguide;
  Eigen::Tensor<float, 4, Eigen::RowMajor> x(3, 4, 16, 17), cond(3, 4, 16, 17), uncond(3, 4, 16, 17), out(3, 4, 16, 17);
  x.setConstant(0.5f);
  cond.setConstant(0.25f);
  uncond.setConstant(-1.0f);
  const std::vector<double> scales{1.5, 4.0, 7.5};
  const std::vector<Level> levels{rectified_flow(0.2), rectified_flow(0.5), rectified_flow(0.8)};

  delete new int;  // the counter counts
  const std::size_t before = allocations;
  if (before == 0) return std::puts("the counter does not count"), 1;

  Eigen::internal::set_is_malloc_allowed(false);
  guide(Cfg{7.5}, cond, uncond, out);
  guide(CfgZeroStar{7.5} | ZeroInit{1, 3} | Rescale{0.7} | Renorm::capped(), cond, uncond, out);
  guide(per_sample(Slerp{} | Renorm::exact(), scales), Space{Kind::flow, Kind::sample}, levels, x, cond, uncond, out);
  convert({Kind::flow, Kind::epsilon}, levels, x, cond, out);
  Eigen::internal::set_is_malloc_allowed(true);

  std::printf("%zu allocations in four calls\n", allocations - before);
  return allocations == before ? 0 : 1;
}
