// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

/// One place to measure: a batch of latents of a size that samplers really have.
struct Cell {
  std::string latent;  ///< extents of one sample
  std::size_t size;    ///< elements of one sample
  std::size_t batch;

  std::string name() const { return latent + "/b" + std::to_string(batch); }
};

/// From the second cache to memory: SD1.5, SDXL, Flux and a video latent of 84
/// frames of 720×1280, whose two batches leave every cache behind.
inline const std::vector<Cell>& cells() {
  static const std::vector<Cell> all = {
      {"4x64x64", 4 * 64 * 64, 1},           {"4x64x64", 4 * 64 * 64, 2},
      {"4x64x64", 4 * 64 * 64, 8},           {"4x128x128", 4 * 128 * 128, 2},
      {"16x128x128", 16 * 128 * 128, 1},     {"16x128x128", 16 * 128 * 128, 2},
      {"16x128x128", 16 * 128 * 128, 8},     {"16x21x90x160", 16 * 21 * 90 * 160, 1},
      {"16x21x90x160", 16 * 21 * 90 * 160, 2},
  };
  return all;
}

/// One cell in the second cache, one in the third, one in memory: for what is
/// measured in many variants.
inline const std::vector<Cell>& few_cells() {
  static const std::vector<Cell> all = {cells()[0], cells()[4], cells()[7]};
  return all;
}

}  // namespace bench
