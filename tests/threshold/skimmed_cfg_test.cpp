// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/skimmed_cfg.hpp>

#include <eigenguide/tensor/tensor.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

template <class T>
Spatial<T> guided(const SkimmedCfg& method, const Spatial<T>& x, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  guide(method, x.view(), cond.view(), uncond.view(), out.view());
  return out;
}

double one(const SkimmedCfg& method, double x, double c, double u) {
  double out = 9.0;
  guide(method, one_sample(&x, 1), one_sample(&c, 1), one_sample(&u, 1), one_sample(&out, 1));
  return out;
}

/// The formula, for one element.
double reference(const SkimmedCfg& method, double x, double c, double u) {
  const double d = c - u, g = u + method.scale * d;
  const bool up = d > 0 && c > 0 && g > 0 && g > x, down = d < 0 && c < 0 && g < 0 && g < x;
  return up || down ? u + method.skimming_scale * d : g;
}

}  // namespace

TEST_CASE("Skimmed CFG: its formula, for scales of every kind") {
  const Spatial<double> x({1, 400}, 1), cond({1, 400}, 2), uncond({1, 400}, 3);
  for (const double scale : {-3.0, 0.0, 0.5, 1.0, 7.5})
    for (const double skimming_scale : {-1.0, 0.0, 1.0, 4.0, 7.5}) {
      INFO("scale " << scale << ", skimming scale " << skimming_scale);
      const SkimmedCfg method{scale, skimming_scale};
      const Spatial<double> got = guided(method, x, cond, uncond);
      std::size_t skimmed = 0;
      for (std::size_t k = 0; k < 400; ++k) {
        const double want = reference(method, x.values[k], cond.values[k], uncond.values[k]);
        CHECK(got.values[k] == Approx(want).margin(1e-14));
        skimmed += std::fabs(want - reference({scale, scale}, x.values[k], cond.values[k], uncond.values[k])) > 1e-9;
      }
      if (scale == 7.5 && skimming_scale != scale) CHECK((skimmed > 200 && skimmed < 300));  // 3 of 4 at most
    }
}

TEST_CASE("Skimmed CFG: by hand, what is outwards") {
  const SkimmedCfg method{5.0, 2.0};
  CHECK(one(method, 0.0, 2.0, 1.0) == 3.0);     // outwards
  CHECK(one(method, 0.0, -2.0, -1.0) == -3.0);
  CHECK(one(method, 0.0, 1.0, 2.0) == -3.0);    // d is not of the sign of c
  CHECK(one(method, 7.0, 2.0, 1.0) == 6.0);     // g does not pass x
  CHECK(one({-5.0, 2.0}, -9.0, 2.0, 1.0) == -4.0);  // g is not of the sign of d
}

TEST_CASE("Skimmed CFG: zero has a sign of its own") {
  const SkimmedCfg method{5.0, 2.0};
  CHECK(one(method, 6.0, 2.0, 1.0) == 6.0);    // g = x
  CHECK(one(method, 0.0, 0.0, -1.0) == 4.0);   // c = 0
  CHECK(one({-1.0, 2.0}, -9.0, 2.0, 1.0) == 0.0);  // g = 0
  CHECK(one(method, 0.0, 2.0, 2.0) == 2.0);    // d = 0
  CHECK(one(method, 0.0, 0.0, 0.0) == 0.0);
}

TEST_CASE("Skimmed CFG: unconfigured it is cond, with equal scales plain guidance") {
  const Spatial<float> x({2, 30}, 4), cond({2, 30}, 5), uncond({2, 30}, 6);
  CHECK(guided(SkimmedCfg{}, x, cond, uncond).values == cond.values);
  CHECK(guided(SkimmedCfg{7.5, 2.0}, x, cond, cond).values == cond.values);
  const Spatial<float> got = guided(SkimmedCfg{7.5, 7.5}, x, cond, uncond);
  for (std::size_t k = 0; k < 60; ++k)
    CHECK(got.values[k] == Approx(uncond.values[k] + 7.5f * (cond.values[k] - uncond.values[k])).margin(1e-5));
}

