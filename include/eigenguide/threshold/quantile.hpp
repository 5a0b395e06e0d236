// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>

#include <algorithm>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The quantile of `count` ≥ 1 numbers, between order statistics along a line:
///
///   h = p (n − 1)
///   q = x₍⌊h⌋₎ + (h − ⌊h⌋) (x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎)
///
/// p is in [0, 1]: 0 is the least, 1 the greatest. It is numpy's and torch's
/// default. The numbers are reordered, and none of them is NaN.
inline double quantile(double* values, std::size_t count, double p) {
  const Real h = Real(p) * static_cast<double>(count - 1);
  const auto below = static_cast<std::size_t>(static_cast<double>(h));
  std::nth_element(values, values + below, values + count);
  const double lower = values[below];
  const Real share = h - static_cast<double>(below);
  if (share == 0.0) return lower;
  const Real upper = *std::min_element(values + below + 1, values + count);
  return static_cast<double>(lower + share * (upper - lower));
}

}}  // namespace eigenguide
