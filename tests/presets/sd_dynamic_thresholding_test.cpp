// SPDX-License-Identifier: MIT
#include <eigenguide/presets/sd_dynamic_thresholding.hpp>

#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;
namespace peer = eigenguide::sd_dynamic_thresholding;
using peer::DynThresh;
using peer::Mode;

namespace {

template <class T>
Spatial<T> guided(const DynThresh& settings, double guidance_scale, const Spatial<T>& cond, const Spatial<T>& uncond,
                  double at_step = 0.0, double max_steps = 1.0) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  Workspace workspace;
  peer::guide(settings, guidance_scale, at_step, max_steps, cond.view(), uncond.view(), out.view(), workspace);
  return out;
}

template <class T>
Spatial<T> guided_by_node(const DynThresh& settings, double guidance_scale, double timestep, const Spatial<T>& cond,
                          const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  std::fill(out.values.begin(), out.values.end(), T(9));
  Workspace workspace;
  peer::guide_node(settings, guidance_scale, timestep, cond.view(), uncond.view(), out.view(), workspace);
  return out;
}

template <class T>
Spatial<T> plain(const Mimic& method, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  eigenguide::guide(method, cond.view(), uncond.view(), out.view());
  return out;
}

/// The samples of a batch as further channels of one: [1, samples · channels, ...].
template <class T>
Spatial<T> as_one(Spatial<T> tensor) {
  tensor.shape.extent[1] *= tensor.shape.extent[0];
  tensor.shape.extent[0] = 1;
  return tensor;
}

double at(Mode mode, double t) {  // v = 3, from 2 to 10, at t
  return peer::scale_at(mode, 10.0, 2.0, 3.0, 8.0 * t, 9.0);
}

}  // namespace

TEST_CASE("sd-dynamic-thresholding: scales over a run") {
  constexpr double quarter = 1.5707;
  CHECK(at(Mode::constant, 0.25) == 10.0);
  CHECK(at(Mode::linear_down, 0.25) == Approx(2.0 + 8.0 * 0.75));
  CHECK(at(Mode::linear_up, 0.25) == Approx(2.0 + 8.0 * 0.25));
  CHECK(at(Mode::cosine_down, 0.25) == Approx(2.0 + 8.0 * std::cos(0.25 * quarter)));
  CHECK(at(Mode::cosine_up, 0.25) == Approx(2.0 + 8.0 * (1.0 - std::cos(0.25 * quarter))));
  CHECK(at(Mode::half_cosine_down, 1.0) == Approx(2.0 + 8.0 * std::cos(1.0)));
  CHECK(at(Mode::half_cosine_up, 1.0) == Approx(2.0 + 8.0 * (1.0 - std::cos(1.0))));
  CHECK(at(Mode::power_up, 0.5) == Approx(2.0 + 8.0 / 8.0));
  CHECK(at(Mode::power_down, 0.5) == Approx(2.0 + 8.0 * 7.0 / 8.0));
  CHECK(at(Mode::sawtooth, 0.25) == Approx(2.0 + 8.0 * 0.75));
  CHECK(at(Mode::sawtooth, 0.5) == Approx(2.0 + 8.0 * 0.5));  // 1.5 mod 1
  CHECK(at(Mode::linear_repeating, 0.25) == Approx(2.0 + 8.0 * 0.5));
  CHECK(at(Mode::linear_repeating, 0.5) == Approx(2.0));
  CHECK(at(Mode::cosine_repeating, 0.25) == Approx(2.0 + 8.0 * (0.5 + 0.5 * std::cos(0.75 * 6.28318))));

  const auto begins = [](Mode mode) { return at(mode, 0.0); };
  for (const Mode mode : {Mode::constant, Mode::linear_down, Mode::cosine_down, Mode::half_cosine_down, Mode::power_down,
                          Mode::linear_repeating, Mode::cosine_repeating})
    CHECK(begins(mode) == 10.0);
  for (const Mode mode : {Mode::linear_up, Mode::cosine_up, Mode::half_cosine_up, Mode::power_up, Mode::sawtooth})
    CHECK(begins(mode) == 2.0);
  CHECK(peer::scale_at(Mode::linear_up, 10.0, 2.0, 1.0, 0.0, 1.0) == 2.0);    // one step: t = 0
  CHECK(peer::scale_at(Mode::linear_down, 10.0, 2.0, 1.0, 5.0, 1.0) == 10.0);
  CHECK(peer::Ramp{Mode::linear_down, 9.0, 1.0}({1, 5, {}}) == Approx(7.0));
}

