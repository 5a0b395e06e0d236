// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/version.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Number `i` of `count` evenly spaced ones, from `first` to `last` inclusive,
/// as torch.linspace has them: one alone is `first`.
constexpr double linspace(double first, double last, std::size_t i, std::size_t count) {
  if (i == 0) return first;
  if (i + 1 == count) return last;
  return first + static_cast<double>(i) * ((last - first) / static_cast<double>(count - 1));
}

}}  // namespace eigenguide
