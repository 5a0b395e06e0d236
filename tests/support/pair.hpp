// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/guide.hpp>

#include <array>
#include <cmath>

/// One sample of two elements: small enough to check by hand.
using Pair = std::array<double, 2>;

template <class Method>
Pair guided(const Method& method, const Pair& cond, const Pair& uncond) {
  return eigenguide::guide(method, cond, uncond);
}

inline double length(const Pair& v) { return std::hypot(v[0], v[1]); }
