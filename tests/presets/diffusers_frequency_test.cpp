// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_frequency.hpp>

#include <eigenguide/spectral/frequency_decoupled.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace eigenguide;
using Peer = diffusers::FrequencyDecoupledGuidance;

namespace {

template <class T>
Spatial<T> guided(const diffusers::FrequencyDecoupledStep& step, const Spatial<T>& cond, const Spatial<T>& uncond) {
  Spatial<T> out = cond;
  out.shape = step.shape(cond.shape);
  out.values.resize(cond.planes() * out.rows() * out.columns());
  guide(step, cond.view(), uncond.view(), out.view());
  return out;
}

Spatial<double> plain(const FrequencyDecoupled& method, const Spatial<double>& cond, const Spatial<double>& uncond) {
  Spatial<double> out = cond;
  guide(method, cond.view(), uncond.view(), out.view());
  return out;
}

/// The unbiased standard deviation of one sample.
double deviation(const BatchView<const double>& x, std::size_t i) {
  double mean = 0.0, squares = 0.0;
  for (std::size_t k = 0; k < x.size(); ++k) mean += x.sample(i)[k] / static_cast<double>(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) squares += (x.sample(i)[k] - mean) * (x.sample(i)[k] - mean);
  return std::sqrt(squares / static_cast<double>(x.size() - 1));
}

const Spatial<double> cond({2, 3, 8, 16}, 1), uncond({2, 3, 8, 16}, 2);
const Spatial<double> small_cond({2, 3, 6, 7}, 3), small_uncond({2, 3, 6, 7}, 4);

}  // namespace

TEST_CASE("diffusers FDG: without weights the method, counted from u or from c") {
  const Spatial<double> want = plain({{10.0, 5.0}}, cond, uncond);
  CHECK(distance(guided(Peer{}.at(3, 20), cond, uncond).values, want.values) < 1e-12);
  Peer original;
  original.guidance_scales = {9.0, 4.0};
  original.use_original_formulation = true;
  CHECK(distance(guided(original.at(3, 20), cond, uncond).values, want.values) < 1e-12);
}

TEST_CASE("diffusers FDG: with weights, from c it is the method, and from u it loses more") {
  Peer original;
  original.guidance_scales = {9.0, 4.0};
  original.parallel_weights = {0.3, 0.6};
  original.use_original_formulation = true;
  CHECK(distance(guided(original.at(0), cond, uncond).values, plain({{10.0, 5.0}, {0.3, 0.6}}, cond, uncond).values) < 1e-12);

  // u + s (w ∥ + ⟂) by the peer's own steps.
  Peer native;
  native.parallel_weights = {0.3, 0.6};
  auto of_cond = laplacian_pyramid(cond.view(), 2);
  auto of_uncond = laplacian_pyramid(uncond.view(), 2);
  for (std::size_t l = 0; l < 2; ++l)
    for (std::size_t i = 0; i < 2; ++i) {
      double *const c = of_cond.level(l).sample(i), *const u = of_uncond.level(l).sample(i);
      double along = 0.0, square = 0.0;
      for (std::size_t k = 0; k < of_cond.level(l).size(); ++k) along += (c[k] - u[k]) * c[k], square += c[k] * c[k];
      for (std::size_t k = 0; k < of_cond.level(l).size(); ++k) {
        const double parallel = along / square * c[k];
        u[k] += native.guidance_scales[l] * (native.parallel_weights[l] * parallel + (c[k] - u[k] - parallel));
      }
    }
  Spatial<double> want = cond;
  of_uncond.reconstruct(want.view());
  CHECK(distance(guided(native.at(0), cond, uncond).values, want.values) < 1e-12);
}

