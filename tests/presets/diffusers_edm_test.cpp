// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_edm.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("diffusers EDM: epsilon is F, v_prediction its opposite") {
  const Level level = variance_exploding(2.0);
  const double root = std::sqrt(4.25);
  const Row<2> plain = diffusers::EdmPreconditioning{}(level), opposite = diffusers::EdmPreconditioning{true}(level);
  CHECK(static_cast<double>(plain[0]) == Approx(2.0 * 0.5 / root));
  CHECK(static_cast<double>(plain[1]) == Approx(0.25 / 4.25));
  CHECK(opposite[0] == -plain[0]);
  CHECK(opposite[1] == plain[1]);
  CHECK(static_cast<double>(diffusers::EdmPreconditioning{}.weights(level).c_in) == Approx(1.0 / root));
}
