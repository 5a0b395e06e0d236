// SPDX-License-Identifier: MIT
// Guidance by perturbed models and by several conditions.

#include "guider_of.hpp"
#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/comfyui_perturbation.hpp>
#include <eigenguide/presets/diffusers_perturbation.hpp>
#include <eigenguide/presets/musubi_tuner.hpp>

#include <stdexcept>
#include <string>

namespace golden {
namespace {

using namespace eigenguide;

/// A guider of diffusers whose parameters about the perturbed model begin with `prefix`.
template <class T>
Outputs run_guider(const Case<T>& c, const diffusers::SkipLayerGuidance& defaults, const std::string& prefix) {
  auto guider = guider_of(c, defaults);
  guider.skip_layer_guidance_scale = c.number(prefix + "_scale", guider.skip_layer_guidance_scale);
  guider.skip_layer_guidance_start = c.number(prefix + "_start", guider.skip_layer_guidance_start);
  guider.skip_layer_guidance_stop = c.number(prefix + "_stop", guider.skip_layer_guidance_stop);
  const std::size_t step = c.count("step", 0);
  const auto count = c.optional_count("num_inference_steps");
  const auto cond = c.input("cond"), uncond = c.input("uncond"), skip = c.input("skip");
  Outputs outputs;
  outputs.add("out", [&] { return guided(with(guider.at(step, count), perturbed(view_of(skip))), cond, uncond); });
  outputs.add("enabled_cfg_skip", [&] {
    return std::vector<int>{guider.is_cfg_enabled(step, count), guider.is_slg_enabled(step, count)};
  });
  return outputs;
}

template <class Method, class T>
Outputs run_perturbed(const Method& method, const Case<T>& c) {
  const auto cond = c.input("cond"), uncond = c.input("uncond"), skip = c.input("skip");
  Outputs outputs;
  outputs.add("out", [&] { return guided(with(method(), perturbed(view_of(skip))), cond, uncond); });
  return outputs;
}

}  // namespace

void add_perturbation(Table& table) {
  table.add("skip_layer_guidance", [](const auto& c) { return run_guider(c, {}, "skip_layer_guidance"); });
  table.add("perturbed_attention_guidance", [](const auto& c) { return run_guider(c, {}, "perturbed_guidance"); });
  table.add("smoothed_energy_guidance", [](const auto& c) {
    return run_guider(c, diffusers::smoothed_energy_guidance(), "seg_guidance");
  });

  table.add("pag_pipeline_guidance", [](const auto& c) {
    diffusers::PagPipeline pipeline;
    pipeline.guidance_scale = c.number("guidance_scale", pipeline.guidance_scale);
    pipeline.pag_scale = c.number("pag_scale", pipeline.pag_scale);
    pipeline.pag_adaptive_scale = c.number("pag_adaptive_scale", pipeline.pag_adaptive_scale);
    pipeline.do_classifier_free_guidance =
        c.flag("do_classifier_free_guidance", pipeline.do_classifier_free_guidance);
    const double t = c.number("t");
    Outputs outputs = run_perturbed([&] { return pipeline.at(t); }, c);
    outputs.add("effective_pag_scale", [&] { return std::vector<double>{pipeline.effective_scale(t)}; });
    return outputs;
  });

  table.add("instruct_pix2pix_guidance", [](const auto& c) {
    diffusers::InstructPix2Pix pipeline;
    pipeline.guidance_scale = c.number("guidance_scale", pipeline.guidance_scale);
    pipeline.image_guidance_scale = c.number("image_guidance_scale", pipeline.image_guidance_scale);
    const auto cond = c.input("cond"), uncond = c.input("uncond"), image = c.input("image_cond");
    Outputs outputs;
    outputs.add("out", [&] { return guided(with(pipeline.method(), middle(view_of(image))), cond, uncond); });
    return outputs;
  });

  table.add("ltx2_multi_guidance", [](const auto& c) {
    diffusers::Ltx2 pipeline;
    pipeline.guidance_scale = c.number("guidance_scale", pipeline.guidance_scale);
    pipeline.stg_scale = c.number("stg_scale", pipeline.stg_scale);
    pipeline.modality_scale = c.number("modality_scale", pipeline.modality_scale);
    pipeline.guidance_rescale = c.number("guidance_rescale", pipeline.guidance_rescale);
    const auto cond = c.input("cond"), uncond = c.input("uncond"), x = c.input("x");
    const auto skip = c.input("skip"), modality = c.input("modality");
    const auto method = with(pipeline.method(), perturbed(view_of(skip)), isolated(view_of(modality)));
    const auto level = [&] { return rectified_flow(c.number("sigma")); };
    Outputs outputs;
    outputs.add("out", [&] { return guided(method, pipeline.space, level(), x, cond, uncond); });
    outputs.add("x0", [&] {
      auto out = cond;
      guide(method, pipeline.space, level(), view_of(x), view_of(cond), view_of(uncond), view_of(out));
      convert({Kind::flow, Kind::sample}, level(), view_of(x), view_of(out), view_of(out));
      return out.values;
    });
    return outputs;
  });

  table.add("comfy_pag", [](const auto& c) {
    const comfyui::PerturbedAttentionGuidance node{c.number("scale", 3.0)};
    return run_perturbed([&] { return node.method(c.number("guidance_scale")); }, c);
  }, {"sigma"});

  // The peer's spreads are those of the whole batch.
  table.add("comfy_skip_layer_guidance", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    comfyui::SkipLayerGuidanceDit node;
    node.scale = c.number("scale", node.scale);
    node.start_percent = c.number("start_percent", node.start_percent);
    node.end_percent = c.number("end_percent", node.end_percent);
    node.rescaling_scale = c.number("rescaling_scale", node.rescaling_scale);
    const double shift = c.number("shift", 1.0), sigma = static_cast<T>(c.numbers("sigma").at(0));
    const auto cond = c.input("cond"), uncond = c.input("uncond"), skip = c.input("skip");
    Outputs outputs;
    outputs.add("out", [&] {
      const auto method = node.at(c.number("guidance_scale"), sigma,
                                  comfyui::flow_percent_to_sigma(node.start_percent, shift),
                                  comfyui::flow_percent_to_sigma(node.end_percent, shift));
      return guided_whole(with(method, perturbed(one_sample(view_of(skip)))), cond, uncond);
    });
    return outputs;
  });

