// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/version.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Python's math.isclose, by which peers decide that a scale changes nothing:
/// |a − b| ≤ 10⁻⁹ · max(|a|, |b|). Near 0 that is equality.
inline bool is_close(double a, double b) {
  const double larger = std::fabs(a) < std::fabs(b) ? std::fabs(b) : std::fabs(a);
  return a == b || std::fabs(a - b) <= 1e-9 * larger;
}

}}  // namespace eigenguide
