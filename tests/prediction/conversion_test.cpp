// SPDX-License-Identifier: MIT
#include <eigenguide/prediction/conversion.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

constexpr Kind kinds[] = {Kind::epsilon,      Kind::sample, Kind::v,          Kind::flow,
                          Kind::flow_to_data, Kind::score,  Kind::edm(0.5)};

double value(Kind kind, const Level& level, double epsilon, double sample) {
  const KindWeights p = weights(kind, level);
  return static_cast<double>(epsilon * p.epsilon + sample * p.sample);
}

}  // namespace

TEST_CASE("conversion: every kind to every kind, in every coordinate system") {
  const double epsilon = 0.7, sample = -1.3;
  for (const Level level : {Level{0.8, 0.6}, Level{1.0, 12.0}, Level{0.3, 0.7}, Level{0.5, 2.0}})
    for (const Kind from : kinds)
      for (const Kind to : kinds) {
        const double x = level.alpha * sample + level.sigma * epsilon;
        const Row<2> row = Conversion{from, to}(level);
        const Real converted = row[Conversion::prediction] * value(from, level, epsilon, sample) +
                               row[Conversion::x] * x;
        INFO("from " << int(from.name) << " to " << int(to.name) << " at " << level.alpha << ", " << level.sigma);
        CHECK(static_cast<double>(converted) ==
              Approx(value(to, level, epsilon, sample)).epsilon(1e-12).margin(1e-12));
      }
}

TEST_CASE("conversion: a kind is exactly itself, even where it says nothing") {
  CHECK(Conversion{Kind::epsilon, Kind::epsilon}({0.0, 1.0}) == unit<2>(Conversion::prediction));
  CHECK(Conversion{Kind::sample, Kind::sample}({1.0, 0.0}) == unit<2>(Conversion::prediction));
}

TEST_CASE("conversion: the opposite sign of flow is the opposite prediction") {
  CHECK(Conversion{Kind::flow, Kind::flow_to_data}({0.4, 0.6}) == Row<2>{{-1.0, 0.0}});
}

TEST_CASE("conversion: limits at the ends of a schedule") {
  // α = 0: x is the noise, and v is −x₀: zero terminal SNR.
  CHECK(Conversion{Kind::v, Kind::sample}({0.0, 1.0}) == Row<2>{{-1.0, 0.0}});
  CHECK(Conversion{Kind::v, Kind::epsilon}({0.0, 1.0}) == Row<2>{{0.0, 1.0}});
  CHECK(Conversion{Kind::flow, Kind::sample}({0.0, 1.0}) == Row<2>{{-1.0, 1.0}});
  CHECK(Conversion{Kind::sample, Kind::epsilon}({0.0, 1.0}) == Row<2>{{0.0, 1.0}});
  // σ = 0: x is the sample.
  CHECK(Conversion{Kind::epsilon, Kind::sample}({1.0, 0.0}) == Row<2>{{0.0, 1.0}});
  CHECK(Conversion{Kind::flow, Kind::epsilon}({1.0, 0.0}) == Row<2>{{1.0, 1.0}});
  // F is x₀ / σ_d where all is noise, and −ε where there is none.
  CHECK(Conversion{Kind::edm(0.5), Kind::sample}({0.0, 1.0}) == Row<2>{{0.5, 0.0}});
  CHECK(Conversion{Kind::edm(0.5), Kind::epsilon}({1.0, 0.0}) == Row<2>{{-1.0, 0.0}});
  CHECK(Conversion{Kind::edm(0.5), Kind::sample}({1.0, 0.0}) == Row<2>{{0.0, 1.0}});
}

TEST_CASE("conversion: noise and score are each other's multiple, pure noise included") {
  for (const double alpha : {0.0, 5e-324, 1e-310, 0.3}) {
    CHECK(Conversion{Kind::epsilon, Kind::score}({alpha, 4.0}) == Row<2>{{-0.25, 0.0}});
    CHECK(Conversion{Kind::score, Kind::epsilon}({alpha, 4.0}) == Row<2>{{-4.0, 0.0}});
  }
  CHECK_REJECTS((Conversion{Kind::epsilon, Kind::score}({1.0, 0.0})), "`sigma` is 0; expected a positive number");
  CHECK_REJECTS((Conversion{Kind::score, Kind::epsilon}({1.0, 1e-320})), "finite weights");
}

TEST_CASE("conversion: without a limit there is an error") {
  CHECK_REJECTS((Conversion{Kind::epsilon, Kind::sample}({0.0, 1.0})), "`alpha` is 0; expected a positive number");
  CHECK_REJECTS((Conversion{Kind::epsilon, Kind::v}({0.0, 1.0})), "`alpha` is 0");
  CHECK_REJECTS((Conversion{Kind::sample, Kind::epsilon}({1.0, 0.0})), "`sigma` is 0; expected a positive number");
  CHECK_REJECTS((Conversion{Kind::sample, Kind::flow}({1.0, 0.0})), "`sigma` is 0");
  CHECK_REJECTS((Conversion{Kind::v, Kind::sample}({1.0, -0.1})), "`sigma` is -0.1");
  CHECK_REJECTS((Conversion{Kind::score, Kind::sample}({0.0, 1.0})), "`alpha` is 0; expected a positive number");
  CHECK_REJECTS((Conversion{Kind::v, Kind::score}({1.0, 0.0})), "`sigma` is 0; expected a positive number");
  CHECK_REJECTS((Conversion{Kind::score, Kind::v}({1.0, 0.0})), "`sigma` is 0; expected a positive number");
}

