// SPDX-License-Identifier: MIT
#include <eigenguide/method/momentum.hpp>

#include <eigenguide/core.hpp>
#include <eigenguide/method/apg.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <limits>

using namespace eigenguide;

namespace {

const Pair c{3.0, 4.0}, u{1.0, 1.0};  // d = (2, 3)
const Pair m{1.0, -2.0};

}  // namespace

TEST_CASE("momentum: guidance by the difference and a share of the state") {
  Pair out{}, next{};
  guide(with(Momentum{-0.5} | Cfg{3.0}, momentum(m, next)), c, u, out);
  CHECK(next == Pair{1.5, 4.0});  // d − m / 2
  CHECK(out == Pair{6.0, 12.0});  // c + 2 d′
}

TEST_CASE("momentum: alone it adds nothing, and still feeds the state") {
  Pair out{}, next{};
  guide(with(Momentum{-0.5}, momentum(m, next)), c, u, out);
  CHECK(out == c);
  CHECK(next == Pair{1.5, 4.0});
}

TEST_CASE("momentum: unconfigured it changes nothing, and the state is the difference") {
  Pair out{}, next{};
  guide(with(Momentum{} | Cfg{3.0}, momentum(m, next)), c, u, out);
  CHECK(out == guided(Cfg{3.0}, c, u));
  CHECK(next == Pair{2.0, 3.0});
}

TEST_CASE("momentum: what is carried on is neither bounded nor projected") {
  Pair out{}, next{};
  guide(with(Momentum{-0.5} | Apg{3.0, 0.0, 0.25}, momentum(m, next)), c, u, out);
  CHECK(next == Pair{1.5, 4.0});
  CHECK(length({out[0] - c[0], out[1] - c[1]}) < 2.0 * 0.25);
}

TEST_CASE("momentum: a state only read is left as it is, one in place is advanced") {
  Pair state = m, out{}, apart{};
  guide(with(Momentum{0.5} | Cfg{3.0}, momentum(state)), c, u, apart);
  CHECK(state == m);
  guide(with(Momentum{0.5} | Cfg{3.0}, momentum(state, state)), c, u, out);
  CHECK(state == Pair{2.5, 2.0});
  CHECK(out == apart);
}

TEST_CASE("momentum: over equal differences it tends to d / (1 − β)") {
  Pair state{}, out{};
  for (int step = 0; step < 60; ++step) guide(with(Momentum{-0.5} | Cfg{2.0}, momentum(state, state)), c, u, out);
  CHECK(state[0] == Approx(2.0 / 1.5));
  CHECK(state[1] == Approx(3.0 / 1.5));
}

TEST_CASE("momentum: the first step of a run, with a zero state, has none") {
  Pair state{}, out{};
  guide(with(Momentum{-0.75} | Cfg{3.0}, momentum(state, state)), c, u, out);
  CHECK(out == guided(Cfg{3.0}, c, u));
}

TEST_CASE("momentum: it costs one pass") { CHECK(is_constant<Momentum>); }

TEST_CASE("momentum: a share that is not finite is rejected") {
  CHECK_REJECTS(Momentum{std::numeric_limits<double>::infinity()}.validate(), "`momentum` is inf");
  CHECK_REJECTS(Momentum{std::numeric_limits<double>::quiet_NaN()}.validate(), "`momentum` is nan");
}
