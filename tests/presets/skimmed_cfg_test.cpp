// SPDX-License-Identifier: MIT
#include <eigenguide/presets/skimmed_cfg.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace eigenguide;
using skimmed_cfg::SingleScale;

namespace {

template <class T>
Spatial<T> guided(const SingleScale& node, const Spatial<T>& x, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  skimmed_cfg::guide(node, x.view(), cond.view(), uncond.view(), out.view());
  return out;
}

double one(const SingleScale& node, double x, double c, double u) {
  double out = 9.0;
  skimmed_cfg::guide(node, one_sample(&x, 1), one_sample(&c, 1), one_sample(&u, 1), one_sample(&out, 1));
  return out;
}

/// The node's formula, for one element.
double skim(const SingleScale& node, double a, double b, double x, double k) {
  const double s = node.cond_scale, e = b + s * (a - b);
  const bool any = node.disable_flipping_filter;
  const bool up = a > b && a > 0 && e > 0 && (any || e > x), down = a < b && a < 0 && e < 0 && (any || e < x);
  return s != 0.0 && (up || down) ? a - (s - k) / s * (a - b) : a;
}
double reference(const SingleScale& node, double x, double c, double u) {
  const double from = skim(node, u, c, x, node.full_skim_negative ? 0.0 : node.skimming_cfg);
  const double moved = skim(node, c, from, x, node.skimming_cfg);
  return from + node.cond_scale * (moved - from);
}

}  // namespace

TEST_CASE("the node Skimmed CFG: its formula, in every mode") {
  const Spatial<double> x({1, 300}, 1), cond({1, 300}, 2), uncond({1, 300}, 3);
  for (const double scale : {-3.0, 0.0, 0.5, 4.0, 12.0})
    for (const double skimming : {-1.0, 0.0, 1.0, 4.0, 7.0})
      for (const bool full : {false, true})
        for (const bool unfiltered : {false, true}) {
          INFO("scale " << scale << ", skimming " << skimming << (full ? ", full" : "") << (unfiltered ? ", unfiltered" : ""));
          const SingleScale node{scale, skimming, full, unfiltered};
          const Spatial<double> got = guided(node, x, cond, uncond);
          double most = 0.0;
          for (std::size_t k = 0; k < 300; ++k)
            most = std::max(most, std::fabs(got.values[k] - reference(node, x.values[k], cond.values[k], uncond.values[k])));
          CHECK(most < 1e-12);
        }
  CHECK(SingleScale{}.skimming_cfg == 7.0);
}

TEST_CASE("the node Skimmed CFG: by hand") {
  // u = 1 is not pushed outwards from c = 2; c is: it moves to 2 − (5 − 2) / 5.
  CHECK(one({5.0, 2.0}, 0.0, 2.0, 1.0) == Approx(1.0 + 5.0 * 0.4));
  // The plain method's step of c alone, g = u + k d.
  double out = 0.0;
  const double x = 0.0, c = 2.0, u = 1.0;
  eigenguide::guide(SkimmedCfg{5.0, 2.0}, one_sample(&x, 1), one_sample(&c, 1), one_sample(&u, 1), one_sample(&out, 1));
  CHECK(one({5.0, 2.0}, 0.0, 2.0, 1.0) == Approx(out));
  // u = 2 is pushed outwards from c = 1: to 2 − 3 / 5 = 1.4, or with `full` to c.
  CHECK(one({5.0, 2.0}, 0.0, 1.0, 2.0) == Approx(1.4 + 5.0 * (1.0 - 1.4)));
  CHECK(one({5.0, 2.0, true}, 0.0, 1.0, 2.0) == Approx(1.0));
  // Where x lies further out, only without the filter.
  CHECK(one({5.0, 2.0}, 9.0, 2.0, 1.0) == Approx(6.0));
  CHECK(one({5.0, 2.0, false, true}, 9.0, 2.0, 1.0) == Approx(3.0));
}

TEST_CASE("the node Skimmed CFG: a u of zeros throughout the batch is left alone, and with it c") {
  const Spatial<double> x({2, 20}, 4), cond({2, 20}, 5);
  Spatial<double> zero({2, 20});
  std::fill(zero.values.begin(), zero.values.end(), 0.0);
  zero.values[3] = -0.0;
  const Spatial<double> got = guided({12.0, 4.0}, x, cond, zero);
  for (std::size_t k = 0; k < 40; ++k) CHECK(got.values[k] == Approx(12.0 * cond.values[k]));
  zero.values[39] = 1.0;  // in the second sample: the first is skimmed too
  const Spatial<double> skimmed = guided({12.0, 4.0}, x, cond, zero);
  bool differs = false;
  for (std::size_t k = 0; k < 40; ++k) {
    CHECK(skimmed.values[k] == Approx(reference({12.0, 4.0}, x.values[k], cond.values[k], zero.values[k])));
    differs = differs || (k < 20 && std::fabs(skimmed.values[k] - got.values[k]) > 0.1);
  }
  CHECK(differs);
}