TEST_CASE("conversion: weights beyond double are an error, not Inf") {
  CHECK_REJECTS((Conversion{Kind::epsilon, Kind::sample}({1e-320, 1.0})), "`alpha` is");
  CHECK_REJECTS((Conversion{Kind::sample, Kind::epsilon}({1.0, 1e-320})), "`sigma` is");
}

TEST_CASE("conversion: squares beyond double are an error, not weights of zero") {
  for (const Level level : {Level{1.0, 1e155}, Level{1e155, 1.0}, Level{1e300, 1e300}})
    for (const Kind to : {Kind::epsilon, Kind::sample, Kind::flow, Kind::edm(0.5)})
      CHECK_REJECTS((Conversion{Kind::v, to}(level)), "; expected a level");
  CHECK_REJECTS((Conversion{Kind::epsilon, Kind::edm(0.5)}({1.0, 1e300})), "`sigma` is 1e+300");
  CHECK_REJECTS((Conversion{Kind::flow, Kind::sample}({1.7e308, 1.7e308})), "; expected a level");
  // Just within: what v is divided by is σ² there.
  CHECK(static_cast<double>(Conversion{Kind::v, Kind::sample}({1.0, 1e153})[0]) == Approx(-1e-153).epsilon(1e-14));
}

namespace {

/// How many times larger an error of the inputs is, relatively, in the result.
double condition(const Row<2>& row, double prediction, double x, double result) {
  return (std::fabs(static_cast<double>(row[0]) * prediction) + std::fabs(static_cast<double>(row[1]) * x)) /
         std::fabs(result);
}

long double in_long_double(const Kind& kind, const Level& level, long double epsilon, long double sample) {
  const long double alpha = level.alpha, sigma = level.sigma, data = kind.sigma_data;
  switch (kind.name) {
    case Kind::Name::epsilon: return epsilon;
    case Kind::Name::sample: return sample;
    case Kind::Name::v: return alpha * epsilon - sigma * sample;
    case Kind::Name::flow: return epsilon - sample;
    case Kind::Name::flow_to_data: return sample - epsilon;
    case Kind::Name::score: return -epsilon / sigma;
    case Kind::Name::edm: break;
  }
  return (sigma * sample / data - alpha * data * epsilon) / std::sqrt(sigma * sigma + alpha * alpha * data * data);
}

}  // namespace

TEST_CASE("conversion: what is lost is the formula's condition, and no more") {
  const double unit = 1.2e-16;  // half a step of double
  const long double epsilon = 0.7L, sample = -1.3L;
  double worst = 0.0;
  for (const double ratio : {1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3, 1e6})
    for (const Level level : {Level{1.0 / std::sqrt(1.0 + ratio * ratio), ratio / std::sqrt(1.0 + ratio * ratio)},
                              Level{1.0, ratio}, Level{1.0 / (1.0 + ratio), ratio / (1.0 + ratio)}})
      for (const Kind from : kinds)
        for (const Kind to : kinds) {
          if (from == to) continue;
          // The inputs as a model has them: rounded.
          const double p = static_cast<double>(in_long_double(from, level, epsilon, sample));
          const double x = static_cast<double>(level.alpha * sample + level.sigma * epsilon);
          const double want = static_cast<double>(in_long_double(to, level, epsilon, sample));
          const Row<2> row = Conversion{from, to}(level);
          const double got = static_cast<double>(row[0] * p + row[1] * x);
          INFO("from " << int(from.name) << " to " << int(to.name) << " at sigma/alpha " << ratio);
          const double lost = std::fabs(got - want) / std::fabs(want) / unit, allowed = condition(row, p, x, want);
          CHECK(lost <= 8.0 * (allowed + 1.0));
          worst = std::fmax(worst, lost / (allowed + 1.0));
        }
  CHECK(worst > 0.1);  // the bound is about what happens
}

TEST_CASE("conversion: which directions lose digits, and where") {
  const double epsilon = 0.7, sample = -1.3;
  const auto of = [&](const Kind& from, const Kind& to, const Level& level) {
    const double x = level.alpha * sample + level.sigma * epsilon;
    return condition(Conversion{from, to}(level), value(from, level, epsilon, sample), x, value(to, level, epsilon, sample));
  };
  const Level noisy = variance_preserving(1e-6), clean = variance_preserving(1.0 - 1e-6);  // σ/α = 1000, and 1/1000
  CHECK(of(Kind::epsilon, Kind::sample, noisy) > 500.0);   // σ/α
  CHECK(of(Kind::sample, Kind::epsilon, clean) > 500.0);   // α/σ
  CHECK(of(Kind::epsilon, Kind::sample, clean) < 2.0);
  CHECK(of(Kind::sample, Kind::epsilon, noisy) < 2.0);
  for (const Level& level : {noisy, clean})
    for (const Kind to : {Kind::epsilon, Kind::sample}) {
      CHECK(of(Kind::v, to, level) < 3.0);
      CHECK(of(Kind::edm(1.0), to, level) < 3.0);
    }
  for (const double t : {0.001, 0.5, 0.999})
    for (const Kind to : {Kind::epsilon, Kind::sample}) CHECK(of(Kind::flow, to, rectified_flow(t)) < 5.0);
}
