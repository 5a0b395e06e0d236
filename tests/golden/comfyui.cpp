// SPDX-License-Identifier: MIT
// ComfyUI's guidance and its nodes, on denoised predictions.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/presets/comfyui_cfg_zero_star.hpp>

#include <algorithm>
#include <type_traits>

namespace golden {
namespace {

namespace comfyui = eigenguide::comfyui;

template <class T, class Method>
Outputs run(const Case<T>& c, const Method& method) {
  const auto cond = c.input("cond"), uncond = c.input("uncond");
  Outputs outputs;
  outputs.add("out", [&] { return guided(method, cond, uncond); });
  return outputs;
}

/// One scale for each frame; the frames are the batch axis.
template <class T, class Node>
Outputs run_video(const Case<T>& c, const Node& node) {
  const double cond_scale = c.number("guidance_scale");
  const std::size_t frames = c.input("cond").shape.at(0);
  std::vector<double> scales;
  for (std::size_t frame = 0; frame < frames; ++frame)
    scales.push_back(node.scale(cond_scale, frame, frames));
  return run(c, with(comfyui::cfg(cond_scale), eigenguide::scales(scales)));
}

}  // namespace

void add_comfyui(Table& table) {
  using namespace eigenguide;

  table.add("comfy_cfg", [](const auto& c) {
    return run(c, comfyui::cfg(c.number("guidance_scale")));
  }, {"sigma"});

  table.add("video_linear_cfg", [](const auto& c) {
    return run_video(c, comfyui::VideoLinearCfgGuidance{c.number("min_cfg", 1.0)});
  }, {"sigma"});
  table.add("video_triangle_cfg", [](const auto& c) {
    return run_video(c, comfyui::VideoTriangleCfgGuidance{c.number("min_cfg", 1.0)});
  }, {"sigma"});

  // One norm for each position: over axis 1.
  table.add("comfy_cfg_norm", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      const auto method =
          comfyui::cfg(c.number("guidance_scale")) | comfyui::CfgNorm{c.number("strength", 1.0)};
      return guided(with(method, over_axes(cond.shape, {1})), cond, uncond);
    });
    return outputs;
  }, {"sigma"});

  // The peer's statistics are over axes 1, 2 and 3: an axis 4 stays apart.
  table.add("comfy_rescale_cfg", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond"), x = c.input("x");
    Outputs outputs;
    outputs.add("out", [&] {
      std::vector<std::size_t> axes;
      for (std::size_t axis = 1; axis < cond.shape.size() && axis < 4; ++axis) axes.push_back(axis);
      std::vector<Level> levels;
      for (const double sigma : c.numbers("sigma")) levels.push_back(variance_exploding(sigma));
      const comfyui::RescaleCfg node{c.number("multiplier", 0.7)};
      return guided(with(node.method(c.number("guidance_scale")), over_axes(cond.shape, axes)), node.space,
                    levels.size() == 1 ? Levels(levels[0]) : Levels(levels), x, cond, uncond);
    });
    return outputs;
  });

  // The channels after the first `in_channels` stay those of cond.
  table.add("comfy_renorm_cfg", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      const std::size_t samples = cond.shape.at(0), channels = cond.shape.at(1);
      const std::size_t stride = cond.values.size() / samples;
      const std::size_t size = stride / channels * std::min(channels, c.count("in_channels", channels));
      const comfyui::RenormCfg node{c.number("cfg_trunc", 100.0), c.number("renorm_cfg", 1.0)};
      std::vector<T> out = cond.values;
      guide(node.at(c.number("guidance_scale"), c.numbers("sigma").at(0)),
            BatchView<const T>(cond.values.data(), samples, size, stride),
            BatchView<const T>(uncond.values.data(), samples, size, stride),
            BatchView<T>(out.data(), samples, size, stride));
      return out;
    });
    return outputs;
  });

  table.add("comfy_cfg_zero_star", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond"), x = c.input("x");
    Outputs outputs;
    outputs.add("out", [&] {
      auto out = cond;
      guide(comfyui::CfgZeroStar{c.number("guidance_scale")}, view_of(x), view_of(cond), view_of(uncond), view_of(out));
      return out.values;
    });
    return outputs;
  }, {"sigma"});

  // The node works on the noise directions, and leaves a skipped pass alone.
  table.add("comfy_tcfg", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond"), x = c.input("x");
    const comfyui::Cfg plain = comfyui::cfg(c.number("guidance_scale"));
    Outputs outputs;
    outputs.add("out", [&] {
      if (plain.uncond_skipped) return guided(plain, cond, uncond);
      return guided(Tcfg{plain.scale}, comfyui::hook_space, comfyui::hook_level, x, cond, uncond);
    });
    return outputs;
  }, {"sigma"});

  // Plain guidance as a hook computes it, and what the hook is given.
  table.add("comfy_sampler_cfg_function", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto cond = c.input("cond"), x = c.input("x");
    const comfyui::Cfg method = comfyui::cfg(c.number("guidance_scale"));
    auto uncond = c.input("uncond");
    if (method.uncond_skipped) std::fill(uncond.values.begin(), uncond.values.end(), T(0));

    const auto received = [&](const Tensor<T>& denoised) {
      auto out = denoised;
      convert(Conversion{comfyui::hook_space.model, comfyui::hook_space.method}, comfyui::hook_level,
              view_of(x), view_of(denoised), view_of(out));
      return out.values;
    };
    Outputs outputs;
    outputs.add("args_cond", [&] { return received(cond); });
    outputs.add("args_uncond", [&] { return received(uncond); });
    outputs.add("out", [&] {
      return guided(Cfg{method.scale}, comfyui::hook_space, comfyui::hook_level, x, cond, uncond);
    });
    return outputs;
  }, {"sigma"});
}

}  // namespace golden
