// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/version.hpp>

#include <array>
#include <cstdint>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Philox4x32-10: 128 random bits as a function of a counter and a key, and of
/// nothing else. Any draw can be made again alone, in any order, on any thread.
///
/// Source  Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
///         1, 2, 3", SC 2011
inline std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t even = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t odd = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(odd >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(odd),
               static_cast<std::uint32_t>(even >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(even)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

}}  // namespace eigenguide
