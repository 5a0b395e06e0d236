// SPDX-License-Identifier: MIT
// CFG-Zero* as its authors have it.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/presets/cfg_zero_star.hpp>

namespace golden {
namespace {

/// The samples are the first axis: of a batch, or channels of an unbatched tensor.
template <class T>
Outputs run(const eigenguide::cfg_zero_star::WanPipeline& pipeline, const Case<T>& c) {
  const auto cond = c.input("cond"), uncond = c.input("uncond");
  Outputs outputs;
  outputs.add("out", [&] { return guided(pipeline.at(c.count("step", 0)), cond, uncond); });
  outputs.add("alpha", [&] {
    std::vector<double> alphas;
    for (const auto& gram : grams(cond, uncond))
      alphas.push_back(static_cast<double>(eigenguide::cfg_zero_star::PaddedCfgZeroStar::alpha(gram)));
    return alphas;
  });
  return outputs;
}

}  // namespace

void add_zero_star(Table& table) {
  using eigenguide::cfg_zero_star::WanPipeline;

  table.add("cfg_zero_star_official", [](const auto& c) {
    WanPipeline pipeline;
    pipeline.guidance_scale = c.number("guidance_scale", pipeline.guidance_scale);
    pipeline.use_cfg_zero_star = c.flag("use_cfg_zero_star", pipeline.use_cfg_zero_star);
    pipeline.use_zero_init = c.flag("use_zero_init", pipeline.use_zero_init);
    pipeline.zero_steps = c.count("zero_steps", pipeline.zero_steps);
    return run(pipeline, c);
  });
  table.add("cfg_zero_star_per_channel", [](const auto& c) {
    WanPipeline pipeline;
    pipeline.use_cfg_zero_star = true;
    pipeline.guidance_scale = c.number("guidance_scale", pipeline.guidance_scale);
    pipeline.zero_steps = c.count("zero_init_steps", pipeline.zero_steps);
    return run(pipeline, c);
  });
}

}  // namespace golden
