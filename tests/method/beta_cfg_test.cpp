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

double density(double a, double b, double t) { return static_cast<double>(BetaCfg{a, b, 0.0, t}.density()); }

}  // namespace

TEST_CASE("beta_cfg: the density is that of the Beta distribution") {
  CHECK(density(2.0, 2.0, 0.5) == Approx(1.5).epsilon(1e-13));                        // 6 t (1 − t)
  CHECK(density(3.0, 2.0, 0.25) == Approx(12.0 * 0.0625 * 0.75).epsilon(1e-13));      // 12 t² (1 − t)
  CHECK(density(0.5, 0.5, 0.3) == Approx(1.0 / (3.14159265358979323846 * std::sqrt(0.21))).epsilon(1e-13));
  CHECK(density(1.0, 4.0, 0.1) == Approx(4.0 * std::pow(0.9, 3)).epsilon(1e-13));
  for (const double a : {0.2, 1.0, 2.5, 12.0, 300.0})
    for (const double b : {0.7, 3.0, 40.0}) {
      const double t = 0.37, log_beta = std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
      const double want = (a - 1) * std::log(t) + (b - 1) * std::log(1 - t) - log_beta;
      CHECK(std::log(density(a, b, t)) == Approx(want).epsilon(1e-12).margin(1e-12));
    }
}

TEST_CASE("beta_cfg: the mean of the density over a run is 1") {
  for (const double a : {1.5, 2.0, 5.0}) {
    double sum = 0.0;
    const int steps = 20000;
    for (int i = 0; i < steps; ++i) sum += density(a, 3.0, (i + 0.5) / steps);
    CHECK(sum / steps == Approx(1.0).epsilon(1e-5));
  }
}

TEST_CASE("beta_cfg: at the ends of a run") {
  CHECK(density(2.0, 2.0, 0.0) == 0.0);
  CHECK(density(2.0, 2.0, 1.0) == 0.0);
  CHECK(density(1.0, 3.0, 0.0) == 3.0);
  CHECK(density(3.0, 1.0, 1.0) == 3.0);
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
