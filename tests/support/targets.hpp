// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/dispatch.hpp>

#include <vector>

/// The sets of instructions that run here.
inline std::vector<eigenguide::kernel::Target> targets() {
  using eigenguide::kernel::Target;
  std::vector<Target> all;
  for (const Target target : {Target::portable, Target::avx2, Target::avx512, Target::neon})
    if (supports(target)) all.push_back(target);
  return all;
}
