// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <vector>

// What the clients' examples fill their buffers with, and hold results to.
namespace clients {

/// Numbers in (−1, 1) that look random.
inline std::vector<float> noise(std::size_t count, unsigned seed) {
  std::vector<float> values(count);
  for (float& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<float>(seed >> 8) / 8388608.0f - 1.0f;
  }
  return values;
}

/// Whether a result is finite and what the client's own code made, within the
/// rounding of floats: the exit code of the example.
inline int compare(const char* client, const std::vector<float>& ours, const std::vector<double>& theirs) {
  double largest = 0.0, difference = 0.0;
  bool is_same = ours.size() == theirs.size();
  for (std::size_t i = 0; is_same && i < ours.size(); ++i) {
    is_same = eigenguide::is_finite(ours[i]) && eigenguide::is_finite(theirs[i]);
    const double apart = std::abs(static_cast<double>(ours[i]) - theirs[i]);
    largest = std::abs(theirs[i]) > largest ? std::abs(theirs[i]) : largest;
    difference = apart > difference ? apart : difference;
  }
  is_same = is_same && largest > 0.0 && difference <= 1e-6 * largest;
  std::printf("%s: largest difference %.2g of %.3g\n", client, difference, largest);
  return is_same ? 0 : 1;
}

}  // namespace clients