TEST_CASE("sd-dynamic-thresholding: a step has the scales of its modes") {
  DynThresh settings;
  settings.mimic_scale = 5.0;
  settings.mimic_mode = Mode::linear_down;
  settings.mimic_scale_min = 1.0;
  settings.cfg_mode = Mode::power_up;
  settings.cfg_scale_min = 3.0;
  settings.sched_val = 2.0;
  settings.threshold_percentile = 0.9;
  settings.interpolate_phi = 0.6;
  settings.scaling_startpoint = Startpoint::zero;
  settings.variability_measure = Variability::deviation;
  settings.separate_feature_channels = false;
  const Mimic method = settings.at(15.0, 1.0, 3.0);
  CHECK(method.scale == 3.0 + 0.25 * 12.0);
  CHECK(method.mimic_scale == 3.0);
  CHECK(method.percentile == 0.9);
  CHECK(method.phi == 0.6);
  CHECK(method.startpoint == Startpoint::zero);
  CHECK(method.variability == Variability::deviation);
  CHECK_FALSE(method.per_channel);
  CHECK(DynThresh{}.at(15.0, 1.0, 3.0).per_channel);
}

TEST_CASE("sd-dynamic-thresholding: with separate channels it is the plain method's, in any batch") {
  const Spatial<double> cond({2, 3, 4, 5}, 1), uncond({2, 3, 4, 5}, 2);
  DynThresh settings;
  settings.threshold_percentile = 0.93;
  CHECK(guided(settings, 20.0, cond, uncond).values == plain({20.0, 7.0, 0.93, 1.0}, cond, uncond).values);
  settings.cfg_mode = Mode::linear_down;
  CHECK(guided(settings, 20.0, cond, uncond, 1.0, 5.0).values == plain({15.0, 7.0, 0.93, 1.0}, cond, uncond).values);
}

TEST_CASE("sd-dynamic-thresholding: with channels together the extent is that of the batch") {
  const Spatial<double> cond({3, 2, 4, 5}, 3), uncond({3, 2, 4, 5}, 4);
  for (const Startpoint startpoint : {Startpoint::mean, Startpoint::zero})
    for (const Variability variability : {Variability::absolute, Variability::deviation}) {
      DynThresh settings;
      settings.threshold_percentile = 0.93;
      settings.separate_feature_channels = false;
      settings.scaling_startpoint = startpoint;
      settings.variability_measure = variability;
      const Mimic method{20.0, 7.0, 0.93, 1.0, false, startpoint, variability};
      const Spatial<double> got = guided(settings, 20.0, cond, uncond);
      CHECK(got.values == plain(method, as_one(cond), as_one(uncond)).values);
      CHECK(distance(got.values, plain(method, cond, uncond).values) > 1e-3);
      CHECK(guided(settings, 20.0, cond.sample(1), uncond.sample(1)).values ==
            plain(method, cond.sample(1), uncond.sample(1)).values);
    }
}

TEST_CASE("sd-dynamic-thresholding: the simple node") {
  const DynThresh simple = peer::simple_node(5.0, 0.9);
  CHECK(simple.mimic_scale == 5.0);
  CHECK(simple.threshold_percentile == 0.9);
  CHECK(simple.mimic_mode == Mode::constant);
  CHECK(simple.cfg_mode == Mode::constant);
  CHECK_FALSE(simple.separate_feature_channels);
  CHECK(simple.interpolate_phi == 1.0);
  const Spatial<double> cond({2, 2, 9}, 5), uncond({2, 2, 9}, 6);
  CHECK(guided_by_node(simple, 20.0, 400.0, cond, uncond).values ==
        plain({20.0, 5.0, 0.9, 1.0, false}, as_one(cond), as_one(uncond)).values);
}

TEST_CASE("sd-dynamic-thresholding: the node counts in training timesteps") {
  const Spatial<double> cond({2, 2, 9}, 7), uncond({2, 2, 9}, 8);
  DynThresh settings;
  settings.cfg_mode = Mode::linear_down;
  settings.cfg_scale_min = 4.0;
  for (const double timestep : {999.0, 500.0, 1.0, 0.0}) {
    const double t = (999.0 - timestep) / 998.0;  // of 999 steps; past the last at timestep 0
    const double scale = 4.0 + (1.0 - t) * 16.0;
    CHECK(distance(guided_by_node(settings, 20.0, timestep, cond, uncond).values,
                   plain({scale, 7.0, 1.0, 1.0}, cond, uncond).values) < 1e-13);
  }
}

