// SPDX-License-Identifier: MIT
// The code that docs/choosing.md quotes.
#include <eigenguide/core.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <vector>

using namespace eigenguide;

namespace {

double rms(const std::vector<float>& values) {
  double squares = 0.0;
  for (const float value : values) squares += value * value;
  return std::sqrt(squares / static_cast<double>(values.size()));
}

double spread(const std::vector<float>& values) {
  double sum = 0.0, squares = 0.0;
  for (const float value : values) sum += value, squares += value * value;
  const double n = static_cast<double>(values.size());
  return std::sqrt(squares / n - sum / n * (sum / n));
}

}  // namespace

TEST_CASE("choosing: each call does what the table says of it") {
  const std::vector<float> x{0.5f, -1.0f, 2.0f, 0.0f}, cond{1.0f, -2.0f, 0.5f, 1.5f}, uncond{0.5f, -1.0f, 1.0f, 1.0f};
  const std::vector<float>&negative = uncond, &skipped = uncond;
  const std::vector<float> empty{0.25f, 0.5f, 0.25f, 1.0f};
  std::vector<float> plain(4), a(4), b(4), c(4), d(4), e(4);
  const Space space{Kind::flow, Kind::sample};
  const Level level = rectified_flow(0.5);
  const auto clean = [&](std::vector<float> flow) {
    convert({Kind::flow, Kind::sample}, level, x, flow, flow);
    return flow;
  };
  const std::size_t step = 0;

  guide(Cfg{7.5}, cond, uncond, plain);
  guide(Cfg{7.5} | Rescale{0.7}, space, level, x, cond, uncond, a);                // burnt
  guide(Apg{7.5, 0.0, 0.1, Length::rms}, space, level, x, cond, uncond, b);        // burnt, the same at any resolution
  guide(CfgZeroStar{5.0} | ZeroInit{1, step}, cond, uncond, c);                    // astray
  guide(with(PerpNeg<1>{{1.0}} | Cfg{7.5}, prompt<0>(negative)), cond, empty, d);  // the negative prompt
  guide(with(Cfg{5.0} | Perturbation{2.8}, perturbed(skipped)), cond, uncond, e);  // structure
  const auto plan = scheduled(Cfg{}, within(TimeWindow{0.2, 0.7}, Constant{5.0}));  // variety, time

  CHECK(spread(clean(a)) == Approx(0.7 * spread(clean(cond)) + 0.3 * spread(clean(plain))));

  std::vector<float> change(4);
  for (std::size_t k = 0; k < 4; ++k) change[k] = clean(b)[k] - clean(cond)[k];
  CHECK(rms(change) <= 6.5 * 0.1 * (1 + 1e-6));

  CHECK(rms(c) == 0.0);

  double along = 0.0, length = 0.0;  // of the positive prompt's direction all 7.5 are left
  for (std::size_t k = 0; k < 4; ++k) along += (d[k] - empty[k]) * (cond[k] - empty[k]);
  for (std::size_t k = 0; k < 4; ++k) length += (cond[k] - empty[k]) * (cond[k] - empty[k]);
  CHECK(along == Approx(7.5 * length));

  for (std::size_t k = 0; k < 4; ++k) CHECK(e[k] == Approx(uncond[k] + 7.8f * (cond[k] - uncond[k])));

  std::vector<Level> levels;
  for (int i = 0; i < 64; ++i) levels.push_back(rectified_flow(1.0 - i / 64.0));
  CHECK(Guider(plan).evaluations(moments(levels)) == 96);
}
