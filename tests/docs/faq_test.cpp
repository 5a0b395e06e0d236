// SPDX-License-Identifier: MIT
// The answers of docs/faq.md.
#include <eigenguide/core.hpp>
#include <eigenguide/threshold/dynamic_threshold.hpp>
#include <eigenguide/threshold/mimic.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace eigenguide;

namespace {

using Vector = std::vector<float>;

const Vector x{0.5f, -1.0f, 2.0f, 0.0f}, cond{1.0f, -2.0f, 0.5f, 1.5f}, some_uncond{0.5f, -1.0f, 1.0f, 1.0f};
const Vector empty{0.25f, 0.5f, 0.25f, 1.0f}, negative{0.75f, 0.0f, 1.0f, 1.5f};

Vector model(const Vector& at, bool conditional) {
  Vector flow(at);
  for (float& each : flow) each = conditional ? 0.5f * each - 1.0f : 0.25f * each;
  return flow;
}

std::vector<Moment> run(std::size_t count) {
  std::vector<Level> levels;
  for (std::size_t i = 0; i < count; ++i)
    levels.push_back(rectified_flow(1.0 - static_cast<double>(i) / static_cast<double>(count)));
  return moments(levels);
}

double inner(const Vector& a, const Vector& b) {
  double sum = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

Vector minus(Vector a, const Vector& b) {
  for (std::size_t k = 0; k < a.size(); ++k) a[k] -= b[k];
  return a;
}

}  // namespace

TEST_CASE("faq: scales") {
  Vector out(4), uncond = some_uncond;
  for (const double w : {-1.0, -0.5, 0.0, 3.0}) {
    guide(Cfg{scale_from_weight(w)}, cond, uncond, out);  // w = 0 is cond
    for (std::size_t k = 0; k < 4; ++k) CHECK(out[k] == Approx(cond[k] + w * (cond[k] - uncond[k])));
  }

  Guider falling(scheduled(Cfg{}, [](const Moment& now) { return 1.0 + 6.5 * (1.0 - now.progress()); }));
  CHECK(falling.method(run(20).front()).scale == 7.5);
  CHECK(falling.method(run(20).back()).scale == 1.0);

  std::size_t evaluations = 0;
  for (const Moment& now : run(20)) {
    Guider interval(scheduled(Cfg{}, within(StepWindow{0.1, 0.5}, Constant{7.5})));
    if (interval.needs(now).uncond()) uncond = model(x, false);
    evaluations += interval.needs(now).uncond();
  }
  CHECK(evaluations == 8);
}

TEST_CASE("faq: a list of scales, and one below 1") {
  Vector out(4);
  const Vector& uncond = some_uncond;
  Guider listed(scheduled(Cfg{}, List{{7.0, 7.0, 7.0, 3.0}}));  // 3 in the last of four
  CHECK(listed.method(run(4).front()).scale == 7.0);
  CHECK(listed.method(run(4).back()).scale == 3.0);
  for (const std::size_t count : {3u, 5u}) CHECK_THROWS_AS(listed.method(run(count).front()), std::invalid_argument);

  const Moment now = run(4).front();
  const bool both_predictions = Guider(Cfg{0.5}).needs(now).uncond();  // true
  guide(Cfg{0.5}, cond, uncond, out);                                  // half of each
  CHECK(both_predictions);
  CHECK_FALSE(Guider(Cfg{1.0}).needs(now).uncond());
  for (std::size_t k = 0; k < 4; ++k) CHECK(out[k] == (cond[k] + uncond[k]) / 2.0f);
}

TEST_CASE("faq: methods") {
  const Vector& uncond = some_uncond;
  Vector out(4), next(4), there(4);
  const Moment now = run(10)[2];

  guide(CfgZeroStar{5.0}, cond, uncond, out);
  Guider both(scheduled(CfgZeroStar{}, Constant{5.0}) | ZeroInit{2});  // 2 of 50 steps
  CHECK(inner(out, uncond) == Approx(inner(cond, uncond)));
  CHECK(both.evaluations(run(50)) == 96);

  guide(with(PerpNeg<1>{{1.0}} | CfgZeroStar{5.0}, prompt<0>(negative)), cond, empty, out);
  Vector perpendicular(4), plain(4);  // u of the prediction that is left: c − d, of the difference d
  guide(with(PerpNeg<1>{{1.0}} | Cfg{1.0}, prompt<0>(negative)), cond, empty, perpendicular);
  const Vector d = minus(perpendicular, empty);
  const Vector u = minus(cond, d);
  guide(CfgZeroStar{5.0}, cond, u, plain);
  for (std::size_t k = 0; k < 4; ++k) CHECK(out[k] - perpendicular[k] == Approx(plain[k] - cond[k]).margin(1e-5));

  const Moment halfway{now.step, now.count, rectified_flow(0.75), {}};
  Guider apg(Momentum{-0.75} | Apg{7.0, 0.0, 2.5}, Space{Kind::v, Kind::sample});
  apg.reset(x);
  apg.apply(now, x, cond, uncond, out);
  apg.apply(halfway, x, cond, uncond, out);  // the same momentum
  apg.advance();
  Vector without_momentum(4);
  guide(Apg{7.0, 0.0, 2.5}, Space{Kind::v, Kind::sample}, halfway.level, x, cond, uncond, without_momentum);
  CHECK(out == without_momentum);  // in the first step it is zero, at both evaluations
  apg.apply(run(10)[3], x, cond, uncond, out);
  guide(Apg{7.0, 0.0, 2.5}, Space{Kind::v, Kind::sample}, run(10)[3].level, x, cond, uncond, without_momentum);
  CHECK(out != without_momentum);

  guide(Apg{7.0, 0.0, 0.05, Length::rms}, cond, uncond, out);
  const Vector change = minus(out, cond);
  CHECK(std::sqrt(inner(change, change) / 4.0) <= 6.0 * 0.05 * (1.0 + 1e-6));

  step(Cfg{0.6}, Update{{Kind::flow, Kind::flow}, Renoise::uncond}, rectified_flow(0.8), rectified_flow(0.7), x, cond, uncond, next);
  for (std::size_t k = 0; k < 4; ++k) {
    const double flow = uncond[k] + 0.6 * (cond[k] - uncond[k]);
    const double clean = x[k] - 0.8 * flow, noise = x[k] + 0.2 * uncond[k];
    CHECK(next[k] == Approx(0.3 * clean + 0.7 * noise));
  }

  const Level level = rectified_flow(0.8), ahead = rectified_flow(0.7);
  step(Cfg{}, Update{{Kind::flow, Kind::flow}}, level, ahead, x, cond, cond, there);
  const std::vector<float> cond_there = model(there, true), uncond_there = model(there, false);
  guide(with(RectifiedCfgPlusPlus{0.8}, prompt<0>(cond_there), prompt<1>(uncond_there)), cond, cond, out);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(there[k] == Approx(x[k] - 0.1 * cond[k]));
    CHECK(out[k] == Approx(cond[k] + 0.8 * (cond_there[k] - uncond_there[k])));
  }
}

