// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui.hpp>

#include <eigenguide/guide/convert.hpp>
#include <eigenguide/guide/guide.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

BatchView<const double> sample(const Pair& values) { return {values.data(), 1, 2}; }
BatchView<double> sample(Pair& values) { return {values.data(), 1, 2}; }

const Pair c{3.0, 4.0}, u{3.0, 0.0};  // at scale 2, g = (3, 8)

}  // namespace

TEST_CASE("ComfyUI guidance: close to scale 1 zeros stand in for the unconditional prediction") {
  CHECK(guided(comfyui::cfg(2.0), c, u) == Pair{3.0, 8.0});
  CHECK(guided(comfyui::cfg(1.0), c, u) == c);
  CHECK(comfyui::cfg(1.0 + 1e-10).uncond_skipped);
  CHECK_FALSE(comfyui::cfg(1.0 + 1e-8).uncond_skipped);
  CHECK(guided(comfyui::Cfg{0.5, true}, c, u) == Pair{1.5, 2.0});
}

TEST_CASE("ComfyUI hooks: they see x − denoised, whose guidance is that of denoised") {
  const Pair x{10.0, 20.0};
  Pair out{};
  convert(Conversion{comfyui::hook_space.model, comfyui::hook_space.method}, comfyui::hook_level,
          sample(x), sample(c), sample(out));
  CHECK(out == Pair{7.0, 16.0});
  guide(Cfg{2.0}, comfyui::hook_space, comfyui::hook_level, sample(x), sample(c), sample(u), sample(out));
  CHECK(out[0] == Approx(3.0));
  CHECK(out[1] == Approx(8.0));
}

TEST_CASE("CFGNorm: only shortens, and its strength applies either way") {
  CHECK(length(guided(comfyui::cfg(2.0) | comfyui::CfgNorm{}, c, u)) == Approx(5.0));
  CHECK(length(guided(comfyui::cfg(2.0) | comfyui::CfgNorm{0.8}, c, u)) == Approx(4.0));
  const Pair shorter = guided(comfyui::cfg(0.5) | comfyui::CfgNorm{0.5}, c, u);
  CHECK(shorter[0] == Approx(1.5));
  CHECK(shorter[1] == Approx(1.0));
}

TEST_CASE("RescaleCFG: at multiplier 0 plain guidance, at 1 the spread of v") {
  const Pair x{1.0, -2.0};
  const Level level = variance_exploding(2.0);
  const auto run = [&](double multiplier) {
    Pair out{};
    const comfyui::RescaleCfg node{multiplier};
    guide(node.method(2.0), node.space, level, sample(x), sample(c), sample(u), sample(out));
    return out;
  };
  CHECK(run(0.0)[0] == Approx(3.0));
  CHECK(run(0.0)[1] == Approx(8.0));

  Pair v_cond{}, v_guided{};
  const Pair g = run(1.0);
  convert(Conversion{Kind::sample, Kind::v}, level, sample(x), sample(c), sample(v_cond));
  convert(Conversion{Kind::sample, Kind::v}, level, sample(x), sample(g), sample(v_guided));
  CHECK(std::fabs(v_guided[0] - v_guided[1]) == Approx(std::fabs(v_cond[0] - v_cond[1])));
}

TEST_CASE("RenormCFG: capped below the truncation, off from there") {
  const comfyui::RenormCfg node{1.0, 1.0};
  CHECK(length(guided(node.at(2.0, 0.5), c, u)) == Approx(5.0));
  CHECK(guided(node.at(2.0, 1.0), c, u) == c);
  CHECK(guided(comfyui::RenormCfg{1.0, 0.0}.at(2.0, 0.5), c, u) == Pair{3.0, 8.0});
}

TEST_CASE("video guidance: a line and a triangle over the frames") {
  const comfyui::VideoLinearCfgGuidance line{1.0};
  CHECK(line.scale(3.0, 0, 5) == 1.0);
  CHECK(line.scale(3.0, 3, 5) == 2.5);
  CHECK(line.scale(3.0, 4, 5) == 3.0);
  const comfyui::VideoTriangleCfgGuidance triangle{1.0};
  CHECK(triangle.scale(3.0, 0, 5) == 1.0);
  CHECK(triangle.scale(3.0, 1, 5) == 2.0);
  CHECK(triangle.scale(3.0, 2, 5) == 3.0);
  CHECK(triangle.scale(3.0, 4, 5) == 1.0);
  CHECK(triangle.scale(3.0, 0, 1) == 1.0);
}

TEST_CASE("ComfyUI slerp: lengths along a line, ends as they are, zeros at a right angle") {
  const Pair v0{0.0, 3.0}, v1{1.0, 0.0};
  const Pair between = guided(comfyui::Slerp{0.5}, v0, v1);
  CHECK(between[0] == Approx(std::sqrt(2.0)));
  CHECK(between[1] == Approx(std::sqrt(2.0)));
  CHECK(guided(comfyui::Slerp{0.5}, v0, {0.001, 3.0}) == v0);     // parallel: no step at all
  CHECK(guided(comfyui::Slerp{0.25}, v0, {0.0, -1.0})[1] == Approx(2.0));  // opposite: the line

  const double share = std::sqrt(0.5) / 2.0;  // sin(45°), and half of the length
  CHECK(guided(comfyui::Slerp{0.5}, v0, {0.0, 0.0})[1] == Approx(3.0 * share));
  CHECK(guided(comfyui::Slerp{0.5}, {0.0, 0.0}, v1)[0] == Approx(share));
  CHECK(guided(comfyui::Slerp{0.5}, {0.0, 0.0}, {0.0, 0.0}) == Pair{0.0, 0.0});
}
