// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <Eigen/Core>

#include "dataset.hpp"
#include "random.hpp"

namespace digits {

constexpr int hidden_width = 128;
constexpr int blocks = 2;
constexpr int time_features = 16;
constexpr int null_class = classes;  // what dropped conditions become

/// What one weights file holds, in the order in which it is checked.
constexpr std::array<std::uint32_t, 5> dimensions{pixels, hidden_width, blocks,
                                                  time_features, classes};

/// The network's matrices, as views of one flat vector: the optimiser, the
/// average and the file then need to know nothing about layers.
template <class Value>
struct Layers {
  using Matrix = std::conditional_t<std::is_const_v<Value>,
                                    const Eigen::MatrixXf, Eigen::MatrixXf>;
  using Vector = std::conditional_t<std::is_const_v<Value>,
                                    const Eigen::VectorXf, Eigen::VectorXf>;

  struct Block {
    Eigen::Map<Matrix> time;   // [hidden_width, time_features]
    Eigen::Map<Matrix> label;  // [hidden_width, classes + 1]
    Eigen::Map<Matrix> weight;  // [hidden_width, hidden_width]
    Eigen::Map<Vector> bias;    // [hidden_width]
  };

  explicit Layers(Value* at)
      : in(take(at, hidden_width, pixels)),
        in_bias(take(at, hidden_width)),
        block{make_block(at), make_block(at)},
        out(take(at, pixels, hidden_width)),
        out_bias(take(at, pixels)) {}

  Eigen::Map<Matrix> in;
  Eigen::Map<Vector> in_bias;
  std::array<Block, blocks> block;
  Eigen::Map<Matrix> out;
  Eigen::Map<Vector> out_bias;

 private:
  static Eigen::Map<Matrix> take(Value*& at, int rows, int columns) {
    Value* const begin = at;
    at += rows * columns;
    return {begin, rows, columns};
  }
  static Eigen::Map<Vector> take(Value*& at, int rows) {
    Value* const begin = at;
    at += rows;
    return {begin, rows};
  }
  // Braces fix the order in which the members take their share.
  static Block make_block(Value*& at) {
    return Block{take(at, hidden_width, time_features), take(at, hidden_width, classes + 1),
                 take(at, hidden_width, hidden_width), take(at, hidden_width)};
  }
};

constexpr Eigen::Index parameter_count =
    hidden_width * (pixels + 1) +
    blocks * hidden_width * (time_features + (classes + 1) + (hidden_width + 1)) +
    pixels * (hidden_width + 1);

/// cos and sin of t at octave frequencies: [time_features, samples].
inline Eigen::MatrixXf time_embedding(const Eigen::RowVectorXf& t) {
  Eigen::MatrixXf features(time_features, t.size());
  for (int k = 0; k < time_features / 2; ++k) {
    const float frequency = 1.5707964F * static_cast<float>(1 << k) / 2.0F;
    features.row(2 * k) = (frequency * t.array()).cos();
    features.row(2 * k + 1) = (frequency * t.array()).sin();
  }
  return features;
}

/// A small residual network that predicts the flow ε − x₀ of rectified-flow
/// samples x_t = (1 − t)·x₀ + t·ε, given t and a class (or the null class):
///
///   h₀ = I x + i
///   hₖ₊₁ = hₖ + Wₖ silu(hₖ + Tₖ φ(t) + Cₖ[class]) + bₖ
///   flow = O silu(h_K) + o
class Network {
 public:
  Eigen::VectorXf parameters = Eigen::VectorXf::Zero(parameter_count);

  /// The inner values of one evaluation that its gradient needs again.
  struct Trace {
    Eigen::MatrixXf features;                      // φ(t)
    std::array<Eigen::MatrixXf, blocks + 1> gate;  // of silu(z): σ(z)
    std::array<Eigen::MatrixXf, blocks + 1> after;  // and its value z σ(z)
  };

  /// Weights at which every layer keeps the variance of its input, and each
  /// residual branch begins small.
  static Network random(Random& random) {
    Network network;
    Layers<float> layers(network.parameters.data());
    const auto fill = [&](Eigen::Map<Eigen::MatrixXf>& matrix, double scale) {
      matrix = random.normal_matrix(matrix.rows(), matrix.cols()) *
               static_cast<float>(scale);
    };
    fill(layers.in, 1.0 / std::sqrt(pixels));
    for (auto& block : layers.block) {
      fill(block.time, 1.0 / std::sqrt(time_features));
      fill(block.label, 0.5);
      fill(block.weight, 1.0 / std::sqrt(hidden_width));
    }
    fill(layers.out, 0.1 / std::sqrt(hidden_width));
    return network;
  }

