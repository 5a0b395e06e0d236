// SPDX-License-Identifier: MIT
#include <eigenguide/presets/padded_renorm.hpp>

#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/renorm.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <limits>

using namespace eigenguide;

namespace {

const Pair c{3.0, 4.0}, u{3.0, 0.0};  // at scale 2, g = (3, 8)

}  // namespace

TEST_CASE("padded renorm: shortens to the conditional length, and no further than its floor") {
  CHECK(length(guided(Cfg{2.0} | PaddedRenorm{}, c, u)) == Approx(5.0));
  CHECK(length(guided(Cfg{2.0} | PaddedRenorm{0.9}, c, u)) == Approx(0.9 * std::sqrt(73.0)));
  CHECK(guided(Cfg{2.0} | PaddedRenorm{1.0}, c, u) == Pair{3.0, 8.0});
  CHECK(guided(Cfg{0.5} | PaddedRenorm{}, c, u) == Pair{3.0, 2.0});  // shorter already
}

TEST_CASE("padded renorm: the pad shows against the plain cap where lengths are small") {
  const Pair small_c{3e-8, 4e-8}, small_u{3e-8, 0.0};
  CHECK(length(guided(Cfg{2.0} | Renorm::capped(), small_c, small_u)) == Approx(5e-8));
  const double g = std::sqrt(73.0) * 1e-8;
  CHECK(length(guided(Cfg{2.0} | PaddedRenorm{}, small_c, small_u)) == Approx(g * 5e-8 / (g + 1e-8)));
}

TEST_CASE("padded renorm: a zero result stays zero") {
  CHECK(guided(Cfg{0.0} | PaddedRenorm{}, c, Pair{0.0, 0.0}) == Pair{0.0, 0.0});
}

TEST_CASE("padded renorm: a floor outside its range is rejected") {
  CHECK_REJECTS(PaddedRenorm{1.5}.validate(), "`cfg_renorm_min` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(PaddedRenorm{std::numeric_limits<double>::quiet_NaN()}.validate(), "`cfg_renorm_min` is");
}
