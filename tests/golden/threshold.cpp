// SPDX-License-Identifier: MIT
// Order statistics and other reductions that are not inner products.

#include "schedulers.hpp"
#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/comfyui_mahiro.hpp>
#include <eigenguide/presets/diffusers_level.hpp>
#include <eigenguide/presets/diffusers_thresholding.hpp>
#include <eigenguide/presets/sd_dynamic_thresholding.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace golden {
namespace {

namespace dynthresh = eigenguide::sd_dynamic_thresholding;
using dynthresh::Mode;

Mode mode_of(const std::string& name) {
  static const std::map<std::string, Mode> modes{{"Constant", Mode::constant},
                                                 {"CONSTANT", Mode::constant},
                                                 {"Linear Down", Mode::linear_down},
                                                 {"Cosine Down", Mode::cosine_down},
                                                 {"Half Cosine Down", Mode::half_cosine_down},
                                                 {"Linear Up", Mode::linear_up},
                                                 {"Cosine Up", Mode::cosine_up},
                                                 {"Half Cosine Up", Mode::half_cosine_up},
                                                 {"Power Up", Mode::power_up},
                                                 {"Power Down", Mode::power_down},
                                                 {"Linear Repeating", Mode::linear_repeating},
                                                 {"Cosine Repeating", Mode::cosine_repeating},
                                                 {"Sawtooth", Mode::sawtooth}};
  const auto mode = modes.find(name);
  if (mode == modes.end()) throw std::runtime_error("has the unknown mode `" + name + "`");
  return mode->second;
}

template <class T>
dynthresh::DynThresh settings_of(const Case<T>& c) {
  dynthresh::DynThresh settings;
  settings.mimic_scale = c.number("mimic_scale", settings.mimic_scale);
  settings.threshold_percentile = c.number("threshold_percentile", settings.threshold_percentile);
  settings.mimic_mode = mode_of(c.text("mimic_mode", "Constant"));
  settings.mimic_scale_min = c.number("mimic_scale_min", settings.mimic_scale_min);
  settings.cfg_mode = mode_of(c.text("cfg_mode", "Constant"));
  settings.cfg_scale_min = c.number("cfg_scale_min", settings.cfg_scale_min);
  settings.sched_val = c.number("sched_val", settings.sched_val);
  settings.separate_feature_channels = c.flag("separate_feature_channels", settings.separate_feature_channels);
  const std::string start = c.text("scaling_startpoint", "MEAN"), measure = c.text("variability_measure", "AD");
  if ((start != "MEAN" && start != "ZERO") || (measure != "AD" && measure != "STD"))
    throw std::runtime_error("has an unknown startpoint or measure");
  settings.scaling_startpoint = start == "ZERO" ? eigenguide::Startpoint::zero : eigenguide::Startpoint::mean;
  settings.variability_measure =
      measure == "STD" ? eigenguide::Variability::deviation : eigenguide::Variability::absolute;
  settings.interpolate_phi = c.number("interpolate_phi", settings.interpolate_phi);
  return settings;
}

/// The training timestep of Stable Diffusion's table whose σ is nearest to
/// `sigma` in its logarithm: ᾱ is the product of 1 − β over squares of a line
/// from √0.00085 to √0.012.
double timestep_of(double sigma) {
  double alpha_bar = 1.0, nearest = 0.0, least = INFINITY;
  for (int t = 0; t < 1000; ++t) {
    const double root = std::sqrt(0.00085) + t / 999.0 * (std::sqrt(0.012) - std::sqrt(0.00085));
    alpha_bar *= 1.0 - root * root;
    const double distance = std::fabs(std::log(sigma) - 0.5 * std::log((1.0 - alpha_bar) / alpha_bar));
    if (distance < least) least = distance, nearest = t;
  }
  return nearest;
}

template <class T>
eigenguide::diffusers::Thresholding thresholding_of(const Case<T>& c) {
  return {c.number("dynamic_thresholding_ratio", 0.995), c.number("sample_max_value", 1.0)};
}

/// What a scheduler of diffusers makes of a model's output: x₀ or ε, and x₀
/// thresholded in either if `thresholds`.
template <class T>
Outputs run_converted(const Case<T>& c, bool to_x0, bool thresholds) {
  using namespace eigenguide;
  const auto x = c.input("sample"), prediction = c.input("model_output");
  const double sigma = c.number("sigma");
  const bool flow_sigmas = c.flag("use_flow_sigmas", false);
  const Kind from = kind_of(c.text("prediction_type"));
  const diffusers::Thresholding thresholding = thresholding_of(c);
  Outputs outputs;
  outputs.add("alpha_sigma", [&] {
    const Level level = diffusers::level_of(sigma, flow_sigmas);
    return std::vector<double>{level.alpha, level.sigma};
  });
  outputs.add("out", [&] {
    // x₀ = x − σ flow for the σ given, whatever the level of the other kinds is.
    const Level level = diffusers::level_of(sigma, flow_sigmas || from == Kind::flow);
    auto out = prediction;
    const auto values = view_of(out);
    const auto convert_to = [&](Kind before, Kind after) {
      convert(Conversion{before, after}, level, view_of(x), values, values);
    };
    if (thresholds) {
      convert_to(from, Kind::sample);
      threshold(thresholding.method(), values, values);
      convert_to(Kind::sample, to_x0 ? Kind::sample : Kind::epsilon);
    } else {
      convert_to(from, to_x0 ? Kind::sample : Kind::epsilon);
    }
    return out.values;
  });
  return outputs;
}

}  // namespace

