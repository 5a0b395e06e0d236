// SPDX-License-Identifier: MIT
#include <eigenguide/core.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

namespace {

/// The names of what a method needs.
template <class Method>
std::string needed(const Method& method) {
  const Needs needs = needs_of(method);
  std::string names;
  const auto add = [&](Role role, const char* name) {
    if (needs.contains(role)) names += names.empty() ? name : std::string(" ") + name;
  };
  add(Role::cond, "cond");
  add(Role::uncond, "uncond");
  for (const Role role : {Role::middle, Role::perturbed, Role::isolated, Role::degraded}) add(role, name_of(role));
  add(prompt_role(0), "prompt0");
  add(prompt_role(1), "prompt1");
  return names;
}

}  // namespace

TEST_CASE("needs: a scale of 1 does without uncond, a scale of 0 without cond") {
  CHECK(needed(Cfg{5.0}) == "cond uncond");
  CHECK(needed(Cfg{1.0}) == "cond");
  CHECK(needed(Cfg{0.0}) == "uncond");
  CHECK(needed(CfgZeroStar{5.0}) == "cond uncond");
  CHECK(needed(CfgZeroStar{1.0}) == "cond");
  CHECK(needed(Tcfg{1.0}) == "cond");
  CHECK(needed(Apg{1.0}) == "cond");
  CHECK(needed(Apg{7.5, 0.0, 5.0}) == "cond uncond");
  CHECK(needed(Apg{7.5, 0.0, 1e-12}) == "cond uncond");  // however short d is cut
  CHECK(needed(MamboG{1.0}) == "cond");
  CHECK(needed(Slerp{1.0}) == "cond");
  CHECK(needed(Cfg{1.0} | Rescale{0.7}) == "cond");
  CHECK(needed(Cfg{5.0} | Rescale{0.7}) == "cond uncond");
}

TEST_CASE("needs: a step of zero-init does without any") {
  CHECK(needed(Cfg{5.0} | ZeroInit{2, 1}) == "");
  CHECK(needs_of(Cfg{5.0} | ZeroInit{2, 1}).evaluations() == 0);
  CHECK(needed(Cfg{5.0} | ZeroInit{2, 2}) == "cond uncond");
}

TEST_CASE("needs: terms without weight do without their prediction") {
  CHECK(needed(Cfg{5.0} | Perturbation{2.8}) == "cond uncond perturbed");
  CHECK(needed(Cfg{1.0} | Perturbation{2.8}) == "cond perturbed");
  CHECK(needed(Cfg{5.0} | Perturbation{0.0}) == "cond uncond");
  CHECK(needed(PerpNeg<1>{{1.0}} | Cfg{5.0}) == "cond uncond prompt0");
  CHECK(needed(PerpNeg<1>{{0.0}} | Cfg{5.0}) == "cond uncond");
  CHECK(needed(PerpNeg<2>{{0.0, 1.0}} | Cfg{5.0}) == "cond uncond prompt1");
  CHECK(needed(DualCfg{7.5, 1.5}) == "cond uncond middle");
  CHECK(needed(DualCfg{1.0, 1.0}) == "cond");
  CHECK(needed(ModalityIsolation{3.0} | SelfAttention{0.0}) == "cond isolated");
  CHECK(needs_of(Cfg{5.0} | Perturbation{2.8}).evaluations() == 3);
}

TEST_CASE("needs: a gate that may open needs what it looks at") {
  CHECK(needed(AdaptiveGate{0.9} | Cfg{5.0}) == "cond uncond");
  CHECK(needed(AdaptiveGate{-0.9} | Cfg{5.0}) == "cond uncond");
}

TEST_CASE("needs: a state advances with what the result needs") {
  const auto momentum_of = [](const Dependence& found) { return found.states[state_index(Role::momentum)]; };
  const Dependence steered = dependence_of(Momentum{-0.5} | Apg{7.5});
  CHECK(steered.guided.contains(momentum_of(steered)));
  const Dependence paused = dependence_of(Momentum{-0.5} | Apg{1.0});
  CHECK_FALSE(paused.guided.uncond());
  CHECK(momentum_of(paused).uncond());
  const Dependence averaged = dependence_of(MomentumGuidance{0.5, 0.6, 3});  // of the guided result, without uncond
  CHECK(averaged.states[state_index(Role::average)].cond());
  CHECK_FALSE(averaged.states[state_index(Role::average)].uncond());
}

TEST_CASE("needs: a state that drowns the predictions is zero at the start of a run") {
  CHECK(needed(Momentum{-1e50} | Apg{5.0}) == "cond uncond");
  CHECK(needed(Cfg{5.0} | MomentumGuidance{1e50, 0.5, 1}) == "cond uncond");
  CHECK(needs_of(parse("momentum(momentum=-1e50) | apg(scale=5)")).evaluations() == 2);
}

TEST_CASE("needs: weights beyond double need all that is read, for the result is NaN and not zero") {
  CHECK(needed(Momentum{-7e304} | Apg{6e233}) == "cond uncond");
  CHECK(needed(Cfg{1e308} | MomentumGuidance{1e308, 0.5, 1}) == "cond uncond");
}

TEST_CASE("needs: of a chain that was chosen at run time") {
  CHECK(needed(AnyChain{Cfg{5.0}, Perturbation{2.8}}) == "cond uncond perturbed");
  CHECK(needed(AnyChain{Cfg{1.0}, Rescale{0.7}}) == "cond");
  CHECK(needed(AnyChain{PerpNeg<1>{{0.0}}, Cfg{5.0}}) == "cond uncond");
  CHECK(needed(AnyChain{RectifiedCfgPlusPlus{0.5}}) == "cond prompt0 prompt1");
  CHECK(needed(AnyChain{RectifiedCfgPlusPlus{0.0}}) == "cond");
  CHECK(needed(AnyChain{Composable<1>{5.0, {0.5}}, RectifiedCfgPlusPlus{0.5}}) == "cond uncond prompt0 prompt1");
}

TEST_CASE("needs: of a chain from a client's own list") {
  using Chain = BasicAnyChain<std::variant<PerpNeg<2>, Cfg, Momentum>>;
  CHECK(needed(Chain{PerpNeg<2>{{0.0, 1.0}}, Cfg{5.0}}) == "cond uncond prompt1");
  CHECK(needed(Chain{PerpNeg<2>{{1.0, 1.0}}, Cfg{5.0}}) == "cond uncond prompt0 prompt1");
  CHECK(needed(Chain{Cfg{1.0}}) == "cond");
  const Dependence found = dependence_of(Chain{Momentum{-0.5}, Cfg{5.0}});
  CHECK(found.states[state_index(Role::momentum)].uncond());
}
