// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <Eigen/Core>

#include "dataset.hpp"
#include "network.hpp"
#include "progress.hpp"
#include "random.hpp"

namespace digits {

// Long for so small a set: a network that knows its digits well has the large
// difference between cond and uncond by which methods of guidance part ways.
struct Training {
  int steps = 80000;
  int batch = 64;
  double learning_rate = 3e-3;  // at its height; falls to zero as a cosine
  double dropout = 0.1;         // share of samples that lose their class
  double average = 0.999;       // decay of the averaged weights
  double dequantisation = 0.0;  // width of uniform noise that is added to the digits
};

/// Adds noise that is uniform over [0, width): grey levels become bins of a density.
template <class Images>
void dequantise(Images&& images, double width, Random& random) {
  for (float& value : images.reshaped()) value += static_cast<float>(width * random.uniform());
}

/// Adam (Kingma & Ba, arXiv:1412.6980) with its usual constants.
class Adam {
 public:
  void step(Eigen::VectorXf& parameters, const Eigen::VectorXf& gradient,
            double learning_rate) {
    ++count_;
    mean_ = 0.9F * mean_ + 0.1F * gradient;
    square_ = 0.999F * square_ + 0.001F * gradient.cwiseAbs2();
    const auto mean_bias = static_cast<float>(1.0 - std::pow(0.9, count_));
    const auto square_bias = static_cast<float>(1.0 - std::pow(0.999, count_));
    parameters.array() -=
        static_cast<float>(learning_rate) * (mean_.array() / mean_bias) /
        ((square_.array() / square_bias).sqrt() + 1e-8F);
  }

 private:
  Eigen::VectorXf mean_ = Eigen::VectorXf::Zero(parameter_count);
  Eigen::VectorXf square_ = Eigen::VectorXf::Zero(parameter_count);
  int count_ = 0;
};

/// Trains a network to predict ε − x₀ at x_t = (1 − t)·x₀ + t·ε and returns
/// the running average of its weights. Each sample loses its class on its own
/// with probability `dropout`, which teaches the same network to predict
/// without one: the `uncond` of guidance.
inline Network train(const Dataset& data, std::uint64_t seed,
                     const Training& training = {}) {
  Random random(seed);
  Network network = Network::random(random);
  Network averaged = network;
  Adam adam;
  Network::Trace trace;
  Progress progress(training.steps);

  Eigen::MatrixXf clean(pixels, training.batch);
  Eigen::RowVectorXf t(training.batch);
  std::vector<int> labels(static_cast<std::size_t>(training.batch));
  double shown_loss = 0.0;

  for (int step = 0; step < training.steps; ++step) {
    for (int i = 0; i < training.batch; ++i) {
      const int pick = random.below(static_cast<int>(data.size()));
      const bool drop = random.uniform() < training.dropout;
      clean.col(i) = data.images.col(pick);
      if (training.dequantisation > 0.0) dequantise(clean.col(i), training.dequantisation, random);
      labels[static_cast<std::size_t>(i)] =
          drop ? null_class : data.labels[static_cast<std::size_t>(pick)];
      t(i) = static_cast<float>(random.uniform());
    }
    const Eigen::MatrixXf noise = random.normal_matrix(pixels, training.batch);
    const Eigen::MatrixXf noisy =
        (clean.array().rowwise() * (1.0F - t.array()) +
         noise.array().rowwise() * t.array())
            .matrix();

    const Eigen::MatrixXf error =
        network.flow(noisy, t, labels, trace) - (noise - clean);
    const auto count = static_cast<float>(error.size());
    const double loss = static_cast<double>(error.squaredNorm() / count);

    const double done = static_cast<double>(step) / training.steps;
    const double warm_up = std::min(1.0, (step + 1) / 100.0);
    const double rate = training.learning_rate * warm_up * 0.5 *
                        (1.0 + std::cos(3.141592653589793 * done));
    adam.step(network.parameters,
              network.gradient(noisy, labels, trace, (2.0F / count) * error),
              rate);

    // The average begins short, so that the first weights are soon forgotten.
    const double decay =
        std::min(training.average, (step + 1.0) / (step + 10.0));
    averaged.parameters += static_cast<float>(1.0 - decay) *
                           (network.parameters - averaged.parameters);

    shown_loss = step == 0 ? loss : 0.98 * shown_loss + 0.02 * loss;
    char note[32];
    std::snprintf(note, sizeof note, "loss %.4f", shown_loss);
    progress.advance(note);
  }
  return averaged;
}

}  // namespace digits