  table.add("dual_cfg", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond"), between = c.input("middle");
    const double outer = c.number("cfg_cond2_negative"), inner = c.number("cfg_conds");
    const bool nested = c.flag("nested", false);
    Outputs outputs;
    outputs.add("out", [&] {
      const auto third = middle(view_of(between));
      return nested ? guided(with(comfyui::nested_dual_cfg(inner, outer), third), cond, uncond)
                    : guided(with(comfyui::dual_cfg(inner, outer), third), cond, uncond);
    });
    return outputs;
  }, {"sigma"});

  table.add("epsilon_scaling", [](const auto& c) {
    const comfyui::EpsilonScalingNode node{c.number("scaling_factor", 1.005)};
    const auto cond = c.input("cond"), uncond = c.input("uncond"), x = c.input("x");
    Outputs outputs;
    outputs.add("out", [&] {
      return guided(node.method(c.number("guidance_scale")), comfyui::hook_space, comfyui::hook_level, x, cond, uncond);
    });
    return outputs;
  }, {"sigma"});

  // The prediction with skipped layers takes the place of the unconditional
  // one in one of the modes.
  table.add("musubi_guidance_step", [](const auto& c) {
    musubi_tuner::Guidance guidance;
    guidance.guidance_scale = c.number("guidance_scale", guidance.guidance_scale);
    guidance.slg_scale = c.number("slg_scale", guidance.slg_scale);
    guidance.slg_start = c.number("slg_start", guidance.slg_start);
    guidance.slg_end = c.number("slg_end", guidance.slg_end);
    const std::string mode = c.text("slg_mode", "none");
    if (mode == "original")
      guidance.slg_mode = musubi_tuner::SlgMode::original;
    else if (mode == "uncond")
      guidance.slg_mode = musubi_tuner::SlgMode::uncond;
    else if (mode != "none")
      throw std::runtime_error("has the unknown slg_mode `" + mode + "`");
    const std::size_t step = c.count("step"), count = c.count("num_inference_steps");
    const auto cond = c.input("cond"), uncond = c.input("uncond"), skip = c.input("skip");
    Outputs outputs;
    outputs.add("out", [&] {
      const auto method = with(guidance.at(step, count, c.flag("apply_cfg", true)), perturbed(view_of(skip)));
      return guided(method, cond, guidance.takes_perturbed(step, count) ? skip : uncond);
    });
    return outputs;
  });
}

}  // namespace golden
