// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_tonemap.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

using namespace eigenguide;

namespace {

const Spatial<double> cond({2, 3, 4, 5}, 1), uncond({2, 3, 4, 5}, 2);

template <class Node>
Spatial<double> guided(const Node& node, const Spatial<double>& c, const Spatial<double>& u) {
  Spatial<double> out = c;
  guide(node, c.view(), u.view(), out.view());
  return out;
}

}  // namespace

TEST_CASE("ComfyUI Reinhard: Tonemap with 1e-10 beside every length") {
  CHECK(distance(guided(comfyui::TonemapReinhard{6.0, 0.5}, cond, uncond).values,
                 guided(Tonemap{6.0, 0.5}, cond, uncond).values) < 1e-8);
  // d = (1e-10, 3e-10): the padding is as large as the lengths.
  Spatial<double> c({1, 1, 2}), u({1, 1, 2});
  c.values = {1e-10, 3e-10}, u.values = {0.0, 0.0};
  const double mean = 3e-10, deviation = std::sqrt(2.0) * 1e-10, top = mean + 5.0 * deviation;
  const Spatial<double> got = guided(comfyui::TonemapReinhard{5.0, 1.0}, c, u);
  CHECK(got.values[0] == Approx(5.0 * 1e-10 / (1.0 + 2e-10 / top)).epsilon(1e-12));
  CHECK(got.values[1] == Approx(5.0 * 3e-10 / (1.0 + 4e-10 / top)).epsilon(1e-12));
}

TEST_CASE("ComfyUI Reinhard: close to 1 uncond is skipped, and c is what is tonemapped") {
  Spatial<double> zero = uncond;
  zero.values.assign(zero.values.size(), 0.0);
  CHECK(guided(comfyui::TonemapReinhard{1.0, 1.0}, cond, uncond).values ==
        guided(comfyui::TonemapReinhard{1.0, 1.0}, cond, zero).values);
  CHECK_REJECTS(guided(comfyui::TonemapReinhard{2.0, 0.0}, cond, uncond), "`multiplier` is 0");
}
