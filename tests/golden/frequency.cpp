// SPDX-License-Identifier: MIT
// Blur, Laplacian pyramids, and guidance by bands of frequencies.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/presets/comfyui_fresca.hpp>
#include <eigenguide/presets/diffusers_frequency.hpp>
#include <eigenguide/presets/kornia.hpp>
#include <eigenguide/spectral/gaussian_blur.hpp>

#include <string>
#include <type_traits>
#include <vector>

namespace golden {
namespace {

using namespace eigenguide;

/// A tensor of `shape`, of zeros.
template <class T>
Tensor<T> zeros(const Shape& shape) {
  Tensor<T> tensor;
  tensor.shape.assign(shape.extent.begin(), shape.extent.begin() + static_cast<std::ptrdiff_t>(shape.rank));
  tensor.values.resize(product(tensor.shape));
  return tensor;
}

template <class T>
diffusers::FrequencyDecoupledGuidance guider_of(const Case<T>& c) {
  diffusers::FrequencyDecoupledGuidance guider;
  using RescaleSpace = diffusers::FrequencyDecoupledGuidance::RescaleSpace;
  guider.guidance_scales = c.numbers("guidance_scales", guider.guidance_scales);
  guider.guidance_rescale = c.numbers("guidance_rescale", guider.guidance_rescale);
  guider.parallel_weights = c.numbers("parallel_weights", guider.parallel_weights);
  guider.use_original_formulation = c.flag("use_original_formulation", guider.use_original_formulation);
  guider.start = c.numbers("start", guider.start);
  guider.stop = c.numbers("stop", guider.stop);
  guider.guidance_rescale_space = c.text("guidance_rescale_space", "data") == "freq" ? RescaleSpace::freq : RescaleSpace::data;
  guider.enabled = c.flag("enabled", guider.enabled);
  return guider;
}

}  // namespace

void add_frequency(Table& table) {
  table.add("gaussian_blur_2d", [](const auto& c) {
    const auto x = c.input("x");
    Outputs outputs;
    outputs.add("out", [&] {
      auto out = x;
      blur(GaussianBlur{c.count("kernel_size"), c.number("sigma")}, view_of(x), view_of(out));
      return out.values;
    });
    return outputs;
  });

  table.add("laplacian_pyramid", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto x = c.input("x");
    const std::size_t levels = c.count("levels");
    Outputs outputs;
    for (std::size_t i = 0; i < levels; ++i)
      outputs.add("level_" + std::to_string(i), [&] {
        const auto pyramid = kornia::build_laplacian_pyramid(view_of(x), levels);
        const auto level = pyramid.level(i);
        return std::vector<T>(level.data(), level.data() + level.samples() * level.size());
      });
    outputs.add("reconstructed", [&] {
      auto pyramid = kornia::build_laplacian_pyramid(view_of(x), levels);
      auto out = zeros<T>(kornia::padded(shape_of(x.shape)));
      pyramid.reconstruct(view_of(out));
      return out.values;
    });
    return outputs;
  });

  table.add("frequency_decoupled_guidance", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      const auto step = guider_of(c).at(c.count("step", 0), c.optional_count("num_inference_steps"));
      auto out = zeros<T>(step.shape(shape_of(cond.shape)));
      guide(step, view_of(cond), view_of(uncond), view_of(out));
      return out.values;
    });
    return outputs;
  }, {"upcast_to_double"});

  table.add("fresca", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      comfyui::FreSca node;
      node.cond_scale = c.number("guidance_scale");
      node.scale_low = c.number("scale_low", node.scale_low);
      node.scale_high = c.number("scale_high", node.scale_high);
      node.freq_cutoff = c.count("freq_cutoff", node.freq_cutoff);
      auto out = cond;
      guide(node, view_of(cond), view_of(uncond), view_of(out));
      return out.values;
    });
    return outputs;
  }, {"sigma"});
}

}  // namespace golden