TEST_CASE("faq: thresholds") {
  Vector x0{0.5f, -3.0f, 0.25f, 1.0f}, out(4);
  const Vector& uncond = some_uncond;
  const auto latent = [](auto& values) { return BatchView(values.data(), 1, 4, 4, Shape{{1, 2, 2}, 3}); };
  threshold(DynamicThreshold{0.995, 1.0}, latent(x0), latent(x0));
  guide(Mimic{15.0, 7.0, 0.99, 1.0}, latent(cond), latent(uncond), latent(out));
  CHECK(x0 == Vector{0.5f, -1.0f, 0.25f, 1.0f});
  // Each channel keeps its mean, and has the extent of guidance at 7.
  for (std::size_t k = 0; k < 4; k += 2) {
    const auto guided = [&](std::size_t i, float s) { return uncond[i] + s * (cond[i] - uncond[i]); };
    CHECK(out[k] + out[k + 1] == Approx(guided(k, 15.0f) + guided(k + 1, 15.0f)));
    CHECK(std::fabs(out[k] - out[k + 1]) == Approx(std::fabs(guided(k, 7.0f) - guided(k + 1, 7.0f))));
  }
}

TEST_CASE("faq: images that are wrong") {
  const Vector& uncond = some_uncond;
  Vector out(4), x0(4);

  const Vector constant(4, 1.0f);
  guide(Cfg{7.5} | Rescale{1.0}, constant, constant, out);
  CHECK(out == constant);

  const Level level{0.8, 0.6};
  guide(Cfg{7.0} | Rescale{0.7}, Space{Kind::sample, Kind::v}, level, x, cond, uncond, out);
  Vector cond_v(4), uncond_v(4), in_v(4), back(4);
  convert({Kind::sample, Kind::v}, level, x, cond, cond_v);
  convert({Kind::sample, Kind::v}, level, x, uncond, uncond_v);
  guide(Cfg{7.0} | Rescale{0.7}, cond_v, uncond_v, in_v);
  convert({Kind::v, Kind::sample}, level, x, in_v, back);
  for (std::size_t k = 0; k < 4; ++k) CHECK(out[k] == Approx(back[k]).margin(1e-5));

  const Vector& v = cond;
  convert({Kind::v, Kind::sample}, Level{0.0, 1.0}, x, v, x0);
  for (std::size_t k = 0; k < 4; ++k) CHECK(x0[k] == Approx(-v[k]));
  CHECK_THROWS(convert({Kind::epsilon, Kind::sample}, Level{0.0, 1.0}, x, v, x0));

  const std::size_t samples = 2;
  Vector values = cond, guided(4);
  values[1] = std::numeric_limits<float>::quiet_NaN();
  const BatchView<const float> cond_batch(values.data(), 2, 2), uncond_batch(uncond.data(), 2, 2);
  const BatchView<float> out_batch(guided.data(), 2, 2);
  std::vector<Diagnostics> found(samples);
  guide(with(Cfg{7.5}, report(found)), cond_batch, uncond_batch, out_batch);
  const bool broken = found[0].non_finite > 0;  // before guidance, not by it
  CHECK(broken);
  CHECK(found[1].non_finite == 0);
  CHECK(guided[2] == Approx(uncond[2] + 7.5f * (cond[2] - uncond[2])));
}

TEST_CASE("faq: halves are storage") {
  const std::vector<half> half_cond{half(4000.0f)}, half_uncond{half(3000.0f)};
  std::vector<half> out(1);
  guide(Cfg{30.0}, half_cond, half_uncond, out);  // of 4000 and 3000 is 33000; 30 · 4000 is no half
  CHECK(static_cast<float>(out[0]) == Approx(33000.0f).epsilon(1e-3));
}
