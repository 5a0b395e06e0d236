// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_apg.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

using namespace eigenguide;
using diffusers::AdaptiveProjectedGuidance;
using diffusers::AdaptiveProjectedMixGuidance;

namespace {

const Pair c{3.0, 4.0}, u{3.0, -1.0};  // d = (0, 5), d_∥ = (2.4, 3.2), d_⊥ = (−2.4, 1.8)

template <class Method>
Pair with_state(const Method& method, Pair& state) {
  Pair out{};
  guide(with(method, momentum(state, state)), c, u, out);
  return out;
}

void check_near(const Pair& got, const Pair& want) {
  CHECK(got[0] == Approx(want[0]).margin(1e-12));
  CHECK(got[1] == Approx(want[1]).margin(1e-12));
}

}  // namespace

TEST_CASE("diffusers APG: by default plain guidance within its bound") {
  AdaptiveProjectedGuidance guider;
  check_near(guided(guider.at(0, 10), c, u), guided(Cfg{7.5}, c, u));
  guider.adaptive_projected_guidance_rescale = 2.0;  // from u: s times the bounded difference
  check_near(guided(guider.at(0, 10), c, u), {3.0, -1.0 + 7.5 * 2.0});
}

TEST_CASE("diffusers APG: with eta 0 it damps the conditional prediction itself") {
  AdaptiveProjectedGuidance guider;
  guider.eta = 0.0;
  const Pair paper = guided(Apg{7.5, 0.0}, c, u);
  check_near(guided(guider.at(0, 10), c, u), {paper[0] - 2.4, paper[1] - 3.2});
  guider.use_original_formulation = true;
  guider.guidance_scale = 6.5;
  check_near(guided(guider.at(0, 10), c, u), paper);
}

TEST_CASE("diffusers APG: the average is fed only where guidance is active") {
  AdaptiveProjectedGuidance guider;
  guider.adaptive_projected_guidance_momentum = -0.5;
  guider.adaptive_projected_guidance_rescale = 0.0;
  guider.start = 0.25;
  guider.stop = 0.75;
  Pair state{};
  CHECK(with_state(guider.at_with_momentum(0, 4), state) == c);
  CHECK(state == Pair{});
  check_near(with_state(guider.at_with_momentum(1, 4), state), guided(Cfg{7.5}, c, u));
  CHECK(state == Pair{0.0, 5.0});
  check_near(with_state(guider.at_with_momentum(2, 4), state), {3.0, -1.0 + 7.5 * 2.5});
  CHECK(state == Pair{0.0, 2.5});
  CHECK(with_state(guider.at_with_momentum(3, 4), state) == c);
  CHECK(state == Pair{0.0, 2.5});
}

TEST_CASE("diffusers APG: without a momentum the state is left alone, and not needed") {
  AdaptiveProjectedGuidance guider;
  guider.eta = 0.5;
  Pair state{9.0, 9.0};
  CHECK(with_state(guider.at_with_momentum(0), state) == guided(guider.at(0), c, u));
  CHECK(state == Pair{9.0, 9.0});
  guider.adaptive_projected_guidance_momentum = 0.0;
  CHECK_REJECTS(guider.at(0), "`adaptive_projected_guidance_momentum` is 0; expected none");
}

TEST_CASE("diffusers APG: what turns it off, and the rescale that stays on") {
  AdaptiveProjectedGuidance guider;
  guider.guidance_scale = 1.0;
  guider.eta = 0.0;
  CHECK(guided(guider.at(0), c, u) == c);
  guider.use_original_formulation = true;
  CHECK(guided(guider.at(0), c, u) != c);
  guider.enabled = false;
  guider.guidance_rescale = 0.5;
  check_near(guided(guider.at(0), c, u), c);
  guider.enabled = true;
  guider.eta = 1.0;
  guider.guidance_rescale = 1.0;  // c + d = (3, 9): spreads are as 1 to 6
  check_near(guided(guider.at(0), c, u), {0.5, 1.5});
}

TEST_CASE("diffusers APG mix: plain guidance first, which feeds the average; then the update, at its scale") {
  AdaptiveProjectedMixGuidance guider;
  guider.adaptive_projected_guidance_start_step = 1;
  guider.adaptive_projected_guidance_rescale = 0.0;
  Pair state{};
  check_near(with_state(guider.at(0, 4), state), guided(Cfg{3.5}, c, u));
  CHECK(state == Pair{0.0, 5.0});
  check_near(with_state(guider.at(1, 4), state), guided(Cfg{3.5}, c, u));  // the start step itself is plain
  CHECK(state == Pair{0.0, 2.5});
  // Average (0, 3.75), of which (−1.8, 1.35) is orthogonal to c.
  check_near(with_state(guider.at(2, 4), state), {3.0 - 18.0, -1.0 + 13.5});
  CHECK(state == Pair{0.0, 3.75});
}

TEST_CASE("diffusers APG mix: what turns its parts off") {
  AdaptiveProjectedMixGuidance guider;
  CHECK_FALSE(guider.is_apg_enabled(5));
  CHECK(guider.is_apg_enabled(6));
  guider.adaptive_projected_guidance_scale = 1.0;
  CHECK_FALSE(guider.is_apg_enabled(6));
  CHECK(guider.is_cfg_enabled(6));
  guider.adaptive_projected_guidance_scale = 10.0;
  guider.guidance_scale = 1.0;  // turns both off
  CHECK_FALSE(guider.is_cfg_enabled(6));
  CHECK_FALSE(guider.is_apg_enabled(6));
  Pair state{1.0, 2.0};
  CHECK(with_state(guider.at(6), state) == c);
  CHECK(state == Pair{1.0, 2.0});
  guider.guidance_scale = 3.5;
  guider.adaptive_projected_guidance_momentum.reset();
  with_state(guider.at(6), state);
  CHECK(state == Pair{1.0, 2.0});
}

TEST_CASE("diffusers project: a vector is its parallel and its orthogonal part") {
  using diffusers::Project;
  check_near(guided(Project{Project::Part::parallel}, {0.0, 5.0}, c), {2.4, 3.2});
  check_near(guided(Project{Project::Part::orthogonal}, {0.0, 5.0}, c), {-2.4, 1.8});
  CHECK(guided(Project{Project::Part::parallel}, {0.0, 5.0}, {0.0, 0.0}) == Pair{});
  CHECK(guided(Project{Project::Part::orthogonal}, {0.0, 5.0}, {0.0, 0.0}) == Pair{0.0, 5.0});
}
