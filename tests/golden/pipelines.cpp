// SPDX-License-Identifier: MIT
// Guidance written into the pipelines of diffusers.

#include "groups.hpp"
#include "table.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/diffusers_pipelines.hpp>

namespace golden {
namespace {

template <class Method, class T>
Outputs run(const Case<T>& c, const Method& method_of, const Extents& axes) {
  const auto cond = c.input("cond"), uncond = c.input("uncond");
  Outputs outputs;
  outputs.add("out", [&] {
    const Groups groups =
        axes.empty() ? Groups::samples(cond.shape) : Groups::along(cond.shape, axes);
    return guided(method_of(), groups, cond, uncond);
  });
  return outputs;
}

template <class T>
Extents last_axis(const Case<T>& c) {
  return {c.input("cond").shape.size() - 1};
}

}  // namespace

void add_pipelines(Table& table) {
  using namespace eigenguide;

  table.add("lumina2_cfg_normalization", [](const auto& c) {
    diffusers::Lumina2 pipeline;
    pipeline.guidance_scale = c.number("guidance_scale", pipeline.guidance_scale);
    pipeline.cfg_normalization = c.flag("cfg_normalization", pipeline.cfg_normalization);
    return run(c, [&] { return pipeline.method(); }, last_axis(c));
  });
  table.add("qwen_image_true_cfg_norm", [](const auto& c) {
    diffusers::QwenImage pipeline;
    pipeline.true_cfg_scale = c.number("guidance_scale", pipeline.true_cfg_scale);
    return run(c, [&] { return pipeline.method(); }, last_axis(c));
  });
  table.add("joyimage_cfg_norm", [](const auto& c) {
    diffusers::JoyImageEdit pipeline;
    pipeline.guidance_scale = c.number("guidance_scale", pipeline.guidance_scale);
    return run(c, [&] { return pipeline.method(); }, {2});
  });
  table.add("z_image_cfg_renorm", [](const auto& c) {
    diffusers::ZImage pipeline;
    pipeline.guidance_scale = c.number("guidance_scale", pipeline.guidance_scale);
    pipeline.cfg_normalization = c.number("cfg_normalization", pipeline.cfg_normalization);
    return run(c, [&] { return pipeline.method(); }, {});
  });

  // [B, F, ...], one scale for each of F frames.
  table.add("svd_framewise_cfg", [](const auto& c) {
    diffusers::StableVideoDiffusion pipeline;
    pipeline.min_guidance_scale = c.number("min_guidance_scale", pipeline.min_guidance_scale);
    pipeline.max_guidance_scale = c.number("max_guidance_scale", pipeline.max_guidance_scale);
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    const std::size_t frames = cond.shape.at(1);

    std::vector<double> scales;
    for (std::size_t frame = 0; frame < frames; ++frame)
      scales.push_back(pipeline.scale(frame, frames));
    Outputs outputs;
    outputs.add("guidance_scales", [&] { return scales; });
    outputs.add("out", [&] {
      const Groups groups = Groups::outside(cond.shape, {0, 1});
      std::vector<double> of_all;
      for (std::size_t i = 0; i < groups.count(); ++i) of_all.push_back(scales[i % frames]);
      return guided(per_sample(Cfg{}, of_all), groups, cond, uncond);
    });
    return outputs;
  });
}

}  // namespace golden