void add_threshold(Table& table) {
  using namespace eigenguide;

  table.add("dynthresh", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      auto out = cond;
      Workspace workspace;
      dynthresh::guide(settings_of(c), c.number("guidance_scale"), c.number("step"), c.number("max_steps"),
                       view_of(cond), view_of(uncond), view_of(out), workspace);
      return out.values;
    });
    return outputs;
  });

  table.add("dynthresh_scale_schedule", [](const auto& c) {
    Outputs outputs;
    outputs.add("scales", [&] {
      std::vector<double> scales;
      const double max_steps = c.number("max_steps");
      for (double step = 0.0; step < max_steps; step += 1.0)
        scales.push_back(dynthresh::scale_at(mode_of(c.text("mode")), c.number("scale"), c.number("scale_min"),
                                             c.number("sched_val", 1.0), step, max_steps));
      return scales;
    });
    return outputs;
  });

  table.add("dynthresh_comfy_node", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    const std::string node = c.text("node");
    if (node != "full" && node != "simple") throw std::runtime_error("has the unknown node `" + node + "`");
    Outputs outputs;
    outputs.add("out", [&] {
      auto out = cond;
      Workspace workspace;
      const auto full = settings_of(c);
      const auto settings =
          node == "full" ? full : dynthresh::simple_node(full.mimic_scale, full.threshold_percentile);
      dynthresh::guide_node(settings, c.number("guidance_scale"), timestep_of(c.numbers("sigma").at(0)),
                            view_of(cond), view_of(uncond), view_of(out), workspace);
      return out.values;
    });
    return outputs;
  });

  table.add("convert_model_output_dpmsolver_multistep", [](const auto& c) {
    const std::string algorithm = c.text("algorithm_type");
    const bool to_x0 = algorithm == "dpmsolver++" || algorithm == "sde-dpmsolver++";
    if (!to_x0 && algorithm != "dpmsolver" && algorithm != "sde-dpmsolver")
      throw std::runtime_error("has the unknown algorithm_type `" + algorithm + "`");
    return run_converted(c, to_x0, c.flag("thresholding", false));
  });

  // UniPC thresholds x₀ only.
  table.add("convert_model_output_unipc", [](const auto& c) {
    const bool to_x0 = c.flag("predict_x0", true);
    return run_converted(c, to_x0, c.flag("thresholding", false) && to_x0);
  });

  // x₀ is thresholded or clipped; the noise stays that of the model's output,
  // unless it is to follow.
  table.add("ddim_step", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto x = c.input("sample"), prediction = c.input("model_output");
    const double here = c.number("alpha_prod_t"), there = c.number("alpha_prod_t_prev");
    const double variance = (1.0 - there) / (1.0 - here) * (1.0 - here / there);
    const double spread = c.number("eta", 0.0) * std::sqrt(variance);
    const auto kind = kind_of(c.text("prediction_type"));
    const bool thresholds = c.flag("thresholding", false), clips = c.flag("clip_sample", false) && !thresholds;
    const diffusers::Thresholding thresholding = thresholding_of(c);
    const T most = static_cast<T>(c.number("clip_sample_range", 1.0));
    const bool follows = c.flag("use_clipped_model_output", false);

    const auto x0 = [&] {
      auto out = prediction;
      const auto values = view_of(out);
      convert(Conversion{kind, Kind::sample}, variance_preserving(here), view_of(x), values, values);
      if (thresholds) threshold(thresholding.method(), values, values);
      if (clips)
        for (T& value : out.values) value = std::clamp(value, -most, most);
      return out;
    };
    Outputs outputs;
    outputs.add("pred_original_sample", [&] { return x0().values; });
    outputs.add("prev_sample", [&] {
      const Level from = variance_preserving(here);
      const Level to{std::sqrt(there), std::sqrt(1.0 - there - spread * spread)};
      auto next = x;
      if (thresholds || clips) {
        const auto kept = x0();
        auto given = prediction;
        convert(Conversion{kind, Kind::sample}, from, view_of(x), view_of(given), view_of(given));
        step(Cfg{}, Update{{Kind::sample, Kind::sample}, Renoise::uncond}, from, to, view_of(x), view_of(kept),
             follows ? view_of(kept) : view_of(std::as_const(given)), view_of(next));
      } else {
        step(Cfg{}, Update{{kind, kind}}, from, to, view_of(x), view_of(prediction), view_of(prediction), view_of(next));
      }
      if (spread != 0.0) {
        const auto noise = c.input("variance_noise");
        for (std::size_t n = 0; n < noise.values.size(); ++n)
          next.values[n] = static_cast<T>(next.values[n] + spread * noise.values[n]);
      }
      return next.values;
    });
    return outputs;
  });

  table.add("comfy_mahiro", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      auto out = cond;
      eigenguide::comfyui::guide(eigenguide::comfyui::Mahiro{c.number("guidance_scale")}, view_of(cond),
                                 view_of(uncond), view_of(out));
      return out.values;
    });
    return outputs;
  }, {"sigma"});
}

}  // namespace golden
