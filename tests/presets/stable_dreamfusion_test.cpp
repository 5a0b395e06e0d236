// SPDX-License-Identifier: MIT
#include <eigenguide/presets/stable_dreamfusion.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

using namespace eigenguide;

namespace {

const Pair c{3.0, 1.0}, u{1.0, 1.0}, n0{2.0, 3.0}, n1{0.0, -1.0};  // p = (2, 0)

Pair guided_by(std::array<double, 2> weights, const Pair& cond) {
  return guide(with(stable_dreamfusion::PerpNeg<2>{weights} | Cfg{3.0}, prompt<0>(n0), prompt<1>(n1)), cond, u);
}

}  // namespace

TEST_CASE("stable-dreamfusion Perp-Neg: what is orthogonal to p, of the negatives that have weight") {
  // n⊥ = (0, 2) and (0, −2).
  const Pair got = guided_by({-1.5, -0.5}, c);
  CHECK(got[0] == Approx(1.0 + 3.0 * 2.0));
  CHECK(got[1] == Approx(1.0 + 3.0 * (-1.5 * 2.0 + 0.5 * 2.0)));
  CHECK(guided_by({-1e-4, -0.5}, c) == guided_by({0.0, -0.5}, c));
  CHECK(guided_by({-1e-4, -0.5}, c) != guided_by({-2e-4, -0.5}, c));
}

TEST_CASE("stable-dreamfusion Perp-Neg: a short p is taken for longer than it is") {
  const Pair near{1.0 + 1e-4, 1.0};  // ‖p‖² = 1e-8, a hundredth of the floor
  const double along = 1.0 - 0.01;   // of n0 − u = (1, 2) along p, what stays
  CHECK(guided_by({-1.0, 0.0}, near)[0] == Approx(1.0 + 3.0 * (1e-4 - along)));
  CHECK(guided_by({-1.0, 0.0}, u)[1] == Approx(1.0 - 3.0 * 2.0));  // the negatives stay whole
}
