// SPDX-License-Identifier: MIT
// The code that docs/start.md quotes, but for the clients'.
#include <eigenguide/core.hpp>

#include <support/catch.hpp>

#include <vector>

using namespace eigenguide;

namespace {

std::vector<float> model(const std::vector<float>& x, bool conditional) {
  std::vector<float> flow(x);
  for (float& each : flow) each *= conditional ? 0.5f : 0.25f;
  return flow;
}

/// A sampler before: Euler over a flow model, whose guidance is a loop.
std::vector<float> sample(std::vector<float> x, const std::vector<double>& t, float scale) {
  std::vector<float> guided(x.size());
  for (std::size_t i = 0; i + 1 < t.size(); ++i) {
    const std::vector<float> cond = model(x, true), uncond = model(x, false);
    for (std::size_t k = 0; k < x.size(); ++k) guided[k] = uncond[k] + scale * (cond[k] - uncond[k]);
    for (std::size_t k = 0; k < x.size(); ++k) x[k] += static_cast<float>(t[i + 1] - t[i]) * guided[k];
  }
  return x;
}

}  // namespace

TEST_CASE("start: the loop, and one call in its place") {
  const std::vector<double> t{1.0, 0.75, 0.5, 0.25, 0.0};
  const std::vector<float> start{1.0f, -2.0f, 0.5f, 4.0f};
  const float scale = 7.5f;
  const std::vector<float> before = sample(start, t, scale);

  std::vector<float> x = start, guided(x.size());
  for (std::size_t i = 0; i + 1 < t.size(); ++i) {
    const std::vector<float> cond = model(x, true), uncond = model(x, false);
    guide(Cfg{scale}, cond, uncond, guided);
    for (std::size_t k = 0; k < x.size(); ++k) x[k] += static_cast<float>(t[i + 1] - t[i]) * guided[k];
  }
  for (std::size_t k = 0; k < x.size(); ++k) CHECK(x[k] == Approx(before[k]));

  // A method, its space and a schedule for the whole run.
  const auto plan = scheduled(CfgZeroStar{}, within(TimeWindow{0.1, 0.9}, Constant{scale})) | Rescale{0.7};
  Guider guider(plan, Space{Kind::flow, Kind::sample});
  x = start;
  std::size_t evaluations = 0;
  for (std::size_t i = 0; i + 1 < t.size(); ++i) {
    const Moment now{i, t.size() - 1, rectified_flow(t[i])};
    const Needs needs = guider.needs(now);                          // outside the window one evaluation is enough
    const std::vector<float> cond = model(x, true), uncond = needs.uncond() ? model(x, false) : cond;
    guider.apply(now, x, cond, uncond, guided);
    guider.advance();
    for (std::size_t k = 0; k < x.size(); ++k) x[k] += static_cast<float>(t[i + 1] - t[i]) * guided[k];
    evaluations += needs.evaluations();
  }
  CHECK(evaluations == 7);
}
