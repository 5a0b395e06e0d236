// SPDX-License-Identifier: MIT
#include <eigenguide/prediction/conversion.hpp>

#include <support/catch.hpp>

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
