// SPDX-License-Identifier: MIT
// Guidance written into the pipelines of diffusers.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/diffusers_pipelines.hpp>

namespace golden {
namespace {

using namespace eigenguide;

template <class Method, class T>
Outputs run(const Case<T>& c, const Method& method_of, const Extents& axes) {
  const auto cond = c.input("cond"), uncond = c.input("uncond");
  Outputs outputs;
  outputs.add("out", [&] {
    const Group group = axes.empty() ? Group{} : over_axes(cond.shape, axes);
    return guided(with(method_of(), group), cond, uncond);
  });
  return outputs;
}

template <class T>
Extents last_axis(const Case<T>& c) {
  return {c.input("cond").shape.size() - 1};
}

}  // namespace

void add_pipelines(Table& table) {
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
      return guided(with(Cfg{}, per("b", letters(cond.shape)), eigenguide::scales(scales)), cond, uncond);
    });
    return outputs;
  });
}

}  // namespace golden