TEST_CASE("diffusers FDG: the result is padded, and has the spread of the cond that was not") {
  const Spatial<double> got = guided(Peer{}.at(0), small_cond, small_uncond);
  CHECK(got.shape == Shape{{2, 3, 8, 8}, 4});

  Peer rescaled;
  rescaled.guidance_rescale = {1.0};
  const Spatial<double> spread = guided(rescaled.at(0), small_cond, small_uncond);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(deviation(spread.view(), i) == Approx(deviation(small_cond.view(), i)));
    CHECK(spread.view().sample(i)[5] / got.view().sample(i)[5] ==
          Approx(deviation(small_cond.view(), i) / deviation(got.view(), i)));
  }
  rescaled.guidance_rescale = {0.7, 0.1};  // the first is that of the result
  const Spatial<double> partly = guided(rescaled.at(0), small_cond, small_uncond);
  CHECK(partly.values[5] == Approx(0.7 * spread.values[5] + 0.3 * got.values[5]));
}

TEST_CASE("diffusers FDG: rescaled level by level") {
  Peer guider;
  guider.guidance_rescale = {1.0, 0.0};
  guider.guidance_rescale_space = Peer::RescaleSpace::freq;
  const Spatial<double> got = guided(guider.at(0), cond, uncond), unscaled = guided(Peer{}.at(0), cond, uncond);
  const auto of_cond = laplacian_pyramid(cond.view(), 2);
  for (std::size_t i = 0; i < 2; ++i) {  // the coarse level is as it was; the fine one is multiplied
    auto fine = laplacian_pyramid(cond.view(), 2);
    const auto of_uncond = laplacian_pyramid(uncond.view(), 2);
    for (std::size_t k = 0; k < fine.level(0).size(); ++k) {
      const double u = of_uncond.level(0).sample(i)[k];
      fine.level(0).sample(i)[k] = u + 10.0 * (fine.level(0).sample(i)[k] - u);
    }
    const double factor = deviation(of_cond.level(0), i) / deviation(fine.level(0), i);
    for (std::size_t k = 0; k < got.view().size(); k += 17)
      CHECK(got.view().sample(i)[k] - unscaled.view().sample(i)[k] ==
            Approx((factor - 1.0) * fine.level(0).sample(i)[k]).margin(1e-12));
  }
}

TEST_CASE("diffusers FDG: outside its interval a level is that of c, and without any the result is c") {
  Peer guider;
  guider.start = {0.5, 0.0};
  guider.stop = {1.0, 0.8};
  CHECK(distance(guided(guider.at(2, 10), cond, uncond).values, plain({{1.0, 5.0}}, cond, uncond).values) < 1e-12);
  CHECK(distance(guided(guider.at(9, 10), cond, uncond).values, plain({{10.0, 1.0}}, cond, uncond).values) < 1e-12);
  CHECK(distance(guided(guider.at(2), cond, uncond).values, plain({{10.0, 5.0}}, cond, uncond).values) < 1e-12);

  Peer one;
  one.guidance_scales = {1.0, 5.0};
  CHECK(distance(guided(one.at(0), cond, uncond).values, plain({{1.0, 5.0}}, cond, uncond).values) < 1e-12);

  Peer idle;
  idle.guidance_scales = {1.0, 1.0};
  idle.guidance_rescale = {0.5};
  CHECK(guided(idle.at(0), small_cond, small_uncond).values == small_cond.values);
  Peer original = idle;
  original.guidance_scales = {0.0};
  original.use_original_formulation = true;
  CHECK(guided(original.at(0), small_cond, small_uncond).values == small_cond.values);
  Peer off;
  off.enabled = false;
  CHECK(guided(off.at(0), small_cond, small_uncond).values == small_cond.values);
  Peer late;
  late.start = {0.5};
  CHECK(guided(late.at(4, 10), small_cond, small_uncond).values == small_cond.values);
}

TEST_CASE("diffusers FDG: a result without spread is not rescaled") {
  Spatial<double> ones({1, 1, 4, 4});
  std::fill(ones.values.begin(), ones.values.end(), 2.0);
  Peer guider;
  guider.guidance_rescale = {0.7};
  CHECK(distance(guided(guider.at(0), ones, ones).values, ones.values) < 1e-14);
  guider.guidance_rescale_space = Peer::RescaleSpace::freq;
  CHECK(distance(guided(guider.at(0), ones, ones).values, ones.values) < 1e-14);
  // Fine levels of u alone, at scale 0: g has no detail, and none is made of rounding.
  guider.guidance_scales = {0.0, 2.0};
  const Spatial<double> textured({1, 1, 4, 4}, 9);
  for (const double value : guided(guider.at(0), textured, ones).values) CHECK(std::fabs(value) < 20.0);
  const Spatial<double> single({2, 1, 1, 1}, 5), other({2, 1, 1, 1}, 6);
  guider = Peer{};
  guider.guidance_rescale = {0.7};
  for (const double value : guided(guider.at(0), single, other).values) CHECK(is_finite(value));
}

