// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_tonemap.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class T>
Spatial<T> guided(const comfyui::TonemapReinhard& node, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  comfyui::guide(node, cond.view(), uncond.view(), out.view());
  return out;
}

/// The node's formula: the direction of d, tonemapped by its length n + 10⁻¹⁰.
std::vector<double> reference(const comfyui::TonemapReinhard& node, const Spatial<double>& cond, const Spatial<double>& uncond) {
  const std::size_t channels = cond.shape.extent[1], positions = cond.values.size() / channels;
  const std::vector<double>&c = cond.values, &u = uncond.values;
  std::vector<double> length(positions);
  double mean = 0.0, square = 0.0;
  for (std::size_t at = 0; at < c.size(); ++at) length[at % positions] += (c[at] - u[at]) * (c[at] - u[at]);
  for (double& n : length) n = std::sqrt(n) + 1e-10, mean += n / static_cast<double>(positions);
  for (const double n : length) square += (n - mean) * (n - mean);
  const double top = (5.0 * std::sqrt(square / static_cast<double>(positions - 1)) + mean) * node.multiplier;
  std::vector<double> out;
  for (std::size_t at = 0; at < c.size(); ++at) {
    const double n = length[at % positions], mapped = n / top / (n / top + 1.0) * top;
    out.push_back(u[at] + node.cond_scale * (c[at] - u[at]) / n * mapped);
  }
  return out;
}

}  // namespace

TEST_CASE("TonemapReinhard: the node's formula") {
  const Spatial<double> cond({1, 4, 5, 7}, 1), uncond({1, 4, 5, 7}, 2);
  for (const double scale : {-2.0, 0.0, 1.5, 7.5})
    for (const double multiplier : {0.01, 1.0, 3.0}) {
      INFO("scale " << scale << ", multiplier " << multiplier);
      CHECK(distance(guided({scale, multiplier}, cond, uncond).values, reference({scale, multiplier}, cond, uncond)) < 1e-13);
    }
  CHECK(comfyui::TonemapReinhard{}.multiplier == 1.0);
}

TEST_CASE("TonemapReinhard: the length has 1e-10 more, which is seen where it is short") {
  Spatial<double> cond({1, 3, 8}, 3), uncond({1, 3, 8}, 4), plain = cond;
  for (std::size_t k = 0; k < 24; ++k) cond.values[k] *= 1e-11, uncond.values[k] *= 1e-11;
  const Spatial<double> got = guided({7.5}, cond, uncond);
  CHECK(distance(got.values, reference({7.5}, cond, uncond)) < 1e-24);
  eigenguide::guide(Tonemap{7.5, 1.0}, cond.view(), uncond.view(), plain.view());
  CHECK(distance(got.values, plain.values) > 1e-13);
}

TEST_CASE("TonemapReinhard: equal predictions stay") {
  const Spatial<float> cond({2, 3, 8}, 5);
  CHECK(guided({7.5}, cond, cond).values == cond.values);
}

TEST_CASE("TonemapReinhard: at a scale close to 1 it is c that is tonemapped") {
  const Spatial<double> cond({1, 3, 8}, 6);
  Spatial<double> uncond({1, 3, 8}, 7), zero = uncond;
  std::fill(zero.values.begin(), zero.values.end(), 0.0);
  const std::vector<double> want = reference({1.0, 0.5}, cond, zero);
  uncond.values[0] = std::numeric_limits<double>::quiet_NaN();  // not read
  CHECK(distance(guided({1.0, 0.5}, cond, uncond).values, want) < 1e-14);
  CHECK(distance(guided({1.0 + 5e-10, 0.5}, cond, uncond).values, reference({1.0 + 5e-10, 0.5}, cond, zero)) < 1e-14);
  CHECK(distance(want, cond.values) > 0.1);
  uncond = Spatial<double>({1, 3, 8}, 7);
  CHECK(distance(guided({1.0 + 5e-9, 0.5}, cond, uncond).values, reference({1.0 + 5e-9, 0.5}, cond, uncond)) < 1e-14);
}

TEST_CASE("TonemapReinhard: one position has no spread, where the peer's is NaN") {
  Spatial<double> cond({1, 2}), uncond({1, 2});
  cond.values = {4.0, 4.0};
  uncond.values = {1.0, 0.0};
  const Spatial<double> got = guided({2.0, 1.0}, cond, uncond);
  CHECK(got.values[0] == Approx(1.0 + 2.0 * 3.0 / 2.0));
  CHECK(got.values[1] == Approx(2.0 * 4.0 / 2.0));
}

TEST_CASE("TonemapReinhard: samples one by one, in place, of a used workspace, in float") {
  const Spatial<float> cond({3, 4, 45}, 8), uncond({3, 4, 45}, 9);
  for (const double scale : {1.0, 6.0}) {
    const comfyui::TonemapReinhard node{scale, 0.7};
    const Spatial<float> together = guided(node, cond, uncond);
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(guided(node, cond.sample(i), uncond.sample(i)).values == together.sample(i).values);

    Workspace workspace;
    const Spatial<float> larger({2, 2, 300}, 10);
    Spatial<float> elsewhere = larger, over_cond = cond, over_uncond = uncond;
    comfyui::guide(node, larger.view(), larger.view(), elsewhere.view(), workspace);
    comfyui::guide(node, over_cond.view(), uncond.view(), over_cond.view(), workspace);
    comfyui::guide(node, cond.view(), over_uncond.view(), over_uncond.view(), workspace);
    CHECK(over_cond.values == together.values);
    CHECK(over_uncond.values == together.values);

    Spatial<double> c({3, 4, 45}), u = c;
    c.values.assign(cond.values.begin(), cond.values.end());
    u.values.assign(uncond.values.begin(), uncond.values.end());
    CHECK(distance(guided(node, c, u).values, together.values) < 1e-6);  // half a unit of 16
  }
}

TEST_CASE("TonemapReinhard: bad calls are rejected, and nothing is written") {
  const Spatial<float> cond({2, 3, 4}, 1), uncond({2, 3, 4}, 2), wrong({2, 4, 3}, 3);
  Spatial<float> out = cond;
  const auto run = [&](const comfyui::TonemapReinhard& node, const auto& u) {
    comfyui::guide(node, cond.view(), u.view(), out.view());
  };
  CHECK_REJECTS(run({std::numeric_limits<double>::infinity()}, uncond), "`scale` is inf; expected a finite number");
  CHECK_REJECTS(run({2.0, 0.0}, uncond), "`multiplier` is 0; expected a positive number");
  CHECK_REJECTS(run({2.0}, wrong), "`uncond` is of shape [2, 4, 3]");
  const auto flat = [](auto& tensor) { return BatchView(tensor.values.data(), 2, 12); };
  CHECK_REJECTS(comfyui::guide(comfyui::TonemapReinhard{2.0}, flat(cond), flat(uncond), flat(out)),
                "`cond` is of shape [2, 12]");
  CHECK(out.values == cond.values);
}
