// SPDX-License-Identifier: MIT
#pragma once

#include <law/inputs.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

/// Predictions at which sums, differences and lengths lose their digits.
struct Adversary {
  std::string name;
  double apart;  ///< of u, and of every further prediction, from `near` times c
  double near;
  double mean = 0.0, scale = 1.0;
  enum class Kind { normal, decades, alternating, single } kind = Kind::normal;
};

inline std::vector<Adversary> adversaries() {
  using Kind = Adversary::Kind;
  return {{"apart", 1.0, 0.0},
          {"u = c to 1e-7", 1e-7, 1.0},
          {"mean 1000 ± 1", 1.0, 0.0, 1000.0},
          {"12 decades", 1.0, 0.0, 0.0, 1.0, Kind::decades},
          {"alternating signs", 1.0, 0.0, 1000.0, 1.0, Kind::alternating},
          {"denormal", 1.0, 0.0, 0.0, 1e-41},
          {"nearly parallel", 1e-6, 2.0},
          {"nearly opposite", 1e-2, -1.0},
          {"one element", 1.0, 0.0, 0.0, 1.0, Kind::single}};  // each another one
}

inline Inputs<Eigen::MatrixXf> adversarial_inputs(const Adversary& adversary, std::uint64_t seed, Eigen::Index size) {
  using Kind = Adversary::Kind;
  const auto like = [&](std::uint64_t stream) {
    Random random(seed + stream);
    Eigen::MatrixXd values(size, 1);
    for (Eigen::Index n = 0; n < size; ++n) {
      double value = random.normal();
      if (adversary.kind == Kind::decades) value = std::copysign(std::pow(10.0, 12.0 * random.uniform() - 6.0), value);
      if (adversary.kind == Kind::alternating) value += n % 2 == 0 ? adversary.mean : -adversary.mean;
      if (adversary.kind == Kind::single && n != (size / 2 + Eigen::Index(stream) - 1) % size) value = 0.0;
      if (adversary.kind == Kind::normal) value += adversary.mean;
      values(n) = adversary.scale * value;
    }
    return values;
  };
  const Eigen::MatrixXd cond = like(1);
  const auto other = [&](std::uint64_t stream) {
    return Eigen::MatrixXf((adversary.near * cond + adversary.apart * like(stream)).cast<float>());
  };
  Inputs<Eigen::MatrixXf> inputs{cond.cast<float>(), other(2), {}};
  for (std::size_t i = 0; i < Inputs<Eigen::MatrixXf>::count; ++i) inputs.others[i] = other(3 + i);
  return inputs;
}