TEST_CASE("the node Skimmed CFG: at a scale close to 1 it is s c, and at 0 it is u") {
  const Spatial<double> x({2, 20}, 6), cond({2, 20}, 7);
  Spatial<double> uncond({2, 20}, 8);
  CHECK(distance(guided({0.0, 4.0}, x, cond, uncond).values, uncond.values) < 1e-15);
  uncond.values[0] = std::numeric_limits<double>::quiet_NaN();  // not read
  CHECK(guided({1.0, 4.0}, x, cond, uncond).values == cond.values);
  const Spatial<double> got = guided({1.0 - 5e-10, 4.0}, x, cond, uncond);
  for (std::size_t k = 0; k < 40; ++k) CHECK(got.values[k] == Approx((1.0 - 5e-10) * cond.values[k]).epsilon(1e-15));
}

TEST_CASE("the node Skimmed CFG: samples one by one, over each input, in float") {
  const Spatial<float> x({3, 4, 9}, 9), cond({3, 4, 9}, 10), uncond({3, 4, 9}, 11);
  const SingleScale node{6.0, 2.0};
  const Spatial<float> together = guided(node, x, cond, uncond);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(guided(node, x.sample(i), cond.sample(i), uncond.sample(i)).values == together.sample(i).values);

  Spatial<float> over_x = x, over_cond = cond, over_uncond = uncond;
  skimmed_cfg::guide(node, over_x.view(), cond.view(), uncond.view(), over_x.view());
  skimmed_cfg::guide(node, x.view(), over_cond.view(), uncond.view(), over_cond.view());
  skimmed_cfg::guide(node, x.view(), cond.view(), over_uncond.view(), over_uncond.view());
  CHECK(over_x.values == together.values);
  CHECK(over_cond.values == together.values);
  CHECK(over_uncond.values == together.values);

  Spatial<double> wide_x({3, 4, 9}), c = wide_x, u = wide_x;
  wide_x.values.assign(x.values.begin(), x.values.end());
  c.values.assign(cond.values.begin(), cond.values.end());
  u.values.assign(uncond.values.begin(), uncond.values.end());
  CHECK(distance(guided(node, wide_x, c, u).values, together.values) < 1e-6);  // half a unit of 16
}

TEST_CASE("the node Skimmed CFG: NaN stays in its element") {
  const Spatial<float> x({2, 6}, 12), uncond({2, 6}, 13);
  Spatial<float> cond({2, 6}, 14);
  const Spatial<float> clean = guided({5.0, 2.0}, x, cond, uncond);
  cond.values[3] = std::numeric_limits<float>::quiet_NaN();
  const Spatial<float> got = guided({5.0, 2.0}, x, cond, uncond);
  for (std::size_t k = 0; k < 12; ++k) CHECK((k == 3 ? is_nan(got.values[k]) : got.values[k] == clean.values[k]));
}

TEST_CASE("the node Skimmed CFG: bad calls are rejected, and nothing is written") {
  constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  const Spatial<float> x({2, 12}, 1), cond({2, 12}, 2), uncond({2, 12}, 3), wrong({3, 8}, 4);
  Spatial<float> out = cond;
  const auto run = [&](const SingleScale& node, const auto& noisy, const auto& u) {
    skimmed_cfg::guide(node, noisy.view(), cond.view(), u.view(), out.view());
  };
  CHECK_REJECTS(run({not_a_number}, x, uncond), "`cond_scale` is nan; expected a finite number");
  CHECK_REJECTS(run({2.0, not_a_number}, x, uncond), "`skimming_cfg` is nan; expected a finite number");
  for (const double scale : {1.0, 2.0}) {
    CHECK_REJECTS(run({scale}, wrong, uncond), "`x` is of shape [3, 8]");
    CHECK_REJECTS(run({scale}, x, wrong), "`uncond` is of shape [3, 8]");
  }
  CHECK(out.values == cond.values);
  Spatial<float> none({0, 3}), empty({2, 0});
  skimmed_cfg::guide(SingleScale{2.0}, none.view(), none.view(), none.view(), none.view());
  skimmed_cfg::guide(SingleScale{2.0}, empty.view(), empty.view(), empty.view(), empty.view());
}
