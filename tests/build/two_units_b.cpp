// SPDX-License-Identifier: MIT
#include <eigenguide/eigenguide.hpp>

#include "two_units.hpp"

#include <vector>

Result result_of_b() {
  using namespace eigenguide;
  const std::vector<float> c(100, 3.0f), u(100, 2.0f);
  std::vector<float> out(100);
  guide(CfgZeroStar{2.0} | Renorm::capped(), c, u, out);
  return {out[7], &is_finite};
}
