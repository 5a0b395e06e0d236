// SPDX-License-Identifier: MIT
// Adaptive projected guidance over a run, Perp-Neg, and the projection by itself.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/comfyui_apg.hpp>
#include <eigenguide/presets/comfyui_perp_neg.hpp>
#include <eigenguide/presets/diffusers_apg.hpp>
#include <eigenguide/presets/normalized.hpp>

#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace golden {
namespace {

using namespace eigenguide;

/// Of a sequence, whose leading extent is the step: every step's values.
template <class T>
void append(std::vector<T>& all, const std::vector<T>& step) {
  all.insert(all.end(), step.begin(), step.end());
}

template <class T>
Tensor<T> zeros_like(Tensor<T> tensor) {
  for (T& value : tensor.values) value = T(0);
  return tensor;
}

/// `momentum`, none where the case has none; the guider's own where the case
/// does not name it.
template <class Guider, class T>
void set_common(Guider& guider, const Case<T>& c) {
  guider.guidance_scale = c.number("guidance_scale", guider.guidance_scale);
  guider.guidance_rescale = c.number("guidance_rescale", guider.guidance_rescale);
  guider.use_original_formulation = c.flag("use_original_formulation", guider.use_original_formulation);
  guider.start = c.number("start", guider.start);
  guider.stop = c.number("stop", guider.stop);
  guider.enabled = c.flag("enabled", guider.enabled);
  guider.eta = c.number("eta", guider.eta);
  guider.adaptive_projected_guidance_rescale = c.number("norm_threshold", guider.adaptive_projected_guidance_rescale);
  guider.adaptive_projected_guidance_momentum.reset();
  if (c.has("momentum")) guider.adaptive_projected_guidance_momentum = c.number("momentum");
}

/// The axes of the peer's norm_dim, which counts them from either end.
template <class T>
Extents norm_axes(const Case<T>& c, std::size_t rank) {
  Extents axes;
  for (const double axis : c.numbers("norm_dim"))
    axes.push_back(static_cast<std::size_t>(axis < 0.0 ? axis + static_cast<double>(rank) : axis));
  return axes;
}

/// One step of a guider, in the groups of norm_dim; its rescale is of samples.
template <class T, class Chain, class Options>
std::vector<T> guided_step(const Case<T>& c, const Chain& chain, const Options& state, const Tensor<T>& cond,
                           const Tensor<T>& uncond) {
  if (!c.has("norm_dim")) return guided(with(chain, state), cond, uncond);
  const auto& [link, rescale] = chain.links;
  Tensor<T> out = cond;
  out.values = guided(with(link, state, over_axes(cond.shape, norm_axes(c, cond.shape.size()))), cond, uncond);
  return guided(Cfg{0.0} | rescale, cond, out);
}

template <class Guider, class T>
Outputs run_sequence(const Guider& guider, const Case<T>& c) {
  const auto cond = c.input("cond"), uncond = c.input("uncond");
  const std::size_t steps = cond.shape.at(0);
  const std::optional<std::size_t> count = c.optional_count("num_inference_steps");
  std::vector<T> out, average;
  auto state = zeros_like(part(cond, 0));
  Outputs outputs;
  outputs.add("out", [&] {
    for (std::size_t step = 0; step < steps; ++step) {
      const auto bound = momentum(view_of(std::as_const(state)), view_of(state));
      append(out, guided_step(c, guider.at(step, count), bound, part(cond, step), part(uncond, step)));
      append(average, state.values);
    }
    return out;
  });
  outputs.add("running_average", [&] { return average; });
  return outputs;
}

/// v₀ by its share along v₁, or by what is orthogonal to it: cond is v₁, and
/// the state v₀.
template <bool orthogonal>
struct Part {
  enum Vector : std::size_t { v1, v0 };
  using Vectors = Reads<Role::cond, Role::momentum>;
  void validate() const {}
  Row<2> operator()(const Gram<2>& gram) const {
    const Row<2> parallel = share_along_normalized(gram, unit<2>(v0), unit<2>(v1)) * unit<2>(v1);
    return orthogonal ? unit<2>(v0) - parallel : parallel;
  }
  static Row<2> next(const Gram<2>&) { return unit<2>(v0); }
};

}  // namespace

