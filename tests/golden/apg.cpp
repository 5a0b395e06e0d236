// SPDX-License-Identifier: MIT
// APG and Perp-Neg of diffusers and ComfyUI.

#include "guider_of.hpp"
#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/comfyui_apg.hpp>
#include <eigenguide/presets/comfyui_perp_neg.hpp>
#include <eigenguide/presets/diffusers_apg.hpp>

#include <optional>
#include <type_traits>
#include <vector>

namespace golden {
namespace {

namespace comfyui = eigenguide::comfyui;
namespace diffusers = eigenguide::diffusers;

template <class T>
Tensor<T> zeros(const Extents& shape) {
  return {shape, std::vector<T>(product(shape))};
}

/// guide() with a state, which is overwritten. The groups are over `axes`, from
/// the end where they are negative; the batch may be among them.
template <class Method, class T>
Tensor<T> guided_over(const Method& method, const std::vector<double>& axes, const Tensor<T>& cond,
                      const Tensor<T>& uncond, Tensor<T>& state) {
  Extents shape = cond.shape;
  shape.insert(shape.begin(), 1);  // all of it one sample, the batch a dimension like the others
  Extents within;
  for (const double axis : axes)
    within.push_back(1 + static_cast<std::size_t>(axis < 0 ? axis + static_cast<double>(cond.shape.size()) : axis));
  const auto whole = [&shape](auto& tensor) { return view_of(tensor.values.data(), shape); };
  Tensor<T> out = cond;
  guide(with(method, eigenguide::momentum(whole(state), whole(state)), over_axes(shape, within)), whole(cond),
        whole(uncond), whole(out));
  return out;
}

/// All axes but the batch.
std::vector<double> of_sample(const Extents& shape) {
  std::vector<double> axes;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) axes.push_back(static_cast<double>(axis));
  return axes;
}

auto method_of(const diffusers::AdaptiveProjectedGuidance& guider, std::size_t step, std::optional<std::size_t> count) {
  return guider.at_with_momentum(step, count);
}
auto method_of(const diffusers::AdaptiveProjectedMixGuidance& guider, std::size_t step,
               std::optional<std::size_t> count) {
  return guider.at(step, count);
}

template <class Guider, class T>
Guider projected_of(const Case<T>& c) {
  Guider guider = guider_of<Guider>(c);
  guider.eta = c.number("eta", guider.eta);
  guider.adaptive_projected_guidance_rescale = c.number("norm_threshold", guider.adaptive_projected_guidance_rescale);
  guider.adaptive_projected_guidance_momentum.reset();
  if (c.has("momentum")) guider.adaptive_projected_guidance_momentum = c.number("momentum");
  return guider;
}

template <class T>
diffusers::AdaptiveProjectedMixGuidance mix_of(const Case<T>& c) {
  auto guider = projected_of<diffusers::AdaptiveProjectedMixGuidance>(c);
  guider.adaptive_projected_guidance_scale = c.number("apg_guidance_scale", guider.adaptive_projected_guidance_scale);
  guider.adaptive_projected_guidance_start_step =
      c.count("apg_start_step", guider.adaptive_projected_guidance_start_step);
  return guider;
}

/// One step of a guider. Groups of its own leave the rescaling, which is of
/// samples, to another call.
template <class Guider, class T>
Tensor<T> guided_at(Guider guider, const Case<T>& c, std::size_t step, const Tensor<T>& cond, const Tensor<T>& uncond,
                    Tensor<T>& state) {
  const auto count = c.optional_count("num_inference_steps");
  if (!c.has("norm_dim")) return guided_over(method_of(guider, step, count), of_sample(cond.shape), cond, uncond, state);
  const double phi = guider.guidance_rescale;
  guider.guidance_rescale = 0.0;
  Tensor<T> out = guided_over(method_of(guider, step, count), c.numbers("norm_dim"), cond, uncond, state);
  if (phi > 0.0) out.values = guided(eigenguide::Cfg{0.0} | eigenguide::Rescale{phi}, cond, out);
  return out;
}

/// Results and states of a run, step after step.
template <class T, class Step>
Outputs run_sequence(const Case<T>& c, const Step& step) {
  const auto cond = c.input("cond"), uncond = c.input("uncond");
  const auto run = [&](const auto& collect) {
    std::vector<T> all;
    Tensor<T> state = zeros<T>(part(cond, 0).shape);
    for (std::size_t i = 0; i < cond.shape.at(0); ++i) {
      const Tensor<T> out = step(i, part(cond, i), part(uncond, i), state);
      const Tensor<T>& of_step = collect(out, state);
      all.insert(all.end(), of_step.values.begin(), of_step.values.end());
    }
    return all;
  };
  Outputs outputs;
  outputs.add("out", [&] { return run([](const auto& out, const auto&) -> const auto& { return out; }); });
  outputs.add("running_average", [&] { return run([](const auto&, const auto& state) -> const auto& { return state; }); });
  return outputs;
}

template <class Guider, class T>
Outputs run_guider_sequence(const Guider& guider, const Case<T>& c) {
  return run_sequence(c, [&](std::size_t step, const Tensor<T>& cond, const Tensor<T>& uncond, Tensor<T>& state) {
    return guided_at(guider, c, step, cond, uncond, state);
  });
}

}  // namespace