TEST_CASE("sd-dynamic-thresholding: a guidance scale equal to the mimic scale is plain guidance by the node alone") {
  const Spatial<double> cond({2, 2, 9}, 9), uncond({2, 2, 9}, 10);
  DynThresh settings;
  settings.threshold_percentile = 0.5;
  settings.scaling_startpoint = Startpoint::zero;
  std::vector<double> want;
  for (std::size_t k = 0; k < cond.values.size(); ++k) want.push_back(uncond.values[k] + 7.0 * (cond.values[k] - uncond.values[k]));
  CHECK(distance(guided_by_node(settings, 7.0, 300.0, cond, uncond).values, want) < 1e-13);
  CHECK(distance(guided(settings, 7.0, cond, uncond).values, want) > 0.1);
  settings.mimic_mode = Mode::linear_down;  // the settings are compared, not what they come to at the step
  CHECK(distance(guided_by_node(settings, 7.0, 300.0, cond, uncond).values, want) < 1e-13);
  settings.mimic_scale = 1.0;
  CHECK(guided_by_node(settings, 1.0, 300.0, cond, uncond).values == cond.values);
}

TEST_CASE("sd-dynamic-thresholding: at a scale close to 1 the node has zeros for u") {
  const Spatial<double> cond({2, 2, 9}, 11);
  Spatial<double> uncond({2, 2, 9}, 12), zero = uncond;
  std::fill(zero.values.begin(), zero.values.end(), 0.0);
  DynThresh settings;
  settings.scaling_startpoint = Startpoint::zero;
  const Mimic method{1.0, 7.0, 1.0, 1.0, true, Startpoint::zero};
  CHECK(guided(settings, 1.0, cond, uncond).values == plain(method, cond, uncond).values);
  const std::vector<double> want = plain(method, cond, zero).values;
  CHECK(distance(want, plain(method, cond, uncond).values) > 0.1);
  uncond.values[0] = std::numeric_limits<double>::quiet_NaN();  // not read
  CHECK(guided_by_node(settings, 1.0, 300.0, cond, uncond).values == want);
}

TEST_CASE("sd-dynamic-thresholding: NaN reaches its channel, or its batch; in place; in float") {
  const Spatial<float> cond({2, 3, 20}, 13), uncond({2, 3, 20}, 14);
  for (const bool separate : {true, false}) {
    DynThresh settings;
    settings.separate_feature_channels = separate;
    const Spatial<float> clean = guided(settings, 20.0, cond, uncond);
    Spatial<float> bad = cond;
    bad.values[3] = std::numeric_limits<float>::quiet_NaN();
    const Spatial<float> got = guided(settings, 20.0, bad, uncond);
    for (std::size_t k = 0; k < 120; ++k)
      CHECK((!separate || k < 20 ? is_nan(got.values[k]) : got.values[k] == clean.values[k]));

    Spatial<float> over_cond = cond, over_uncond = uncond;
    Workspace workspace;
    peer::guide(settings, 20.0, 0.0, 1.0, over_cond.view(), uncond.view(), over_cond.view(), workspace);
    peer::guide(settings, 20.0, 0.0, 1.0, cond.view(), over_uncond.view(), over_uncond.view(), workspace);
    CHECK(over_cond.values == clean.values);
    CHECK(over_uncond.values == clean.values);

    Spatial<double> c({2, 3, 20}), u = c;
    c.values.assign(cond.values.begin(), cond.values.end());
    u.values.assign(uncond.values.begin(), uncond.values.end());
    CHECK(distance(guided(settings, 20.0, c, u).values, clean.values) < 2e-6);  // half a unit of 32
  }
}

TEST_CASE("sd-dynamic-thresholding: bad calls are rejected, and nothing is written") {
  const Spatial<float> cond({2, 3, 4}, 1), uncond({2, 3, 4}, 2), wrong({2, 4, 3}, 3);
  Spatial<float> out = cond;
  Workspace workspace;
  const auto run = [&](const DynThresh& settings, double scale, const auto& u) {
    peer::guide(settings, scale, 0.0, 10.0, cond.view(), u.view(), out.view(), workspace);
  };
  DynThresh settings;
  CHECK_REJECTS(run(settings, std::numeric_limits<double>::infinity(), uncond), "`scale` is inf; expected a finite number");
  CHECK_REJECTS(run(settings, 20.0, wrong), "`uncond` is of shape [2, 4, 3]");
  settings.threshold_percentile = 2.0;
  CHECK_REJECTS(run(settings, 20.0, uncond), "`percentile` is 2; expected a number in [0, 1]");
  settings = {};
  settings.interpolate_phi = -1.0;
  CHECK_REJECTS(run(settings, 20.0, uncond), "`phi` is -1; expected a number in [0, 1]");
  CHECK(out.values == cond.values);
  Spatial<float> none({0, 3, 4});
  settings = peer::simple_node(7.0, 1.0);
  peer::guide(settings, 20.0, 0.0, 10.0, none.view(), none.view(), none.view(), workspace);
}
