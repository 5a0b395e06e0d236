// SPDX-License-Identifier: MIT
// The training side: four ways to choose times and weights, on the digits' network.
// The table is the error of the flow on held-out digits, at five times.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <vector>

#include <eigenguide/core.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include "training.hpp"

namespace eg = eigenguide;
using Eigen::MatrixXf;

int main(int argc, char** argv) try {
  constexpr int batch = 64;
  const int steps = argc > 1 ? std::atoi(argv[1]) : 4000;
  eg::require(steps >= 1, "steps", steps, "a positive number");
  const digits::Dataset data = digits::read_dataset(DIGITS_DATA_DIR "/digits.csv"), known = data.half(0), held = data.half(1);
  struct Recipe {
    const char* name;
    std::function<double(digits::Random&)> time;
    std::function<double(const eg::Level&)> weight;
  };
  const auto uniform = [](auto& random) { return eg::UniformTimes{}(random.uniform()); };
  const auto even = [](const eg::Level&) { return 1.0; };
  const std::vector<Recipe> recipes{
      {"uniform", uniform, even},
      {"logit-normal", [](auto& random) { return eg::LogitNormalTimes{}(random.normal()); }, even},
      {"mode, s = 1.29", [](auto& random) { return eg::ModeTimes{1.29}(random.uniform()); }, even},
      {"uniform, min-SNR-5", uniform, eg::MinSnr{eg::Kind::flow, 5.0}}};

  std::printf("%-20s %9s %7s %7s %7s %7s %9s\n", "times and weights", "t = 0.1", "0.3", "0.5", "0.7", "0.9", "null, 0.5");
  for (const Recipe& recipe : recipes) {
    digits::Random random(1);
    digits::Network network = digits::Network::random(random);
    digits::Network::Trace trace;
    digits::Adam adam;
    for (int step = 0; step < steps; ++step) {
      MatrixXf x0(digits::pixels, batch), x(digits::pixels, batch), target(digits::pixels, batch);
      std::vector<eg::Level> levels;
      std::vector<double> drops;
      std::vector<int> labels;
      Eigen::RowVectorXf times(batch), weights(batch);
      for (int i = 0; i < batch; ++i) {
        const int pick = random.below(int(known.size()));
        x0.col(i) = known.images.col(pick);
        labels.push_back(known.labels[std::size_t(pick)]);
        drops.push_back(random.uniform());
        levels.push_back(eg::rectified_flow(recipe.time(random)));
        times(i) = float(levels.back().sigma);
        weights(i) = float(recipe.weight(levels.back()));
      }
      const std::vector<bool> keep = eg::keep_mask(eg::ConditionDropout{0.1}, drops);
      for (std::size_t i = 0; i < keep.size(); ++i) labels[i] = keep[i] ? labels[i] : digits::null_class;
      const MatrixXf noise = random.normal_matrix(digits::pixels, batch);
      eg::convert(eg::Noising{}, levels, x0, noise, x);
      eg::convert(eg::Target{eg::Kind::flow}, levels, x0, noise, target);
      const MatrixXf error = (network.flow(x, times, labels, trace) - target) * weights.asDiagonal();
      const double rate = 1.5e-3 * (1.0 + std::cos(3.14159265 * step / steps));
      adam.step(network.parameters, network.gradient(x, labels, trace, (2.0F / float(error.size())) * error), rate);
    }
    const auto held_out = [&](double t, const std::vector<int>& labels) {
      const MatrixXf noise = digits::Random(2).normal_matrix(digits::pixels, held.size());
      const MatrixXf x = eg::convert(eg::Noising{}, eg::rectified_flow(t), held.images, noise);
      const MatrixXf target = eg::convert(eg::Target{eg::Kind::flow}, eg::rectified_flow(t), held.images, noise);
      return eg::mean_squared_error(network.flow(x, Eigen::RowVectorXf::Constant(x.cols(), float(t)), labels, trace), target);
    };
    std::printf("%-20s", recipe.name);
    for (const double t : {0.1, 0.3, 0.5, 0.7, 0.9}) std::printf(t < 0.2 ? " %9.4f" : " %7.4f", held_out(t, held.labels));
    std::printf(" %9.4f\n", held_out(0.5, std::vector<int>(held.labels.size(), digits::null_class)));
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "training_target: %s\n", error.what());
  return 1;
}
