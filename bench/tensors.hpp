// SPDX-License-Identifier: MIT
#pragma once

#include "cells.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace bench {

/// The memory that every entry and every bare stream works on: three inputs
/// and one output, each as large as the largest cell. Sharing it gives both the
/// same residency, the same pages and the same alignment.
template <class T>
class Tensors {
 public:
  static constexpr std::size_t inputs = 3;

  /// The predictions and x. A cell takes the front of each.
  const T* cond() const { return tensor_[0]; }
  const T* uncond() const { return tensor_[1]; }
  const T* x() const { return tensor_[2]; }
  T* out() const { return tensor_[inputs]; }

  static const Tensors& shared() {
    static const Tensors tensors;
    return tensors;
  }

 private:
  Tensors() {
    std::size_t capacity = 0;
    for (const Cell& cell : cells()) capacity = std::max(capacity, cell.size * cell.batch);
    for (std::size_t i = 0; i <= inputs; ++i) {
      // Whole cache lines, but no two tensors at the same place of a page: loads
      // that look like earlier stores would otherwise wait for them.
      const std::size_t skip = i * 17 * line / sizeof(T);
      const std::size_t pages = (capacity + skip) * sizeof(T) / page + 1;
      tensor_[i] = static_cast<T*>(std::aligned_alloc(page, pages * page));
      if (tensor_[i] == nullptr) throw std::bad_alloc();
      tensor_[i] += skip;
    }
    // Predictions that agree in part, so that no sum is degenerate and none
    // asks for the second, exact reduction.
    std::uint32_t random = 1;
    const auto next = [&random] {
      random = random * 1664525u + 1013904223u;
      return static_cast<float>(random >> 8) / static_cast<float>(1 << 23) - 1.0f;
    };
    for (std::size_t n = 0; n < capacity; ++n) {
      const float shared = next();
      tensor_[0][n] = static_cast<T>(shared + next() / 2.0f);
      tensor_[1][n] = static_cast<T>(shared);
      tensor_[2][n] = static_cast<T>(next());
      tensor_[3][n] = static_cast<T>(0.0f);
    }
  }

  static constexpr std::size_t line = 64, page = 4096;
  std::array<T*, inputs + 1> tensor_{};
};

}  // namespace bench
