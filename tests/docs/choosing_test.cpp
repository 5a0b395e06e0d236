// SPDX-License-Identifier: MIT
// The code that docs/choosing.md quotes.
#include <eigenguide/core.hpp>

#include <support/catch.hpp>

#include <algorithm>
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
  std::vector<float> out(4);
  const Space space{Kind::flow, Kind::sample};
  const Level level = rectified_flow(0.5);
  const auto clean = [&](std::vector<float> flow) {
    convert({Kind::flow, Kind::sample}, level, x, flow, flow);
    return flow;
  };
  const std::size_t step = 0;

  guide(Cfg{7.5}, cond, uncond, out);
  const double burnt = spread(clean(out));
  guide(Cfg{7.5} | Rescale{0.7}, space, level, x, cond, uncond, out);                      // burnt
  CHECK(spread(clean(out)) < burnt);
  CHECK(spread(clean(out)) == Approx(0.7 * spread(clean(cond)) + 0.3 * burnt));

  guide(Apg{7.5, 0.0, 0.1, Length::rms}, space, level, x, cond, uncond, out);              // the same, of any resolution
  std::vector<float> change(4);
  for (std::size_t k = 0; k < 4; ++k) change[k] = clean(out)[k] - clean(cond)[k];
  CHECK(rms(change) <= 6.5 * 0.1 * (1 + 1e-6));

  guide(CfgZeroStar{5.0} | ZeroInit{1, step}, cond, uncond, out);                          // astray
  CHECK(rms(out) == 0.0);

  guide(with(PerpNeg<1>{{1.0}} | Cfg{7.5}, prompt<0>(negative)), cond, empty, out);        // the negative prompt
  double along = 0.0, length = 0.0;  // of the positive prompt's direction all 7.5 are left
  for (std::size_t k = 0; k < 4; ++k) along += (out[k] - empty[k]) * (cond[k] - empty[k]);
  for (std::size_t k = 0; k < 4; ++k) length += (cond[k] - empty[k]) * (cond[k] - empty[k]);
  CHECK(along == Approx(7.5 * length));

  guide(with(Cfg{5.0} | Perturbation{2.8}, perturbed(skipped)), cond, uncond, out);        // structure
  for (std::size_t k = 0; k < 4; ++k) CHECK(out[k] == Approx(uncond[k] + 7.8f * (cond[k] - uncond[k])));

  const auto limited = scheduled(Cfg{}, within(TimeWindow{0.2, 0.7}, Constant{5.0}));      // variety, time
  std::vector<Level> levels;
  for (int i = 0; i < 64; ++i) levels.push_back(rectified_flow(1.0 - i / 64.0));
  CHECK(Guider(limited).evaluations(moments(levels)) == 96);
}
