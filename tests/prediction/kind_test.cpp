// SPDX-License-Identifier: MIT
#include <eigenguide/prediction/kind.hpp>

#include <support/catch.hpp>

#include <cmath>

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
  CHECK(value(Kind::score) == Approx(-3.0 / 0.6));
  // D = c_skip x + c_out F at α = 1, with EDM's c_skip and c_out.
  const double sigma = 0.75, data = 0.5, x = 2.0 + sigma * 3.0, square = sigma * sigma + data * data;
  const KindWeights p = weights(Kind::edm(data), {1.0, sigma});
  const double f = static_cast<double>(3.0 * p.epsilon + 2.0 * p.sample);
  CHECK(data * data / square * x + sigma * data / std::sqrt(square) * f == Approx(2.0));
  CHECK(value(Kind::edm(1.0)) == Approx(-value(Kind::v)));
}

TEST_CASE("kind: independence of x vanishes only where a kind says nothing new") {
  CHECK(weights(Kind::epsilon, {0.0, 1.0}).independence({0.0, 1.0}) == 0.0);
  CHECK(weights(Kind::sample, {1.0, 0.0}).independence({1.0, 0.0}) == 0.0);
  for (const Level end : {Level{0.0, 1.0}, Level{1.0, 0.0}})
    for (const Kind kind : {Kind::v, Kind::flow, Kind::flow_to_data, Kind::edm(0.5)})
      CHECK(weights(kind, end).independence(end) != 0.0);
}

TEST_CASE("kind: kinds are equal by name, EDM's by its data too") {
  CHECK(Kind::v == Kind::v);
  CHECK(Kind::v != Kind::flow);
  CHECK(Kind::edm() == Kind::edm(0.5));
  CHECK(Kind::edm(0.5) != Kind::edm(1.0));
}

TEST_CASE("kind: there is no score without noise, and no EDM without data") {
  CHECK_REJECTS(weights(Kind::score, {1.0, 0.0}), "`sigma` is 0; expected a positive number: there is no score");
  CHECK_REJECTS(weights(Kind::edm(0.0), level), "`sigma_data` is 0; expected a number in [1e-100, 1e100]");
  CHECK_REJECTS(weights(Kind::edm(1e-200), {1.0, 1.0}), "`sigma_data` is 1e-200");
  CHECK_REJECTS(weights(Kind::edm(1e200), {0.0, 1.0}), "`sigma_data` is 1e+200");
  CHECK_REJECTS(weights(Kind::score, {1.0, 1e-320}), "; expected a level at which the score has finite weights");
}

TEST_CASE("kind: F at the least and the largest levels is F, or an error") {
  for (const double size : {1e-144, 1e-100, 1.0, 1e100, 1e153})
    for (const double data : {0.5, 1.0, 3.0}) {
      const KindWeights p = weights(Kind::edm(data), {size, size});
      CHECK(static_cast<double>(p.epsilon) == Approx(-data / std::hypot(1.0, data)).epsilon(1e-15));
      CHECK(static_cast<double>(p.sample) == Approx(1.0 / (data * std::hypot(1.0, data))).epsilon(1e-15));
    }
  CHECK(static_cast<double>(weights(Kind::edm(1e-100), {1.0, 0.0}).epsilon) == -1.0);
  CHECK(static_cast<double>(weights(Kind::edm(1e100), {0.0, 1.0}).sample) == 1e-100);
  for (const double size : {5e-324, 1e-200, 1e-161, 1e-146})
    CHECK_REJECTS(weights(Kind::edm(0.5), {size, size}), "; expected a level whose σ² + α² σ_d² is at least 1e-290");
  CHECK_REJECTS(weights(Kind::edm(0.5), {1.0, 1e155}), "`sigma` is 1e+155; expected a level whose");
}

TEST_CASE("kind: a value that is none of them is rejected") {
  CHECK_REJECTS(weights(Kind{static_cast<Kind::Name>(17)}, level), "`kind` is 17");
}

TEST_CASE("kind: by its name") {
  CHECK(kind_of("epsilon") == Kind::epsilon);
  CHECK(kind_of("sample") == Kind::sample);
  CHECK(kind_of("v") == Kind::v);
  CHECK(kind_of("flow") == Kind::flow);
  CHECK(kind_of("flow_to_data") == Kind::flow_to_data);
  CHECK(kind_of("score") == Kind::score);
  CHECK(kind_of("edm", 0.25) == Kind::edm(0.25));
  CHECK(kind_of("edm") != Kind::edm(0.25));
  CHECK_THROWS_WITH(kind_of("velocity"), "eigenguide: `kind` is `velocity`; expected epsilon, sample, v, flow, flow_to_data, score or edm");
}
