// SPDX-License-Identifier: MIT
#include <eigenguide/prediction/update.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

constexpr Kind kinds[] = {Kind::epsilon,      Kind::sample, Kind::v,          Kind::flow,
                          Kind::flow_to_data, Kind::score,  Kind::edm(0.5)};

/// A data point and its noise, and what there is to know of them at a level.
constexpr double x0 = 1.7, noise = -0.6, other_noise = 2.3;

double noisy(const Level& level) { return level.alpha * x0 + level.sigma * noise; }

double predicted(Kind kind, const Level& level, double data, double epsilon) {
  switch (kind.name) {
    case Kind::Name::epsilon: return epsilon;
    case Kind::Name::sample: return data;
    case Kind::Name::v: return level.alpha * epsilon - level.sigma * data;
    case Kind::Name::flow: return epsilon - data;
    case Kind::Name::flow_to_data: return data - epsilon;
    case Kind::Name::score: return -epsilon / level.sigma;
    case Kind::Name::edm: {
      const double of_data = level.alpha * kind.sigma_data;
      return (level.sigma * data / kind.sigma_data - of_data * epsilon) / std::hypot(level.sigma, of_data);
    }
  }
  return 0.0;
}

double stepped(const Update::Weights& weights, double guided, double uncond, double x) {
  return static_cast<double>(weights.guided) * guided + static_cast<double>(weights.uncond) * uncond +
         static_cast<double>(weights.sample) * x;
}

Update of(Kind model, Renoise renoise = Renoise::guided) { return {{model, model}, renoise}; }

}  // namespace

TEST_CASE("update: a true prediction takes x along its own line, whatever the kind and the levels") {
  const Level levels[] = {variance_preserving(0.3), variance_preserving(0.97), variance_exploding(14.6),
                          variance_exploding(0.03), rectified_flow(0.9), rectified_flow(0.1)};
  for (const Kind kind : kinds)
    for (const Level& from : levels)
      for (const Level& to : levels) {
        INFO(int(kind.name) << ", from " << from.alpha << ", " << from.sigma << " to " << to.alpha << ", " << to.sigma);
        const double p = predicted(kind, from, x0, noise);
        CHECK(stepped(of(kind)(from, to), p, 99.0, noisy(from)) == Approx(noisy(to)).epsilon(1e-12).margin(1e-13));
      }
}

TEST_CASE("update: DDIM's step in variance-preserving levels") {
  // x′ = √ā′ (x − √(1 − ā) ε) / √ā + √(1 − ā′) ε
  const double a = 0.2, next = 0.6, x = 0.7, epsilon = -1.3;
  const double want = std::sqrt(next) * (x - std::sqrt(1 - a) * epsilon) / std::sqrt(a) + std::sqrt(1 - next) * epsilon;
  CHECK(stepped(of(Kind::epsilon)(variance_preserving(a), variance_preserving(next)), epsilon, 99.0, x) ==
        Approx(want).epsilon(1e-14));
}

TEST_CASE("update: with fresh noise added, DDIM's step at η = 1 is DDPM's") {
  // μ = √ā′ β x₀ / (1 − ā) + √(1 − β) (1 − ā′) x / (1 − ā), with variance (1 − ā′) β / (1 − ā), β = 1 − ā / ā′
  const double a = 0.2, next = 0.3, beta = 1 - a / next, variance = (1 - next) / (1 - a) * beta;
  const Update::Weights weights =
      of(Kind::sample)(variance_preserving(a), {std::sqrt(next), std::sqrt(1 - next - variance)});
  CHECK(static_cast<double>(weights.guided) == Approx(std::sqrt(next) * beta / (1 - a)).epsilon(1e-14));
  CHECK(static_cast<double>(weights.sample) == Approx(std::sqrt(1 - beta) * (1 - next) / (1 - a)).epsilon(1e-14));
}

TEST_CASE("update: Euler's step in variance-exploding levels and in those of rectified flow") {
  const double x = 0.7, p = -1.3;
  // x′ = x + (σ′ − σ) (x − D) / σ
  CHECK(stepped(of(Kind::sample)(variance_exploding(5.0), variance_exploding(2.0)), p, 99.0, x) ==
        Approx(x + (2.0 - 5.0) * (x - p) / 5.0).epsilon(1e-14));
  CHECK(stepped(of(Kind::epsilon)(variance_exploding(5.0), variance_exploding(2.0)), p, 99.0, x) ==
        Approx(x + (2.0 - 5.0) * p).epsilon(1e-14));
  // x′ = x + (t′ − t) flow, noise minus data
  CHECK(stepped(of(Kind::flow)(rectified_flow(0.75), rectified_flow(0.5)), p, 99.0, x) == x + (0.5 - 0.75) * p);
  CHECK(stepped(of(Kind::flow_to_data)(rectified_flow(0.75), rectified_flow(0.5)), p, 99.0, x) ==
        x - (0.5 - 0.75) * p);
}

