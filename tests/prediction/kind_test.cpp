// SPDX-License-Identifier: MIT
#include <eigenguide/prediction/kind.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

namespace {

// ε = 3, x₀ = 2 at α = 0.8, σ = 0.6: x = 3.4.
constexpr Level level{0.8, 0.6};
double value(Kind kind) {
  const KindWeights p = weights(kind, level);
  return static_cast<double>(3.0 * p.epsilon + 2.0 * p.sample);
}

}  // namespace

TEST_CASE("kind: each is its combination of noise and sample") {
  CHECK(value(Kind::epsilon) == 3.0);
  CHECK(value(Kind::sample) == 2.0);
  CHECK(value(Kind::v) == Approx(0.8 * 3.0 - 0.6 * 2.0));
  CHECK(value(Kind::flow) == 1.0);
  CHECK(value(Kind::flow_to_data) == -1.0);
}

TEST_CASE("kind: independence of x vanishes only where a kind says nothing new") {
  CHECK(weights(Kind::epsilon, {0.0, 1.0}).independence({0.0, 1.0}) == 0.0);
  CHECK(weights(Kind::sample, {1.0, 0.0}).independence({1.0, 0.0}) == 0.0);
  for (const Level end : {Level{0.0, 1.0}, Level{1.0, 0.0}})
    for (const Kind kind : {Kind::v, Kind::flow, Kind::flow_to_data})
      CHECK(weights(kind, end).independence(end) != 0.0);
}

TEST_CASE("kind: a value that is none of them is rejected") {
  CHECK_REJECTS(weights(static_cast<Kind>(17), level), "`kind` is 17");
}