void add_projection(Table& table) {
  table.add("adaptive_projected_guidance", [](const auto& c) {
    diffusers::AdaptiveProjectedGuidance guider;
    set_common(guider, c);
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    auto state = zeros_like(cond);
    Outputs outputs;
    outputs.add("out", [&] {
      const auto chain = guider.at(c.count("step", 0), c.optional_count("num_inference_steps"));
      return guided_step(c, chain, momentum(view_of(std::as_const(state)), view_of(state)), cond, uncond);
    });
    return outputs;
  });
  table.add("adaptive_projected_guidance_sequence", [](const auto& c) {
    diffusers::AdaptiveProjectedGuidance guider;
    set_common(guider, c);
    return run_sequence(guider, c);
  });
  table.add("adaptive_projected_guidance_mix_sequence", [](const auto& c) {
    diffusers::AdaptiveProjectedMixGuidance guider;
    set_common(guider, c);
    guider.adaptive_projected_guidance_scale =
        c.number("apg_guidance_scale", guider.adaptive_projected_guidance_scale);
    guider.adaptive_projected_guidance_start_step =
        c.count("apg_start_step", guider.adaptive_projected_guidance_start_step);
    Outputs outputs = run_sequence(guider, c);
    outputs.add("cfg_apg_enabled", [&] {
      std::vector<double> enabled;
      for (std::size_t step = 0; step < c.input("cond").shape.at(0); ++step) {
        const diffusers::ApgPhase phase = guider.phase_at(step, c.optional_count("num_inference_steps"));
        enabled.push_back(phase == diffusers::ApgPhase::off ? 0.0 : 1.0);
        enabled.push_back(phase == diffusers::ApgPhase::apg ? 1.0 : 0.0);
      }
      return enabled;
    });
    return outputs;
  });

  // The group is the last three axes: of three there is no sample apart.
  table.add("comfy_apg_sequence", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    comfyui::Apg node;
    node.eta = c.number("eta", node.eta);
    node.norm_threshold = c.number("norm_threshold", node.norm_threshold);
    node.momentum = c.number("momentum", node.momentum);
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    const std::vector<double> sigmas = c.numbers("sigmas");
    Outputs outputs;
    outputs.add("out", [&] {
      std::vector<T> all;
      auto state = zeros_like(part(cond, 0));
      std::optional<double> previous;
      for (std::size_t step = 0; step < sigmas.size(); ++step) {
        const auto method = node.at(c.number("guidance_scale"), sigmas[step], previous);
        previous = sigmas[step];
        const auto step_cond = part(cond, step), step_uncond = part(uncond, step);
        const auto bound = [&](const auto& as) {
          return with(method, momentum(as(view_of(std::as_const(state))), as(view_of(state))));
        };
        if (step_cond.shape.size() <= 3) {
          append(all, guided_whole(bound([](const auto& view) { return one_sample(view); }), step_cond, step_uncond));
          continue;
        }
        const std::size_t rank = step_cond.shape.size();
        const Group group = over_axes(step_cond.shape, {rank - 3, rank - 2, rank - 1});
        const auto& [same, options] = bound([](const auto& view) { return view; });
        append(all, guided(with(same, std::get<0>(options), group), step_cond, step_uncond));
      }
      return all;
    });
    return outputs;
  });

  // The peer's `uncond` is the negative prompt; ours is the empty one.
  table.add("perp_neg", [](const auto& c) {
    comfyui::PerpNegGuider guider;
    guider.cfg = c.number("guidance_scale", guider.cfg);
    guider.neg_scale = c.number("neg_scale", guider.neg_scale);
    const auto positive = c.input("cond"), negative = c.input("uncond"), empty = c.input("empty");
    Outputs outputs;
    outputs.add("out", [&] {
      return guided_whole(with(guider.method(), prompt<0>(one_sample(view_of(negative)))), positive, empty);
    });
    return outputs;
  });

  table.add("project_parallel_orthogonal", [](const auto& c) {
    const auto v0 = c.input("v0"), v1 = c.input("v1");
    Outputs outputs;
    outputs.add("parallel", [&] { return guided(with(Part<false>{}, momentum(view_of(v0))), v1, v1); });
    outputs.add("orthogonal", [&] { return guided(with(Part<true>{}, momentum(view_of(v0))), v1, v1); });
    return outputs;
  });
}

}  // namespace golden
