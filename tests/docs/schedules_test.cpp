// SPDX-License-Identifier: MIT
// The code that docs/schedules.md quotes, and the table of evaluations.
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>

#include <vector>

using namespace eigenguide;

namespace {

using Vector = Eigen::VectorXf;

Vector model(const Vector& x, const Level& level, bool conditional) {
  return (static_cast<float>(level.sigma) + (conditional ? 0.5f : 0.2f)) * x;
}
Vector model_with_skipped_layers(const Vector& x, const Level&) { return 0.4f * x; }
Vector sampler_step(const Vector& x, const Vector& guided, const Moment& now) {
  return x - guided / static_cast<float>(now.count);
}

template <class Plan>
std::size_t evaluations(const Plan& plan) {
  return Guider(plan).evaluations(moments(std::vector<Level>(20)));
}

}  // namespace

TEST_CASE("schedules: the loop") {
  std::vector<Level> levels;
  for (int i = 0; i < 10; ++i) levels.push_back(rectified_flow(1.0 - i / 10.0));
  Vector x = Vector::LinSpaced(32, -1.0f, 1.0f), cond = x, uncond = x, skipped = x, guided = x;
  std::vector<Diagnostics> found(1);

  const auto plan = scheduled(CfgZeroStar{}, within(SigmaWindow{0.28, 5.42}, Cosine{7.5, 2.0})) |  // scale 1 outside
                    during(Perturbation{2.8}, StepWindow{0.0, 0.2}) | Rescale{0.7} | ZeroInit{1};
  Guider guider(plan, Space{Kind::flow, Kind::flow});
  for (const Moment& now : moments(levels)) {
    const Needs needs = guider.needs(now);
    if (needs.cond()) cond = model(x, now.level, true);
    if (needs.uncond()) uncond = model(x, now.level, false);
    if (needs.contains(Role::perturbed)) skipped = model_with_skipped_layers(x, now.level);
    guider.apply(now, x, cond, uncond, guided, perturbed(skipped), report(found));
    guider.advance();
    x = sampler_step(x, guided, now);
  }
  CHECK(x.allFinite());
  CHECK(found[0].scale == 1.0);  // σ/α of the last step is below the window
}

TEST_CASE("schedules: noise levels") {
  std::vector<Level> levels, times;
  for (const double sigma : sigmas(Karras{0.03, 14.6}, 20)) levels.push_back(variance_exploding(sigma));
  for (const double t : values(FlowTimes{3.0}, 20)) times.push_back(rectified_flow(t));
  const SigmaTable table(sigmas_of_alphas_cumprod(alphas_cumprod(values(ScaledLinearBetas{}, 1000))));
  CHECK(levels.size() == 21);
  CHECK(times[0].sigma == 1.0);
  CHECK(table.sigmas().back() == Approx(14.6146).epsilon(1e-5));
  CHECK(steps_below(7.0, 0.11, 1000) == 17);
  CHECK(steps_below(17.0, 0.11, 1000) == 7);
}

TEST_CASE("schedules: the evaluations of a run") {
  using musubi_tuner::CfgSkip;
  using musubi_tuner::CfgSkipMode;
  CHECK(evaluations(Cfg{5.0}) == 40);
  CHECK(evaluations(Cfg{1.0}) == 20);
  CHECK(evaluations(Cfg{5.0} | ZeroInit{1}) == 38);
  CHECK(evaluations(scheduled(Cfg{}, within(StepWindow{0.1, 0.5}, Constant{5.0}))) == 28);
  CHECK(evaluations(scheduled(Cfg{}, Linear{5.0, 1.0})) == 39);
  CHECK(evaluations(scheduled(Cfg{}, within(CfgSkip{CfgSkipMode::alternate, 0.5}, Constant{5.0}))) == 30);
  CHECK(evaluations(scheduled(Cfg{}, within(Oscillation{10, 2}, Constant{5.0}))) == 35);
  CHECK(evaluations(Cfg{5.0} | during(Perturbation{2.8}, StepWindow{0.0, 0.2})) == 44);
}
