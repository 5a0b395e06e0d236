// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_mahiro.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class T>
Spatial<T> guided(const comfyui::Mahiro& node, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  comfyui::guide(node, cond.view(), uncond.view(), out.view());
  return out;
}

/// The node's formula: one similarity for the batch, of lengths of at least 10⁻⁸.
std::vector<double> reference(double s, const Spatial<double>& cond, const Spatial<double>& uncond) {
  const auto root = [](double v) { return v < 0 ? -std::sqrt(-v) : std::sqrt(v); };
  const std::size_t samples = cond.shape.extent[0], channels = cond.shape.extent[1];
  const std::size_t positions = cond.values.size() / samples / channels;
  const std::vector<double>&c = cond.values, &u = uncond.values;
  const auto g = [&](std::size_t at) { return u[at] + s * (c[at] - u[at]); };
  double sim = 0.0;
  for (std::size_t i = 0; i < samples; ++i)
    for (std::size_t p = 0; p < positions; ++p) {
      double product = 0.0, from = 0.0, to = 0.0;
      for (std::size_t k = 0; k < channels; ++k) {
        const std::size_t at = (i * channels + k) * positions + p;
        const double a = root(s * u[at]), b = root((s * c[at] + g(at)) / 2);
        product += a * b;
        from += a * a;
        to += b * b;
      }
      sim += product / (std::max(std::sqrt(from), 1e-8) * std::max(std::sqrt(to), 1e-8));
    }
  sim /= static_cast<double>(samples * positions);
  std::vector<double> out;
  for (std::size_t at = 0; at < c.size(); ++at) out.push_back(((sim + 1) * g(at) + (1 - sim) * s * c[at]) / 2);
  return out;
}

}  // namespace

TEST_CASE("ComfyUI's Mahiro: one similarity for the whole batch") {
  const Spatial<double> cond({3, 4, 5, 7}, 1), uncond({3, 4, 5, 7}, 2);
  for (const double scale : {-2.0, 0.0, 1.5, 7.5}) {
    INFO("scale " << scale);
    CHECK(distance(guided({scale}, cond, uncond).values, reference(scale, cond, uncond)) < 1e-13);
  }
  const Spatial<double> got = guided({7.5}, cond, uncond);
  CHECK(distance(guided({7.5}, cond.sample(0), uncond.sample(0)).values, got.sample(0).values) > 1e-4);
}

TEST_CASE("ComfyUI's Mahiro: of one sample it is the plain method's") {
  const Spatial<double> cond({1, 4, 5, 7}, 3), uncond({1, 4, 5, 7}, 4);
  Spatial<double> want = cond;
  eigenguide::guide(Mahiro{7.5}, cond.view(), uncond.view(), want.view());
  CHECK(guided({7.5}, cond, uncond).values == want.values);
}

TEST_CASE("ComfyUI's Mahiro: a vector shorter than 1e-8 is divided by that") {
  // Of two positions of one channel the first has a short u, which agrees with c; the second shows it.
  Spatial<double> cond({1, 1, 2}), uncond({1, 1, 2}), plain = cond;
  cond.values = {1.0, 2.0};
  uncond.values = {1e-20, 1.0};
  const double sim = (std::sqrt(2e-20) / 1e-8 + 1.0) / 2.0;
  CHECK(guided({2.0}, cond, uncond).values[1] == Approx(((sim + 1) * 3.0 + (1 - sim) * 4.0) / 2));
  CHECK(distance(guided({2.0}, cond, uncond).values, reference(2.0, cond, uncond)) < 1e-15);
  eigenguide::guide(Mahiro{2.0}, cond.view(), uncond.view(), plain.view());
  CHECK(plain.values[1] == Approx(3.0));  // cosines of 1
  uncond.values = {0.0, 1.0};
  CHECK(guided({2.0}, cond, uncond).values[1] == Approx((1.5 * 3.0 + 0.5 * 4.0) / 2));  // a cosine of 0
}

TEST_CASE("ComfyUI's Mahiro: at a scale close to 1 it is s c, without u") {
  const Spatial<float> cond({2, 3, 5}, 5);
  Spatial<float> uncond({2, 3, 5}, 6);
  uncond.values[0] = std::numeric_limits<float>::quiet_NaN();
  CHECK(guided({1.0}, cond, uncond).values == cond.values);
  const Spatial<double> c({2, 3, 5}, 5), u({2, 3, 5}, 6);
  const Spatial<double> got = guided({1.0 + 5e-10}, c, u);
  for (std::size_t k = 0; k < 30; ++k) CHECK(got.values[k] == Approx((1.0 + 5e-10) * c.values[k]).epsilon(1e-15));
  CHECK(distance(guided({1.0 + 5e-9}, c, u).values, reference(1.0 + 5e-9, c, u)) < 1e-14);
}

TEST_CASE("ComfyUI's Mahiro: in place, and in float") {
  const Spatial<float> cond({3, 4, 45}, 7), uncond({3, 4, 45}, 8);
  const Spatial<float> want = guided({6.0}, cond, uncond);
  Spatial<float> over_cond = cond, over_uncond = uncond;
  comfyui::guide(comfyui::Mahiro{6.0}, over_cond.view(), uncond.view(), over_cond.view());
  comfyui::guide(comfyui::Mahiro{6.0}, cond.view(), over_uncond.view(), over_uncond.view());
  CHECK(over_cond.values == want.values);
  CHECK(over_uncond.values == want.values);
  Spatial<double> c({3, 4, 45}), u = c;
  c.values.assign(cond.values.begin(), cond.values.end());
  u.values.assign(uncond.values.begin(), uncond.values.end());
  CHECK(distance(guided({6.0}, c, u).values, want.values) < 3e-6);  // half a unit of 32
}

TEST_CASE("ComfyUI's Mahiro: bad calls are rejected, and nothing is written") {
  const Spatial<float> cond({2, 3, 4}, 1), uncond({2, 3, 4}, 2), wrong({2, 4, 3}, 3);
  Spatial<float> out = cond;
  using comfyui::guide;
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(guide(comfyui::Mahiro{not_a_number}, cond.view(), uncond.view(), out.view()), "`cond_scale` is nan");
  CHECK_REJECTS(guide(comfyui::Mahiro{2.0}, cond.view(), wrong.view(), out.view()), "`uncond` is of shape [2, 4, 3]");
  for (const double scale : {1.0, 2.0}) {
    const auto flat = [](auto& tensor) { return BatchView(tensor.values.data(), 2, 12); };
    CHECK_REJECTS(guide(comfyui::Mahiro{scale}, flat(cond), flat(uncond), flat(out)), "`cond` is of shape [2, 12]");
  }
  CHECK(out.values == cond.values);
  Spatial<float> none({0, 3, 4}), empty({2, 3, 0});
  guide(comfyui::Mahiro{2.0}, none.view(), none.view(), none.view());
  guide(comfyui::Mahiro{2.0}, empty.view(), empty.view(), empty.view());
}
