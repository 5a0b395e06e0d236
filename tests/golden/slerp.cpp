// SPDX-License-Identifier: MIT
// Spherical guidance and interpolation.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>
#include <eigenguide/presets/comfyui.hpp>
#include <eigenguide/presets/diffusers_pipelines.hpp>

#include <array>
#include <stdexcept>

namespace golden {

void add_slerp(Table& table) {
  using namespace eigenguide;

  // g = a cond + b uncond, from a row of {c, d = c − u, u}.
  static const auto coefficients = [](const Slerp& method, const Gram<3>& gram) {
    const Row<3> row = method(gram);
    return std::array<Real, 2>{row[Slerp::c] + row[Slerp::d], row[Slerp::u] - row[Slerp::d]};
  };

  // Unit vectors at that angle: ‖c‖ = ‖u‖ = 1 and ⟨c, u⟩ = cos θ.
  table.add("slerp_extrapolation_coefficients", [](const auto& c) {
    const auto t = c.input("t"), cos_theta = c.input("cos_theta");
    std::array<std::vector<Real>, 2> ab;
    for (std::size_t i = 0; i < t.values.size(); ++i) {
      const Real cosine = static_cast<double>(cos_theta.values.at(i));
      const Real near = 1.0 - cosine;
      const Gram<3> gram{{{{1.0, near, cosine}, {near, 2.0 * near, -near}, {cosine, -near, 1.0}}}};
      const auto pair = coefficients(Slerp{1.0 - static_cast<double>(t.values[i]), Magnitude::raw}, gram);
      for (std::size_t k = 0; k < 2; ++k) ab[k].push_back(pair[k]);
    }
    Outputs outputs;
    outputs.add("a", [&] { return ab[0]; });
    outputs.add("b", [&] { return ab[1]; });
    return outputs;
  });

  table.add("slerp_guidance_raw", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    const Slerp method{1.0 - c.number("t"), Magnitude::raw};
    Outputs outputs;
    outputs.add("out", [&] { return guided(method, cond, uncond); });
    outputs.add("a_b_cos", [&] {
      std::vector<Real> values;
      for (const Gram<3>& gram : grams(cond, uncond)) {
        for (const Real weight : coefficients(method, gram)) values.push_back(weight);
        values.push_back(gram(Slerp::c, Slerp::u) / sqrt(gram(Slerp::c, Slerp::c) * gram(Slerp::u, Slerp::u)));
      }
      return values;
    });
    return outputs;
  });

  // v0 is at t = 0 as cond is at scale 1: v0 and v1 are cond and uncond.
  table.add("comfy_slerp", [](const auto& c) {
    const auto v0 = c.input("v0"), v1 = c.input("v1");
    Outputs outputs;
    outputs.add("out", [&] {
      return guided(comfyui::Slerp{c.number("t")}, v0, v1);
    });
    return outputs;
  });

  table.add("diffusers_slerp", [](const auto& c) {
    const auto cond = c.input("cond"), uncond = c.input("uncond");
    const std::string variant = c.text("variant");
    if (variant != "threshold" && variant != "plain")
      throw std::runtime_error("has the unknown variant `" + variant + "`");
    Outputs outputs;
    outputs.add("out", [&] {
      const double t = c.number("t"), threshold = c.number("dot_threshold", 0.9995);
      const auto method = variant == "threshold" ? diffusers::Slerp{t, threshold} : diffusers::Slerp::plain(t);
      return guided_whole(method, cond, uncond);
    });
    return outputs;
  });
}

}  // namespace golden
