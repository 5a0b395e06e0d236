// SPDX-License-Identifier: MIT
#include <eigenguide/core.hpp>

#include <support/catch.hpp>

#include <tuple>

using namespace eigenguide;

TEST_CASE("plan: a method stays the same, but for its step and its progress") {
  CHECK(at(Cfg{5.0}, {2, 4, {}}).scale == 5.0);
  CHECK(at(ZeroInit{2}, {3, 4, {}}).step == 3);
  CHECK(at(BetaCfg{2.0, 2.0}, {3, 4, {}}).progress == 0.75);
  CHECK(std::get<1>(at(Cfg{5.0} | ZeroInit{2}, {3, 4, {}}).links).step == 3);
}

TEST_CASE("plan: a schedule sets the scale, or the strength") {
  CHECK(at(scheduled(Cfg{}, Linear{9.0, 1.0}), {1, 3, {}}).scale == 5.0);
  CHECK(at(scheduled(Perturbation{}, Linear{9.0, 1.0}), {1, 3, {}}).strength == 5.0);
  CHECK(std::get<0>(at(scheduled(Momentum{} | Apg{}, Constant{3.0}), {0, 1, {}}).links).momentum == 0.0);
  CHECK(std::get<1>(at(scheduled(Momentum{} | Apg{}, Constant{3.0}), {0, 1, {}}).links).scale == 3.0);
  const auto doubling = [](const Moment& now) { return 2.0 * static_cast<double>(now.step); };
  CHECK(at(scheduled(Cfg{}, doubling), {4, 9, {}}).scale == 8.0);
  CHECK_REJECTS(at(scheduled(Cfg{}, List{{1.0}}), {0, 2, {}}), "`scales` is a list of 1");
  CHECK_REJECTS(at(scheduled(Cfg{}, Cosine{1.0, 2.0, -1.0}), {0, 2, {}}), "`power` is -1");
}

TEST_CASE("plan: outside its window a method is unconfigured") {
  const auto rescaled = during(Rescale{0.7}, StepWindow{0.5, 1.0});
  CHECK(at(rescaled, {0, 4, {}}).phi == 0.0);
  CHECK(at(rescaled, {2, 4, {}}).phi == 0.7);
  CHECK_REJECTS(at(during(Cfg{2.0}, SigmaWindow{-1.0}), {0, 1, {}}), "`low` is -1");
}

TEST_CASE("plan: joined plans are the chain of their methods") {
  const auto plan = scheduled(Cfg{}, Linear{9.0, 1.0}) | during(Perturbation{2.8}, StepWindow{0.0, 0.5}) | Rescale{0.7};
  const auto [cfg, perturbation, rescale] = at(plan, {2, 3, {}}).links;
  CHECK(cfg.scale == 1.0);
  CHECK(perturbation.strength == 0.0);
  CHECK(rescale.phi == 0.7);
  const auto other = at(Cfg{2.0} | (Momentum{} | scheduled(Apg{}, Constant{3.0})), {0, 1, {}});
  CHECK(std::get<2>(other.links).scale == 3.0);
}

TEST_CASE("plan: what its methods read") {
  const auto plan = scheduled(Cfg{}, Constant{2.0}) | during(Perturbation{2.8}, StepWindow{}) | AnyChain{Momentum{}};
  CHECK(reads(plan, Role::perturbed));
  CHECK(reads(plan, Role::momentum));
  CHECK_FALSE(reads(plan, Role::average));
  CHECK(reads(Momentum{} | Apg{}, Role::momentum));
}

TEST_CASE("plan: of a chain that was chosen at run time") {
  const AnyChain chain{Rescale{0.7}, Cfg{}, ZeroInit{1}};
  const AnyChain now = at(scheduled(chain, Linear{9.0, 1.0}), {1, 3, {}});
  CHECK(text_of(now) == "rescale(phi=0.7) | cfg(scale=5) | zero_init(steps=1, step=1)");
  CHECK_REJECTS(at(scheduled(AnyChain{Rescale{}}, Constant{}), Moment{}), "a chain without a scale");
  CHECK(text_of(at(chain | scheduled(Perturbation{}, Constant{2.0}), Moment{})) ==
        "rescale(phi=0.7) | cfg(scale=1) | zero_init(steps=1, step=0) | perturbation(strength=2)");
}
