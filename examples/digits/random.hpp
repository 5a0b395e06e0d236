// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include <Eigen/Core>

namespace digits {

/// Random numbers that depend on the seed alone. The standard fixes the bits
/// of mt19937_64 but not those of its distributions, so these are our own.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// Uniform on [0, 1), with all 53 bits of a double.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  /// Uniform on {0, …, count − 1}.
  int below(int count) {
    return static_cast<int>(uniform() * static_cast<double>(count));
  }

  /// Standard normal (Box–Muller; the second of each pair is kept).
  double normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    const double angle = 6.283185307179586 * uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return radius * std::cos(angle);
  }

  /// Standard normal matrix, filled column by column.
  Eigen::MatrixXf normal_matrix(Eigen::Index rows, Eigen::Index columns) {
    Eigen::MatrixXf matrix(rows, columns);
    for (float& value : matrix.reshaped()) value = static_cast<float>(normal());
    return matrix;
  }

 private:
  std::mt19937_64 engine_;
  double spare_ = 0.0;
  bool has_spare_ = false;
};

}  // namespace digits
