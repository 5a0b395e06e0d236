// SPDX-License-Identifier: MIT
// The guiders of diffusers, and plain guidance.

#include "guider_of.hpp"
#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/diffusers.hpp>

namespace golden {
namespace {

template <class Guider, class T>
Outputs run_guider(const Guider& guider, const Case<T>& c) {
  const auto cond = c.input("cond"), uncond = c.input("uncond");
  Outputs outputs;
  outputs.add("out", [&] {
    const auto method = guider.at(c.count("step", 0), c.optional_count("num_inference_steps"));
    return guided(method, cond, uncond);
  });
  return outputs;
}

}  // namespace

void add_guiders(Table& table) {
  using namespace eigenguide;

  table.add("classifier_free_guidance", [](const auto& c) {
    return run_guider(guider_of<diffusers::ClassifierFreeGuidance>(c), c);
  });
  table.add("auto_guidance", [](const auto& c) {
    return run_guider(guider_of<diffusers::AutoGuidance>(c), c);
  });

  table.add("cfg_zero_star", [](const auto& c) {
    auto guider = guider_of<diffusers::ClassifierFreeZeroStarGuidance>(c);
    guider.zero_init_steps = c.count("zero_init_steps", guider.zero_init_steps);
    Outputs outputs = run_guider(guider, c);
    outputs.add("alpha", [&] {
      std::vector<double> alphas;
      const auto cond = c.input("cond");
      for (const auto& gram : grams(cond, c.input("uncond")))
        alphas.push_back(static_cast<double>(cfg_zero_star::PaddedCfgZeroStar::alpha(gram)));
      return alphas;
    });
    return outputs;
  });

  table.add("tangential_cfg", [](const auto& c) {
    return run_guider(guider_of<diffusers::TangentialClassifierFreeGuidance>(c), c);
  });
  table.add("magnitude_aware_guidance", [](const auto& c) {
    auto guider = guider_of<diffusers::MagnitudeAwareGuidance>(c);
    guider.alpha = c.number("alpha", guider.alpha);
    return run_guider(guider, c);
  });

  // `cfg` is what is reshaped: the result of guidance at scale 0, whose
  // conditional prediction gives the spread.
  table.add("rescale_noise_cfg", [](const auto& c) {
    const auto cond = c.input("cond"), cfg = c.input("cfg");
    Outputs outputs;
    outputs.add("out", [&] {
      const auto method = Cfg{0.0} | Rescale{c.number("guidance_rescale")};
      return guided(method, cond, cfg);
    });
    return outputs;
  });

  table.add("per_sample_scale_cfg", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond"), scale = c.input("scale");
    Outputs outputs;
    outputs.add("out", [&] {
      auto each = scale.values;
      if (each.size() == 1) each.resize(cond.shape[0], each[0]);  // one for all
      return guided(with(Cfg{}, scales(each)), cond, uncond);
    });
    return outputs;
  });

  table.add("cfg_original_formulation_kandinsky3", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    Outputs outputs;
    outputs.add("out", [&] {
      const Cfg method{scale_from_weight(c.number("guidance_scale"))};
      return guided(method, cond, uncond);
    });
    return outputs;
  });
}

}  // namespace golden
