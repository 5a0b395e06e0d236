// SPDX-License-Identifier: MIT
#include <eigenguide/presets/beta_cfg.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("geo: a difference of the same length whatever the predictions") {
  const Pair c{4.0, 4.0}, u{1.0, 0.0};  // d = (3, 4)
  const Pair got = guided(beta_cfg::Geo{2.5, 10}, c, u);
  CHECK(got[0] == Approx(1.0 + 2.5 * std::sqrt(2.0) / 10.0 * 0.6));
  CHECK(got[1] == Approx(2.5 * std::sqrt(2.0) / 10.0 * 0.8));
  CHECK(guided(beta_cfg::Geo{2.5, 10}, c, c) == c);
  CHECK_REJECTS(guided(beta_cfg::Geo{2.5, 0}, c, u), "`count` is 0; expected at least one step");
}
