// SPDX-License-Identifier: MIT
#include <eigenguide/presets/sd_dynamic_thresholding.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <cmath>

using namespace eigenguide;
using namespace eigenguide::sd_dynamic_thresholding;

namespace {

const Spatial<double> cond({2, 3, 4, 5}, 1), uncond({2, 3, 4, 5}, 2);

double at(Mode mode, double step, double value = 1.0) { return scale_at(mode, 9.0, 1.0, value, step, 5.0); }

}  // namespace

TEST_CASE("DynThresh: every mode over a run of five steps, between scale_min and scale") {
  CHECK(at(Mode::constant, 3) == 9.0);
  CHECK(at(Mode::linear_down, 1) == Approx(7.0));
  CHECK(at(Mode::linear_up, 1) == Approx(3.0));
  CHECK(at(Mode::cosine_down, 2) == Approx(1.0 + 8.0 * std::cos(0.5 * 1.5707)));
  CHECK(at(Mode::cosine_up, 2) == Approx(9.0 - 8.0 * std::cos(0.5 * 1.5707)));
  CHECK(at(Mode::half_cosine_down, 4) == Approx(1.0 + 8.0 * std::cos(1.0)));
  CHECK(at(Mode::half_cosine_up, 4) == Approx(9.0 - 8.0 * std::cos(1.0)));
  CHECK(at(Mode::power_up, 2, 3.0) == Approx(2.0));
  CHECK(at(Mode::power_down, 2, 3.0) == Approx(8.0));
  CHECK(at(Mode::linear_repeating, 1, 2.0) == Approx(1.0));  // |1 − 2 · 0.5|
  CHECK(at(Mode::linear_repeating, 3, 1.0) == Approx(5.0));
  CHECK(at(Mode::cosine_repeating, 1, 2.0) == Approx(5.0 + 4.0 * std::cos(0.5 * 6.28318)));
  CHECK(at(Mode::sawtooth, 3, 2.0) == Approx(5.0));
  CHECK(scale_at(Mode::linear_down, 9.0, 1.0, 1.0, 0, 1) == 9.0);  // one step
  CHECK(Ramp{Mode::linear_down, 9.0, 1.0}({1, 5, {}}) == at(Mode::linear_down, 1));
}

TEST_CASE("DynThresh: of separate channels it is Mimic, else one extent for the batch") {
  DynThresh settings;
  settings.cfg_mode = Mode::linear_down;
  settings.cfg_scale_min = 3.0;
  const Mimic method = settings.at(12.0, 2, 5);
  CHECK(method.scale == Approx(7.5));
  CHECK(method.mimic_scale == 7.0);
  CHECK(method.phi == 1.0);

  Workspace workspace;
  Spatial<double> got = cond, want = cond;
  guide(settings, 12.0, 2, 5, cond.view(), uncond.view(), got.view(), workspace);
  guide(method, cond.view(), uncond.view(), want.view());
  CHECK(got.values == want.values);

  settings.separate_feature_channels = false;
  guide(settings, 12.0, 2, 5, cond.view(), uncond.view(), got.view(), workspace);
  Mimic whole = method;
  whole.per_channel = false;
  guide(whole, cond.view(), uncond.view(), want.view());
  CHECK(distance(got.values, want.values) > 1e-3);  // each sample's own extent is another
  const Spatial<double> c = cond.sample(0), u = uncond.sample(0);
  Spatial<double> one = c, alone = c;
  guide(settings, 12.0, 2, 5, c.view(), u.view(), one.view(), workspace);
  guide(whole, c.view(), u.view(), alone.view());
  CHECK(one.values == alone.values);
}

TEST_CASE("DynThresh's nodes: steps of 999, and plain guidance at the mimic scale") {
  DynThresh settings;
  settings.cfg_mode = Mode::linear_down;
  Workspace workspace;
  Spatial<double> got = cond, want = cond;
  guide_node(settings, 12.0, 400.0, cond.view(), uncond.view(), got.view(), workspace);
  guide(settings, 12.0, 599.0, 999.0, cond.view(), uncond.view(), want.view(), workspace);
  CHECK(got.values == want.values);
  guide_node(settings, 7.0, 400.0, cond.view(), uncond.view(), got.view(), workspace);
  guide(Cfg{7.0}, cond.view(), uncond.view(), want.view());
  CHECK(got.values == want.values);
  // At 1 uncond is skipped: zeros stand in for it.
  Spatial<double> zero = uncond;
  zero.values.assign(zero.values.size(), 0.0);
  guide_node(settings, 1.0, 400.0, cond.view(), uncond.view(), got.view(), workspace);
  guide_node(settings, 1.0, 400.0, cond.view(), zero.view(), want.view(), workspace);
  CHECK(got.values == want.values);
  const DynThresh simple = simple_node(5.0, 0.9);
  CHECK(simple.mimic_scale == 5.0);
  CHECK(simple.threshold_percentile == 0.9);
  CHECK_FALSE(simple.separate_feature_channels);
}
