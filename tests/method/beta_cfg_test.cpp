// SPDX-License-Identifier: MIT
#include <eigenguide/method/beta_cfg.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

namespace {

const Pair c{4.0, 4.0}, u{1.0, 0.0};  // d = (3, 4)

}  // namespace

TEST_CASE("beta_cfg: at the ends of a run") {
  CHECK(guided(BetaCfg{2.0, 2.0, 0.0, 0.0} | Cfg{7.5}, c, u) == u);
  CHECK(guided(BetaCfg{2.0, 2.0, 1.0, 1.0} | Cfg{7.5}, c, u) == u);
}

TEST_CASE("beta_cfg: guidance of scale s B(t), by a length evened out") {
  CHECK(guided(BetaCfg{2.0, 2.0, 0.0, 0.5} | Cfg{2.0}, c, u)[0] == Approx(1.0 + 3.0 * 3.0));
  const Pair unit_length = guided(BetaCfg{1.0, 1.0, 1.0} | Cfg{2.0}, c, u);  // u + 2 d / 5
  CHECK(unit_length[0] == Approx(2.2));
  CHECK(unit_length[1] == Approx(1.6));
  CHECK(guided(BetaCfg{1.0, 1.0, 0.5} | Cfg{2.0}, c, u)[1] == Approx(8.0 / std::sqrt(5.0)));
}

TEST_CASE("beta_cfg: constant and as it is, it is plain guidance; unconfigured c") {
  CHECK(guided(BetaCfg{}, c, u) == c);
  CHECK(guided(BetaCfg{1.0, 1.0, 0.0, 0.3} | Cfg{7.5}, c, u) == guided(Cfg{7.5}, c, u));
  CHECK(guided(BetaCfg{2.0, 2.0, 1.0, 0.3} | Cfg{0.0}, c, u) == u);
}

TEST_CASE("beta_cfg: equal predictions have no difference to even out") {
  for (const double gamma : {0.0, 0.5, 1.0}) CHECK(guided(BetaCfg{2.0, 2.0, gamma, 0.3} | Cfg{7.5}, c, c) == c);
}

TEST_CASE("beta_cfg: parameters outside their range are rejected") {
  CHECK_REJECTS((BetaCfg{std::numeric_limits<double>::infinity()}.validate()), "`a` is inf");
  CHECK_REJECTS((BetaCfg{0.0}.validate()), "`a` is 0");
  CHECK_REJECTS((BetaCfg{1.0, -1.0}.validate()), "`b` is -1");
  CHECK_REJECTS((BetaCfg{1.0, 1.0, 1.5}.validate()), "`gamma` is 1.5");
  CHECK_REJECTS((BetaCfg{1.0, 1.0, 0.0, 1.1}.validate()), "`progress` is 1.1");
}

TEST_CASE("beta_cfg: a progress at which the density is infinite is rejected") {
  CHECK_REJECTS((BetaCfg{0.5, 2.0, 0.0, 0.0}.validate()), "`progress` is 0; expected more than 0");
  CHECK_REJECTS((BetaCfg{2.0, 0.5, 0.0, 1.0}.validate()), "`progress` is 1; expected less than 1");
  CHECK_NOTHROW((BetaCfg{0.5, 0.5, 0.0, 0.5}.validate()));
}
