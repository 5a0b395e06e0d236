// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/version.hpp>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// One meaning of a guidance scale: 1 is the conditional prediction, 0 the
// unconditional one. The paper's weight w counts from the conditional
// prediction instead, (1 + w) c − w u, and exists here only as a conversion.
// Source: Ho, Salimans, arXiv:2207.12598

/// s = w + 1, from the paper's weight w (0 is the conditional prediction).
constexpr double scale_from_weight(double weight) { return weight + 1.0; }

/// w = s − 1, the paper's weight of a scale s.
constexpr double weight_from_scale(double scale) { return scale - 1.0; }

}}  // namespace eigenguide
