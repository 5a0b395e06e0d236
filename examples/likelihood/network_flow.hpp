// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/likelihood/field.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include "network.hpp"

/// The digits' network under one class, as log_likelihood takes a model; guided
/// where the scale is not 1. A field that is guided by constant weights has the
/// derivatives of the two predictions guided by the same weights.
class NetworkFlow {
 public:
  NetworkFlow(const digits::Network& network, const std::vector<int>& labels, double scale = 1.0)
      : network_(network), labels_(labels), none_(labels.size(), digits::null_class), cfg_{scale} {}

  auto model() {
    return eigenguide::with_vjp([this](const auto&... arguments) { flow(arguments...); },
                                [this](const auto&... arguments) { vjp(arguments...); });
  }

 private:
  using Input = eigenguide::BatchView<const float>;
  using Output = eigenguide::BatchView<float>;

  void flow(const std::vector<double>& t, const Input& x, const Output& out) {
    const Eigen::RowVectorXf times = Eigen::Map<const Eigen::RowVectorXd>(t.data(), Eigen::Index(t.size())).cast<float>();
    matrix(out) = network_.flow(matrix(x), times, labels_, trace_);
    if (guided()) guide(network_.flow(matrix(x), times, none_, free_), out);
  }

  void vjp(const std::vector<double>&, const Input&, const Input& v, const Output& out) {
    matrix(out) = network_.vjp(trace_, matrix(v));
    if (guided()) guide(network_.vjp(free_, matrix(v)), out);
  }

  bool guided() const { return cfg_.scale < 1.0 || cfg_.scale > 1.0; }
  void guide(const Eigen::MatrixXf& uncond, const Output& out) const {
    Eigen::Map<Eigen::MatrixXf> cond = matrix(out);
    eigenguide::guide(cfg_, cond, uncond, cond);
  }
  static Eigen::Map<const Eigen::MatrixXf> matrix(const Input& batch) {
    return {batch.data(), Eigen::Index(batch.size()), Eigen::Index(batch.samples())};
  }
  static Eigen::Map<Eigen::MatrixXf> matrix(const Output& batch) {
    return {batch.data(), Eigen::Index(batch.size()), Eigen::Index(batch.samples())};
  }

  const digits::Network& network_;
  std::vector<int> labels_, none_;
  eigenguide::Cfg cfg_;
  digits::Network::Trace trace_, free_;
};
