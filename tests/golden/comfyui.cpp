// SPDX-License-Identifier: MIT
// ComfyUI's guidance and its nodes, on denoised predictions.

#include "groups.hpp"
#include "table.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/presets/comfyui_cfg_zero_star.hpp>

#include <algorithm>
#include <type_traits>

namespace golden {
namespace {

namespace comfyui = eigenguide::comfyui;

template <class T, class Method>
Outputs run(const Case<T>& c, const Method& method, const std::vector<std::size_t>& group_axes) {
  const auto cond = c.input("cond"), uncond = c.input("uncond");
  Outputs outputs;
  outputs.add("out", [&] {
    return guided(method, Groups::outside(cond.shape, group_axes), cond, uncond);
  });
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
  return run(c, eigenguide::per_sample(comfyui::cfg(cond_scale), scales), {0});
}

}  // namespace

void add_comfyui(Table& table) {
  using namespace eigenguide;

  table.add("comfy_cfg", [](const auto& c) {
    return run(c, comfyui::cfg(c.number("guidance_scale")), {0});
  });

  table.add("video_linear_cfg", [](const auto& c) {
    return run_video(c, comfyui::VideoLinearCfgGuidance{c.number("min_cfg")});
  });
  table.add("video_triangle_cfg", [](const auto& c) {
    return run_video(c, comfyui::VideoTriangleCfgGuidance{c.number("min_cfg")});
  });

  // One norm for each position: over axis 1.
  table.add("comfy_cfg_norm", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      const auto method =
          comfyui::cfg(c.number("guidance_scale")) | comfyui::CfgNorm{c.number("strength", 1.0)};
      return guided(method, Groups::along(cond.shape, {1}), cond, uncond);
    });
    return outputs;
  });

  // The peer's statistics are over axes 1, 2 and 3: an axis 4 stays apart.
  table.add("comfy_rescale_cfg", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond"), x = c.input("x");
    using T = typename std::decay_t<decltype(c)>::Scalar;
    Outputs outputs;
    outputs.add("out", [&] {
      std::vector<std::size_t> apart{0};
      for (std::size_t axis = 4; axis < cond.shape.size(); ++axis) apart.push_back(axis);
      const Groups groups = Groups::outside(cond.shape, apart);
      const std::size_t of_sample = groups.count() / cond.shape.at(0);

      const std::vector<double> sigmas = c.numbers("sigma");
      std::vector<Level> levels;
      for (std::size_t i = 0; i < groups.count(); ++i)
        levels.push_back(variance_exploding(sigmas.size() == 1 ? sigmas[0] : sigmas.at(i / of_sample)));

      const comfyui::RescaleCfg node{c.number("multiplier", 0.7)};
      const auto c0 = groups.gather(cond), u0 = groups.gather(uncond), noisy = groups.gather(x);
      std::vector<T> out(c0.size());
      guide(node.method(c.number("guidance_scale")), node.space, levels, groups.view(noisy),
            groups.view(c0), groups.view(u0), groups.view(out));
      return groups.scatter(out);
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
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto cond = c.input("cond"), uncond = c.input("uncond"), x = c.input("x");
    const Groups groups = Groups::samples(cond.shape);
    Outputs outputs;
    outputs.add("out", [&] {
      std::vector<T> out(cond.values.size());
      guide(comfyui::CfgZeroStar{c.number("guidance_scale")}, groups.view(x.values),
            groups.view(cond.values), groups.view(uncond.values), groups.view(out));
      return out;
    });
    return outputs;
  });

  // The node works on the noise directions, and leaves a skipped pass alone.
  table.add("comfy_tcfg", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto cond = c.input("cond"), uncond = c.input("uncond"), x = c.input("x");
    const comfyui::Cfg plain = comfyui::cfg(c.number("guidance_scale"));
    const Groups groups = Groups::samples(cond.shape);
    Outputs outputs;
    outputs.add("out", [&] {
      if (plain.uncond_skipped) return guided(plain, groups, cond, uncond);
      std::vector<T> out(cond.values.size());
      guide(Tcfg{plain.scale}, comfyui::hook_space, comfyui::hook_level, groups.view(x.values),
            groups.view(cond.values), groups.view(uncond.values), groups.view(out));
      return out;
    });
    return outputs;
  });

  // Plain guidance as a hook computes it, and what the hook is given.
  table.add("comfy_sampler_cfg_function", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto cond = c.input("cond"), x = c.input("x");
    const comfyui::Cfg method = comfyui::cfg(c.number("guidance_scale"));
    auto uncond = c.input("uncond");
    if (method.uncond_skipped) std::fill(uncond.values.begin(), uncond.values.end(), T(0));

    const Groups groups = Groups::samples(cond.shape);
    const auto received = [&](const Tensor<T>& denoised) {
      std::vector<T> out(denoised.values.size());
      convert(Conversion{comfyui::hook_space.model, comfyui::hook_space.method}, comfyui::hook_level,
              groups.view(x.values), groups.view(denoised.values), groups.view(out));
      return out;
    };
    Outputs outputs;
    outputs.add("args_cond", [&] { return received(cond); });
    outputs.add("args_uncond", [&] { return received(uncond); });
    outputs.add("out", [&] {
      std::vector<T> out(cond.values.size());
      guide(Cfg{method.scale}, comfyui::hook_space, comfyui::hook_level, groups.view(x.values),
            groups.view(cond.values), groups.view(uncond.values), groups.view(out));
      return out;
    });
    return outputs;
  });
}

}  // namespace golden
