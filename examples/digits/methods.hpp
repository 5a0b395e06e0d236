// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include <eigenguide/eigenguide.hpp>

namespace digits {

/// What a method may know about the step it guides. Columns are samples.
struct Step {
  std::size_t index;              // 0-based
  double t;                       // 1 is noise, 0 is data
  const Eigen::MatrixXf& x;       // noisy samples
  const Eigen::MatrixXf& cond;    // flow, given the class
  const Eigen::MatrixXf& uncond;  // flow, given the null class
};

/// A row of the table. The methods of the library differ in type; behind one
/// signature they can be chosen by name.
struct Method {
  std::string name;   // for --methods
  std::string title;  // for the table and the picture
  bool has_scale;
  std::function<void(double scale, const Step&, Eigen::MatrixXf& out)> guide;
};

inline const std::vector<Method>& all_methods() {
  namespace eg = eigenguide;
  using Eigen::MatrixXf;
  static const std::vector<Method> methods{
      {"conditional", "conditional", false,
       [](double, const Step& step, MatrixXf& out) {
         eg::guide(eg::Cfg{.scale = 1}, step.cond, step.uncond, out);
       }},
      {"cfg", "CFG", true,
       [](double scale, const Step& step, MatrixXf& out) {
         eg::guide(eg::Cfg{.scale = scale}, step.cond, step.uncond, out);
       }},
      {"cfg-zero-star", "CFG-Zero*", true,
       [](double scale, const Step& step, MatrixXf& out) {
         eg::guide(eg::CfgZeroStar{.scale = scale} |
                       eg::ZeroInit{.steps = 1, .step = step.index},
                   step.cond, step.uncond, out);
       }},
      {"cfg-rescale", "CFG + rescale", true,
       [](double scale, const Step& step, MatrixXf& out) {
         eg::guide(eg::Cfg{.scale = scale} | eg::Rescale{.phi = 0.7},
                   step.cond, step.uncond, out);
       }},
      {"cfg-rescale-x0", "CFG + rescale in x0", true,
       [](double scale, const Step& step, MatrixXf& out) {
         eg::guide(eg::Cfg{.scale = scale} | eg::Rescale{.phi = 0.7},
                   eg::Space{.model = eg::Kind::flow,
                             .method = eg::Kind::sample},
                   eg::rectified_flow(step.t), step.x, step.cond, step.uncond,
                   out);
       }},
      {"cfg-renorm", "CFG + renorm", true,
       [](double scale, const Step& step, MatrixXf& out) {
         eg::guide(eg::Cfg{.scale = scale} | eg::Renorm::exact(), step.cond,
                   step.uncond, out);
       }},
      {"slerp", "slerp", true,
       [](double scale, const Step& step, MatrixXf& out) {
         eg::guide(eg::Slerp{.scale = scale}, step.cond, step.uncond, out);
       }},
  };
  return methods;
}

}  // namespace digits
