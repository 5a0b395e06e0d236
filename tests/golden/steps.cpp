// SPDX-License-Identifier: MIT
// Which steps of a run are guided, and how strongly.

#include "table.hpp"

#include <eigenguide/presets/diffusers_perturbation.hpp>
#include <eigenguide/presets/diffusers_schedules.hpp>
#include <eigenguide/presets/musubi_tuner.hpp>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace golden {
namespace {

using namespace eigenguide;

/// 1 for every step at which `is_on`.
template <class IsOn>
std::vector<int> steps(std::size_t count, const IsOn& is_on) {
  std::vector<int> on;
  for (std::size_t step = 0; step < count; ++step) on.push_back(is_on(step) ? 1 : 0);
  return on;
}

}  // namespace

void add_steps(Table& table) {
  table.add("guidance_interval_steps", [](const auto& c) {
    const std::string name = c.text("guider");
    const std::size_t count = c.count("num_inference_steps");
    diffusers::SkipLayerGuidance guider;
    if (name == "cfg") {
      guider.start = c.number("start");
      guider.stop = c.number("stop");
    } else if (name == "skip_layer" || name == "smoothed_energy" || name == "perturbed_attention") {
      guider.skip_layer_guidance_start = c.number("start");
      guider.skip_layer_guidance_stop = c.number("stop");
    } else {
      throw std::runtime_error("has the unknown guider `" + name + "`");
    }
    Outputs outputs;
    outputs.add("enabled", [&] {
      return steps(count, [&](std::size_t step) {
        return name == "cfg" ? guider.is_cfg_enabled(step, count) : guider.is_slg_enabled(step, count);
      });
    });
    return outputs;
  });

  table.add("lumina2_cfg_truncation_steps", [](const auto& c) {
    const std::size_t count = c.count("num_inference_steps");
    Outputs outputs;
    outputs.add("enabled", [&] {
      return steps(count, [&](std::size_t step) {
        return diffusers::Lumina2Truncation{c.number("cfg_trunc_ratio")}.contains({step, count, {}});
      });
    });
    return outputs;
  });

  table.add("cogvideox_dynamic_cfg", [](const auto& c) {
    Outputs outputs;
    outputs.add("guidance_scales", [&] {
      std::vector<double> scales;
      for (const auto t : c.input("timesteps").values)
        scales.push_back(diffusers::cogvideox_scale(c.number("guidance_scale"), static_cast<double>(t),
                                                    c.count("num_inference_steps")));
      return scales;
    });
    return outputs;
  });

  table.add("two_stage_guidance_scale", [](const auto& c) {
    Outputs outputs;
    outputs.add("guidance_scales", [&] {
      std::vector<double> scales;
      for (const auto t : c.input("timesteps").values)
        scales.push_back(diffusers::wan_scale(c.number("guidance_scale"), c.number("guidance_scale_2"),
                                              c.number("boundary_ratio"), static_cast<double>(t)));
      return scales;
    });
    return outputs;
  });

  table.add("cfg_skip_steps", [](const auto& c) {
    using musubi_tuner::CfgSkipMode;
    static const std::map<std::string, CfgSkipMode> modes{
        {"none", CfgSkipMode::none},         {"early", CfgSkipMode::early},
        {"late", CfgSkipMode::late},         {"middle", CfgSkipMode::middle},
        {"early_late", CfgSkipMode::early_late}, {"alternate", CfgSkipMode::alternate}};
    const auto mode = modes.find(c.text("cfg_skip_mode", "none"));
    if (mode == modes.end()) throw std::runtime_error("has an unknown cfg_skip_mode");
    const std::size_t count = c.count("num_inference_steps");
    Outputs outputs;
    outputs.add("apply_cfg", [&] {
      return steps(count, [&](std::size_t step) {
        return musubi_tuner::CfgSkip{mode->second, c.optional_number("cfg_apply_ratio")}.contains({step, count, {}});
      });
    });
    return outputs;
  });
}

}  // namespace golden