TEST_CASE("Skimmed CFG: samples one by one, over each input, in float") {
  const Spatial<float> x({3, 4, 9}, 7), cond({3, 4, 9}, 8), uncond({3, 4, 9}, 9);
  const SkimmedCfg method{6.0, 2.0};
  const Spatial<float> together = guided(method, x, cond, uncond);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(guided(method, x.sample(i), cond.sample(i), uncond.sample(i)).values == together.sample(i).values);

  Spatial<float> over_x = x, over_cond = cond, over_uncond = uncond;
  guide(method, over_x.view(), cond.view(), uncond.view(), over_x.view());
  guide(method, x.view(), over_cond.view(), uncond.view(), over_cond.view());
  guide(method, x.view(), cond.view(), over_uncond.view(), over_uncond.view());
  CHECK(over_x.values == together.values);
  CHECK(over_cond.values == together.values);
  CHECK(over_uncond.values == together.values);

  Spatial<double> wide_x({3, 4, 9}), c = wide_x, u = wide_x;
  wide_x.values.assign(x.values.begin(), x.values.end());
  c.values.assign(cond.values.begin(), cond.values.end());
  u.values.assign(uncond.values.begin(), uncond.values.end());
  CHECK(distance(guided(method, wide_x, c, u).values, together.values) < 1e-6);  // half a unit of 16
}

TEST_CASE("Skimmed CFG: NaN and infinities stay in their element") {
  const Spatial<float> x({2, 6}, 10), uncond({2, 6}, 11);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Spatial<float> cond({2, 6}, 12);
    const Spatial<float> clean = guided(SkimmedCfg{5.0, 2.0}, x, cond, uncond);
    cond.values[3] = bad;
    const Spatial<float> got = guided(SkimmedCfg{5.0, 2.0}, x, cond, uncond);
    for (std::size_t k = 0; k < 12; ++k)
      CHECK((k == 3 ? !is_finite(static_cast<double>(got.values[k])) : got.values[k] == clean.values[k]));
  }
}

TEST_CASE("Skimmed CFG: Eigen's tensors, as a new one") {
  Eigen::Tensor<double, 2, Eigen::RowMajor> x(2, 5), cond(2, 5), uncond(2, 5);
  const Spatial<double> noisy({2, 5}, 13), c({2, 5}, 14), u({2, 5}, 15);
  std::copy(noisy.values.begin(), noisy.values.end(), x.data());
  std::copy(c.values.begin(), c.values.end(), cond.data());
  std::copy(u.values.begin(), u.values.end(), uncond.data());
  const auto got = guide(SkimmedCfg{3.0, 1.0}, x, cond, uncond);
  CHECK(std::vector<double>(got.data(), got.data() + got.size()) == guided(SkimmedCfg{3.0, 1.0}, noisy, c, u).values);
}

TEST_CASE("Skimmed CFG: bad calls are rejected, and nothing is written") {
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  const Spatial<float> x({2, 12}, 1), cond({2, 12}, 2), uncond({2, 12}, 3), wrong({3, 8}, 4);
  Spatial<float> out = cond;
  const auto run = [&](const SkimmedCfg& method, const auto& noisy, const auto& u) {
    guide(method, noisy.view(), cond.view(), u.view(), out.view());
  };
  CHECK_REJECTS(run({not_a_number}, x, uncond), "`scale` is nan; expected a finite number");
  CHECK_REJECTS(run({2.0, not_a_number}, x, uncond), "`skimming_scale` is nan; expected a finite number");
  CHECK_REJECTS(run({2.0}, wrong, uncond), "`x` is of shape [3, 8]");
  CHECK_REJECTS(run({2.0}, x, wrong), "`uncond` is of shape [3, 8]");
  CHECK(out.values == cond.values);
  Spatial<float> many({3, 12}, 5), before = many;
  const auto at = [&](std::size_t first) { return one_sample(many.values.data() + first, 12); };
  CHECK_REJECTS(guide(SkimmedCfg{2.0}, at(24), at(0), at(12), at(20)), "`out` is partly in the memory of `uncond`");
  CHECK(many.values == before.values);
  Spatial<float> none({0, 3}), empty({2, 0});
  guide(SkimmedCfg{2.0}, none.view(), none.view(), none.view(), none.view());
  guide(SkimmedCfg{2.0}, empty.view(), empty.view(), empty.view(), empty.view());
}

TEST_CASE("skimmed cfg: as a new tensor, of tensors that could be written too") {
  std::vector<double> x{1.0, 0.0, -2.0}, c{2.0, 0.0, -3.0}, u{1.0, 0.0, -1.0};
  CHECK(guide(SkimmedCfg{4.0, 2.0}, x, c, u) == std::vector<double>{3.0, 0.0, -5.0});
  CHECK(u == std::vector<double>{1.0, 0.0, -1.0});
}