TEST_CASE("update: CFG++ takes x₀ from the guided prediction and the noise from the unconditional one") {
  const Level from_to[][2] = {{variance_preserving(0.2), variance_preserving(0.6)},
                              {variance_exploding(5.0), variance_exploding(2.0)},
                              {rectified_flow(0.75), rectified_flow(0.5)},
                              {rectified_flow(1.0), rectified_flow(0.5)}};
  for (const Kind kind : kinds)
    for (const auto& [from, to] : from_to) {
      if (weights(kind, from).independence(from) == 0.0) continue;
      INFO(int(kind.name) << ", from " << from.alpha << ", " << from.sigma);
      // Two predictions at one x: u has another noise, so another x₀. At α = 0
      // the noise is x itself.
      const double x = from.alpha * x0 + from.sigma * noise;
      const double uncond_noise = from.alpha == 0.0 ? x / from.sigma : other_noise;
      const double uncond_x0 = from.alpha == 0.0 ? -0.4 : (x - from.sigma * uncond_noise) / from.alpha;
      const double g = predicted(kind, from, x0, noise), u = predicted(kind, from, uncond_x0, uncond_noise);
      CHECK(stepped(of(kind, Renoise::uncond)(from, to), g, u, x) ==
            Approx(to.alpha * x0 + to.sigma * uncond_noise).epsilon(1e-13));
    }
}

TEST_CASE("update: of one prediction, both kinds of noise are the same step") {
  const Level from = variance_preserving(0.2), to = variance_preserving(0.6);
  for (const Kind kind : kinds) {
    const Update::Weights own = of(kind)(from, to), split = of(kind, Renoise::uncond)(from, to);
    INFO(int(kind.name));
    CHECK(own.uncond == 0.0);
    CHECK(static_cast<double>(split.guided + split.uncond) == Approx(static_cast<double>(own.guided)).margin(1e-15));
    CHECK(static_cast<double>(split.sample) == Approx(static_cast<double>(own.sample)).margin(1e-15));
  }
}

TEST_CASE("update: to the level where x is, nothing moves; to σ = 0, x is the x₀ predicted") {
  for (const Kind kind : kinds) {
    INFO(int(kind.name));
    const Level level = variance_preserving(0.3);
    const Update::Weights none = of(kind)(level, level);
    CHECK(none.guided == 0.0);
    CHECK(none.sample == 1.0);
    const double p = predicted(kind, level, x0, noise);
    CHECK(stepped(of(kind)(level, {1.0, 0.0}), p, 99.0, noisy(level)) == Approx(x0).epsilon(1e-14));
  }
}

TEST_CASE("update: a v-model starts where there is no data in x") {
  // At ᾱ = 0: x₀ = −v and ε = x.
  const Level to = variance_preserving(0.25);
  const double x = 0.7, v = -1.3;
  CHECK(stepped(of(Kind::v)({0.0, 1.0}, to), v, 99.0, x) == Approx(-to.alpha * v + to.sigma * x).epsilon(1e-15));
}

TEST_CASE("update: rejects levels that are none, and those at which a kind says too little") {
  const Level level = variance_preserving(0.3);
  CHECK_REJECTS(of(Kind::v)({-1.0, 1.0}, level), "`alpha` is -1");
  CHECK_REJECTS(of(Kind::v)(level, {1.0, -1.0}), "`sigma` is -1");
  CHECK_REJECTS(of(Kind::v)(level, {0.0, 0.0}), "`alpha` is 0");
  CHECK_REJECTS(of(Kind::epsilon)({0.0, 1.0}, level), "`alpha` is 0");
  CHECK_REJECTS(of(Kind::sample)({1.0, 0.0}, level), "`sigma` is 0");
  CHECK_REJECTS(of(Kind{static_cast<Kind::Name>(9)})(level, level), "`kind` is 9");
}

TEST_CASE("update: weights beyond double are an error, not Inf or NaN") {
  for (const Renoise renoise : {Renoise::guided, Renoise::uncond}) {
    const Level from{0.5, 10.0};
    CHECK_REJECTS(of(Kind::epsilon, renoise)(from, {1e308, 0.0}), "`alpha` is 1e+308; expected a level to which a step has finite weights");
    CHECK_REJECTS(of(Kind::sample, renoise)({10.0, 0.5}, {0.0, 1e308}), "`sigma` is 1e+308");
    CHECK_REJECTS(of(Kind::epsilon, renoise)({1e-10, 1.0}, {1e300, 0.0}), "`alpha` is 1e+300");
  }
}
