// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_mahiro.hpp>

#include <eigenguide/threshold/mahiro.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <limits>

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

TEST_CASE("ComfyUI Mahiro: of one sample it is Mahiro, of a batch the similarity is the mean of its samples'") {
  const double s = 6.0;
  const Spatial<double> batch = guided(comfyui::Mahiro{s}, cond, uncond);
  double share[2], together = 0.0;  // of (1 − sim) / 2 in leap − g = (s − 1) u, by the first element
  for (std::size_t i = 0; i < 2; ++i) {
    const Spatial<double> c = cond.sample(i), u = uncond.sample(i), alone = guided(Mahiro{s}, c, u);
    CHECK(distance(guided(comfyui::Mahiro{s}, c, u).values, alone.values) < 1e-13);
    const auto share_of = [&](double value) {
      const double g = u.values[0] + s * (c.values[0] - u.values[0]);
      return (value - g) / (s * c.values[0] - g);
    };
    share[i] = share_of(alone.values[0]);
    together = share_of(batch.values[i * 60]);
  }
  CHECK(together == Approx((share[0] + share[1]) / 2.0));
  CHECK(distance(batch.values, guided(Mahiro{s}, cond, uncond).values) > 1e-3);
}

TEST_CASE("ComfyUI Mahiro: close to 1 uncond is skipped; a short vector is divided by 1e-8") {
  CHECK(guided(comfyui::Mahiro{1.0}, cond, uncond).values == cond.values);
  // One position: √(s u) of u = 1e-18 is 1.4e-9 long, and its cosine that over 1e-8.
  Spatial<double> c({1, 1}), u({1, 1});
  c.values = {1.0}, u.values = {1e-18};
  const double root = std::sqrt(2e-18), got = guided(comfyui::Mahiro{2.0}, c, u).values[0];
  const double similarity = root / 1e-8, g = u.values[0] + 2.0 * (c.values[0] - u.values[0]);
  CHECK(got == Approx(((similarity + 1.0) * g + (1.0 - similarity) * 2.0) / 2.0).epsilon(1e-14));
  CHECK_REJECTS(guided(comfyui::Mahiro{std::numeric_limits<double>::quiet_NaN()}, cond, uncond), "`cond_scale` is nan");
}