TEST_CASE("diffusers FDG: samples one by one, in place, in float, and NaN in its sample") {
  Peer guider;
  guider.parallel_weights = {0.5};
  guider.guidance_rescale = {0.7};
  const auto step = guider.at(0);
  const Spatial<double> together = guided(step, small_cond, small_uncond);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(guided(step, small_cond.sample(i), small_uncond.sample(i)).values == together.sample(i).values);

  const Spatial<double> want = guided(step, cond, uncond);
  Spatial<double> over = cond;
  Workspace workspace;
  guide(step, over.view(), uncond.view(), over.view(), workspace);
  CHECK(over.values == want.values);

  Spatial<float> c({2, 3, 6, 7}), u = c;
  std::copy(small_cond.values.begin(), small_cond.values.end(), c.values.begin());
  std::copy(small_uncond.values.begin(), small_uncond.values.end(), u.values.begin());
  CHECK(distance(guided(step, c, u).values, together.values) < 3e-6);

  Spatial<double> spoilt = small_cond;
  spoilt.values[0] = std::numeric_limits<double>::quiet_NaN();
  CHECK(guided(step, spoilt, small_uncond).sample(1).values == together.sample(1).values);
}

TEST_CASE("diffusers FDG: a rescale beyond 1 goes on past the spread of c") {
  for (const auto space : {Peer::RescaleSpace::data, Peer::RescaleSpace::freq}) {
    const auto at = [&](double phi) {
      Peer guider;
      guider.guidance_rescale = {phi};
      guider.guidance_rescale_space = space;
      return guided(guider.at(0), small_cond, small_uncond);
    };
    Spatial<double> want = at(0.0);
    const Spatial<double> whole = at(1.0);
    for (std::size_t i = 0; i < want.values.size(); ++i) want.values[i] += 1.5 * (whole.values[i] - want.values[i]);
    CHECK(distance(at(1.5).values, want.values) < 1e-12);
  }
}

TEST_CASE("diffusers FDG: bad calls are rejected, and nothing is written") {
  const auto reject_with = [](auto&& change, const char* sentence) {
    Peer guider;
    change(guider);
    CHECK_REJECTS(guider.at(0, 10), sentence);
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  reject_with([](Peer& g) { g.guidance_scales = {}; }, "`guidance_scales` is empty; expected a number for each level");
  reject_with([](Peer& g) { g.guidance_scales = {2.0, nan}; }, "`guidance_scales` is nan");
  reject_with([](Peer& g) { g.guidance_rescale = {0.1, 0.2, 0.3}; },
              "`guidance_rescale` is a list of 3; expected one number, or 2, one for each of `guidance_scales`");
  reject_with([](Peer& g) { g.guidance_rescale = {nan}; }, "`guidance_rescale` is nan");
  reject_with([](Peer& g) { g.parallel_weights = {nan}; }, "`parallel_weights` is nan");
  reject_with([](Peer& g) { g.parallel_weights = {}; }, "`parallel_weights` is a list of 0");
  reject_with([](Peer& g) { g.start = {0.1, 1.0}; }, "`start` is 1");
  reject_with([](Peer& g) { g.start = {0.5}, g.stop = {0.6, 0.4}; }, "`stop` is 0.4");

  const auto step = Peer{}.at(0);
  Spatial<double> out = small_cond;
  CHECK_REJECTS(guide(step, small_cond.view(), small_uncond.view(), out.view()),
                "`out` is of shape [2, 3, 6, 7]; expected [2, 3, 8, 8]: the padded shape of `cond`, [2, 3, 6, 7]");
  CHECK_REJECTS(guide(step, small_cond.view(), cond.view(), out.view()), "`uncond` is of shape [2, 3, 8, 16]");
  CHECK(out.values == small_cond.values);
}
