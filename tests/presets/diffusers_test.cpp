// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers.hpp>

#include <eigenguide/guide/guide.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

using namespace eigenguide;
using diffusers::ClassifierFreeGuidance;
using diffusers::ClassifierFreeZeroStarGuidance;

namespace {

const Pair c{1.0, 2.0}, u{2.0, 0.0}, zero{0.0, 0.0};

}  // namespace

TEST_CASE("diffusers guidance: two formulations of one line") {
  ClassifierFreeGuidance guider;
  guider.guidance_scale = 3.0;
  CHECK(guided(guider.at(0, 10), c, u) == Pair{-1.0, 6.0});
  guider.guidance_scale = 2.0;
  guider.use_original_formulation = true;
  CHECK(guided(guider.at(0, 10), c, u) == Pair{-1.0, 6.0});
}

TEST_CASE("diffusers guidance: the interval truncates products of doubles") {
  ClassifierFreeGuidance guider;
  guider.start = 0.29;  // 0.29 · 100 is 28.999…
  guider.stop = 0.5;
  const auto active = [&](std::size_t step) { return guided(guider.at(step, 100), c, u) != c; };
  CHECK_FALSE(active(27));
  CHECK(active(28));
  CHECK(active(49));
  CHECK_FALSE(active(50));
  CHECK(guided(guider.at(0), c, u) != c);  // of an unknown number of steps: always within
}

TEST_CASE("diffusers guidance: what turns it off") {
  ClassifierFreeGuidance guider;
  guider.enabled = false;
  CHECK(guided(guider.at(0, 10), c, u) == c);

  guider = {};
  guider.guidance_scale = 1.0 + 1e-10;
  CHECK(guided(guider.at(0, 10), c, u) == c);
  guider.use_original_formulation = true;
  CHECK(guided(guider.at(0, 10), c, u) != c);
  guider.guidance_scale = 0.0;
  CHECK(guided(guider.at(0, 10), c, u) == c);
}

TEST_CASE("diffusers guidance: rescaled to the spread of the conditional prediction") {
  ClassifierFreeGuidance guider;
  guider.guidance_scale = 3.0;
  guider.guidance_rescale = 1.0;  // the spreads of (1, 2) and (−1, 6) are as 1 to 7
  const Pair g = guided(guider.at(0, 10), c, u);
  CHECK(g[0] == Approx(-1.0 / 7.0));
  CHECK(g[1] == Approx(6.0 / 7.0));
  guider.guidance_rescale = -1.0;
  CHECK(guided(guider.at(0, 10), c, u) == Pair{-1.0, 6.0});
}

TEST_CASE("diffusers guidance: rejects an interval outside the run") {
  ClassifierFreeGuidance guider;
  guider.start = 1.0;
  CHECK_REJECTS(guider.at(0, 10), "`start` is 1");
  guider.start = 0.5;
  guider.stop = 0.25;
  CHECK_REJECTS(guider.at(0, 10), "`stop` is 0.25");
  guider.stop = 1.0;
  guider.guidance_scale = std::nan("");
  CHECK_REJECTS(guider.at(0, 10), "`guidance_scale` is");
}

TEST_CASE("diffusers CFG-Zero*: zero in its first steps, inside its interval or not") {
  ClassifierFreeZeroStarGuidance guider;
  guider.guidance_scale = 3.0;
  guider.zero_init_steps = 2;
  guider.start = 0.5;
  CHECK(guided(guider.at(1, 10), c, u) == zero);
  CHECK(guided(guider.at(2, 10), c, u) == c);
  // α = ⟨c, u⟩ / ‖u‖² = 1/2: g = α u + 3 (c − α u) = (1, 0) + 3 (0, 2)
  const Pair g = guided(guider.at(5, 10), c, u);
  CHECK(g[0] == Approx(1.0).epsilon(1e-8));
  CHECK(g[1] == Approx(6.0));
  guider.guidance_rescale = 0.7;
  CHECK(guided(guider.at(1, 10), c, u) == zero);  // not 0/0
  guider.enabled = false;
  CHECK(guided(guider.at(1, 10), c, u) == c);
}

TEST_CASE("diffusers TCFG and MAMBO-G: the methods over an interval, in both formulations") {
  diffusers::TangentialClassifierFreeGuidance tangential;
  tangential.guidance_scale = 3.0;
  CHECK(guided(tangential.at(0), c, u) == guided(Tcfg{3.0}, c, u));
  tangential.use_original_formulation = true;
  CHECK(guided(tangential.at(0), c, u) == guided(Tcfg{4.0}, c, u));
  tangential.start = 0.5;
  CHECK(guided(tangential.at(4, 10), c, u) == c);

  diffusers::MagnitudeAwareGuidance aware;
  aware.guidance_scale = 3.0;
  aware.alpha = 2.0;
  CHECK(guided(aware.at(0), c, u) == guided(MamboG{3.0, 2.0}, c, u));
  aware.use_original_formulation = true;
  CHECK(guided(aware.at(0), c, u) == guided(MamboG{4.0, 2.0}, c, u));
  aware.enabled = false;
  CHECK(guided(aware.at(0), c, u) == c);
}