  /// The flow at `x` [pixels, samples], of one time and class a sample.
  Eigen::MatrixXf flow(const Eigen::MatrixXf& x, const Eigen::RowVectorXf& t,
                       const std::vector<int>& labels, Trace& trace) const {
    const Layers<const float> layers(parameters.data());
    trace.features = time_embedding(t);
    Eigen::MatrixXf hidden = (layers.in * x).colwise() + layers.in_bias;
    for (std::size_t k = 0; k < blocks; ++k) {
      const auto& block = layers.block[k];
      Eigen::MatrixXf before = hidden;
      before.noalias() += block.time * trace.features;
      for (Eigen::Index i = 0; i < before.cols(); ++i)
        before.col(i) += block.label.col(labels[static_cast<std::size_t>(i)]);
      silu(before, trace.gate[k], trace.after[k]);
      hidden.noalias() += block.weight * trace.after[k];
      hidden.colwise() += block.bias;
    }
    silu(hidden, trace.gate[blocks], trace.after[blocks]);
    return (layers.out * trace.after[blocks]).colwise() + layers.out_bias;
  }

  /// The gradient of a loss by the parameters, given that by the flow.
  Eigen::VectorXf gradient(const Eigen::MatrixXf& x,
                           const std::vector<int>& labels, const Trace& trace,
                           const Eigen::MatrixXf& by_flow) const {
    Eigen::VectorXf result = Eigen::VectorXf::Zero(parameter_count);
    Layers<float> by(result.data());

    by.out.noalias() = by_flow * trace.after[blocks].transpose();
    by.out_bias = by_flow.rowwise().sum();
    const Eigen::MatrixXf by_first = backward(trace, by_flow, [&](std::size_t k, const auto& by_hidden, const auto& by_before) {
      auto& by_block = by.block[k];
      by_block.weight.noalias() = by_hidden * trace.after[k].transpose();
      by_block.bias = by_hidden.rowwise().sum();
      by_block.time.noalias() = by_before * trace.features.transpose();
      for (Eigen::Index i = 0; i < by_before.cols(); ++i)
        by_block.label.col(labels[static_cast<std::size_t>(i)]) +=
            by_before.col(i);
    });
    by.in.noalias() = by_first * x.transpose();
    by.in_bias = by_first.rowwise().sum();
    return result;
  }

  /// vᵀ J, where J is the derivative of the flow by x: [pixels, samples].
  Eigen::MatrixXf vjp(const Trace& trace, const Eigen::MatrixXf& v) const {
    return Layers<const float>(parameters.data()).in.transpose() *
           backward(trace, v, [](std::size_t, const auto&, const auto&) {});
  }

 private:
  /// The gradient by h₀, given that by the flow. On the way, from the last block
  /// to the first, `on_block` is given that by hₖ₊₁ and by silu's argument.
  template <class OnBlock>
  Eigen::MatrixXf backward(const Trace& trace, const Eigen::MatrixXf& by_flow,
                           const OnBlock& on_block) const {
    const Layers<const float> layers(parameters.data());
    Eigen::MatrixXf by_hidden = layers.out.transpose() * by_flow;
    by_hidden.array() *= silu_slope(trace.gate[blocks], trace.after[blocks]);
    for (std::size_t k = blocks; k-- > 0;) {
      Eigen::MatrixXf by_before = layers.block[k].weight.transpose() * by_hidden;
      by_before.array() *= silu_slope(trace.gate[k], trace.after[k]);
      on_block(k, by_hidden, by_before);
      by_hidden += by_before;
    }
    return by_hidden;
  }

  static void silu(const Eigen::MatrixXf& z, Eigen::MatrixXf& gate,
                   Eigen::MatrixXf& value) {
    gate = (1.0F + (-z.array()).exp()).inverse();
    value = z.cwiseProduct(gate);
  }
  /// d/dz z σ(z) = σ(z) + z σ(z) (1 − σ(z))
  static Eigen::ArrayXXf silu_slope(const Eigen::MatrixXf& gate,
                                    const Eigen::MatrixXf& value) {
    return gate.array() + value.array() * (1.0F - gate.array());
  }
};

}  // namespace digits
