// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "methods.hpp"
#include "network.hpp"

namespace digits {

struct Sampled {
  Eigen::MatrixXf images;
  double guidance_microseconds = 0.0;  // a step, for the whole batch
};

/// Follows the guided flow from noise at t = 1 to data at t = 0 in Euler steps
/// of equal length. `after_step` is called after each.
inline Sampled sample(const Network& network, const Method& method,
                      double scale, int steps, const Eigen::MatrixXf& noise,
                      const std::vector<int>& labels,
                      const std::function<void()>& after_step) {
  using Clock = std::chrono::steady_clock;
  const std::vector<int> no_labels(labels.size(), null_class);
  Network::Trace trace;
  Eigen::MatrixXf x = noise;
  Eigen::MatrixXf guided(x.rows(), x.cols());
  Clock::duration spent{};

  for (int i = 0; i < steps; ++i) {
    const double t = 1.0 - static_cast<double>(i) / steps;
    const Eigen::RowVectorXf times =
        Eigen::RowVectorXf::Constant(x.cols(), static_cast<float>(t));
    const Eigen::MatrixXf cond = network.flow(x, times, labels, trace);
    const Eigen::MatrixXf uncond = network.flow(x, times, no_labels, trace);

    const auto start = Clock::now();
    method.guide(scale, Step{static_cast<std::size_t>(i), t, x, cond, uncond}, guided);
    spent += Clock::now() - start;

    x -= guided / static_cast<float>(steps);
    after_step();
  }
  const std::chrono::duration<double, std::micro> microseconds = spent;
  return {std::move(x), microseconds.count() / steps};
}

}  // namespace digits