void add_apg(Table& table) {
  table.add("adaptive_projected_guidance", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto guider = projected_of<diffusers::AdaptiveProjectedGuidance>(c);
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      Tensor<T> state = zeros<T>(cond.shape);
      return guided_at(guider, c, c.count("step", 0), cond, uncond, state).values;
    });
    return outputs;
  });
  table.add("adaptive_projected_guidance_sequence", [](const auto& c) {
    return run_guider_sequence(projected_of<diffusers::AdaptiveProjectedGuidance>(c), c);
  });
  table.add("adaptive_projected_guidance_mix_sequence", [](const auto& c) {
    const auto guider = mix_of(c);
    Outputs outputs = run_guider_sequence(guider, c);
    outputs.add("cfg_apg_enabled", [&] {
      const auto count = c.optional_count("num_inference_steps");
      std::vector<double> enabled;
      for (std::size_t step = 0; step < c.input("cond").shape.at(0); ++step) {
        enabled.push_back(guider.is_cfg_enabled(step, count));
        enabled.push_back(guider.is_apg_enabled(step, count));
      }
      return enabled;
    });
    return outputs;
  });

  // Norms over the last three axes, whatever they are.
  table.add("comfy_apg_sequence", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    comfyui::Apg node;
    node.eta = c.number("eta", node.eta);
    node.norm_threshold = c.number("norm_threshold", node.norm_threshold);
    node.momentum = c.number("momentum", node.momentum);
    const auto sigmas = c.numbers("sigmas");
    return run_sequence(c, [&](std::size_t step, const Tensor<T>& cond, const Tensor<T>& uncond, Tensor<T>& state) {
      if (step > 0 && comfyui::Apg::restarts(sigmas.at(step - 1), sigmas.at(step))) state = zeros<T>(cond.shape);
      return guided_over(node.at_with_momentum(c.number("guidance_scale")), {-3.0, -2.0, -1.0}, cond, uncond, state);
    });
  });

  // cond is the positive prompt, uncond the negative one.
  table.add("perp_neg", [](const auto& c) {
    const auto cond = c.input("cond"), negative = c.input("uncond"), empty = c.input("empty");
    Outputs outputs;
    outputs.add("out", [&] {
      const comfyui::PerpNegGuider guider{c.number("neg_scale", 1.0)};
      return guided_whole(with(guider.at(c.number("guidance_scale")), eigenguide::prompt<0>(one_sample(view_of(negative)))),
                          cond, empty);
    });
    return outputs;
  });

  table.add("project_parallel_orthogonal", [](const auto& c) {
    using diffusers::Project;
    const auto v0 = c.input("v0"), v1 = c.input("v1");
    Outputs outputs;
    outputs.add("parallel", [&] { return guided(Project{Project::Part::parallel}, v0, v1); });
    outputs.add("orthogonal", [&] { return guided(Project{Project::Part::orthogonal}, v0, v1); });
    return outputs;
  }, {"upcast_to_double"});
}

}  // namespace golden
