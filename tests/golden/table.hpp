// SPDX-License-Identifier: MIT
#pragma once

#include "case.hpp"

#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace golden {

/// What the library made of one output: its values, or the sentence with which
/// it rejected the input.
struct Output {
  std::vector<double> values;
  std::string rejection;
};

/// The outputs of one case, by name.
class Outputs {
 public:
  /// Adds what `compute` returns, a vector of any arithmetic type.
  template <class Compute>
  void add(const std::string& name, const Compute& compute) {
    Output& output = outputs_[name];
    try {
      for (const auto value : compute()) output.values.push_back(static_cast<double>(value));
    } catch (const std::invalid_argument& error) {
      output.rejection = error.what();
    }
  }

  const Output* find(const std::string& name) const {
    const auto output = outputs_.find(name);
    return output == outputs_.end() ? nullptr : &output->second;
  }

 private:
  std::map<std::string, Output> outputs_;
};

/// How a method is computed with the library, in both types.
struct Method {
  std::function<Outputs(const Case<float>&)> in_float;
  std::function<Outputs(const Case<double>&)> in_double;
  std::set<std::string> without_part;  ///< parameters of its cases that its result does not depend on
};

/// The methods that are implemented, by the name that golden files use.
class Table {
 public:
  /// `run` takes a Case of either type and returns Outputs. It reads every
  /// parameter of a case but those `without_part` in the result.
  template <class Run>
  void add(const std::string& method, const Run& run, const std::set<std::string>& without_part = {}) {
    if (!methods_.emplace(method, Method{run, run, without_part}).second)
      throw std::logic_error("`" + method + "` is in the table twice");
  }

  const Method* find(const std::string& method) const {
    const auto found = methods_.find(method);
    return found == methods_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, Method>& methods() const { return methods_; }

 private:
  std::map<std::string, Method> methods_;
};

// One function a family, each in the file of its name.
void add_guiders(Table& table);
void add_perturbation(Table& table);
void add_pipelines(Table& table);
void add_steps(Table& table);
void add_zero_star(Table& table);
void add_comfyui(Table& table);
void add_conversions(Table& table);
void add_slerp(Table& table);
void add_threshold(Table& table);
void add_apg(Table& table);
void add_frequency(Table& table);
void add_samplers(Table& table);
void add_preconditioning(Table& table);
void add_trajectories(Table& table);
void add_comfyui_sigmas(Table& table);
void add_k_diffusion(Table& table);
void add_diffusers_sigmas(Table& table);
void add_training(Table& table);
void add_analytic(Table& table);
void add_likelihood(Table& table);

}  // namespace golden
