// SPDX-License-Identifier: MIT
#include <eigenguide/likelihood/probability_flow.hpp>

#include <eigenguide/likelihood/divergence.hpp>

#include <likelihood/mixture.hpp>
#include <support/catch.hpp>

#include <cmath>
#include <vector>

using namespace eigenguide;

TEST_CASE("probability_flow: the rates of every path are the derivatives of its level") {
  const auto check = [](const auto& path, double t) {
    const double h = 1e-6;
    const Level before = path(t - h).level, after = path(t + h).level;
    CHECK(path(t).alpha_rate == Approx((after.alpha - before.alpha) / (2 * h)).margin(1e-8));
    CHECK(path(t).sigma_rate == Approx((after.sigma - before.sigma) / (2 * h)).margin(1e-8));
  };
  for (const double t : {0.1, 0.5, 0.9}) {
    check(variance_exploding_path, 10.0 * t);
    check(rectified_flow_path, t);
    check(trigonometric_path, t);
    check(LinearBetaPath{}, t);
    check(FlowMatchingPath{0.1}, t);
  }
  const Level level = LinearBetaPath{}(0.3).level;
  CHECK(level.alpha * level.alpha + level.sigma * level.sigma == Approx(1.0).epsilon(1e-14));
  CHECK_REJECTS(LinearBetaPath{}(0.0), "`t` is 0");
  CHECK_REJECTS((LinearBetaPath{-1.0, 2.0}(0.5)), "`beta_min` is -1");
}

TEST_CASE("probability_flow: it is α̇ x₀ + σ̇ ε, in the forms that are known") {
  const Row<2> flow = probability_flow_row(Kind::flow, rectified_flow_path(0.3));
  CHECK(double(flow[0]) == Approx(1.0).epsilon(1e-15));
  CHECK(double(flow[1]) == Approx(0.0).margin(1e-15));
  const Row<2> opposite = probability_flow_row(Kind::flow_to_data, rectified_flow_path(0.3));
  CHECK(double(opposite[0]) == Approx(-1.0).epsilon(1e-15));
  const Row<2> denoiser = probability_flow_row(Kind::sample, variance_exploding_path(4.0));
  CHECK(double(denoiser[0]) == Approx(-0.25));
  CHECK(double(denoiser[1]) == Approx(0.25));
  // Variance preserving: −β/2 (x + score), Song et al.'s.
  const LinearBetaPath path;
  const double beta = 0.1 + 0.4 * 19.9;
  const Row<2> score = probability_flow_row(Kind::score, path(0.4));
  CHECK(double(score[0]) == Approx(-0.5 * beta));
  CHECK(double(score[1]) == Approx(-0.5 * beta));

  CHECK_REJECTS(probability_flow_row(Kind::sample, variance_exploding_path(0.0)), "`sigma` is 0");
  CHECK_REJECTS(probability_flow_row(Kind::epsilon, rectified_flow_path(1.0)), "`alpha` is 0");
  CHECK_REJECTS(probability_flow_row(Kind::flow, {{1.0, 1.0}, NAN, 0.0}), "`alpha_rate` is nan");
}

TEST_CASE("probability_flow: field and divergence are the same from every kind of prediction") {
  const Mixture mixture;
  const std::vector<double> x{0.4, -0.9};
  LikelihoodWorkspace<double> workspace;
  std::vector<Estimate> expected, found;
  for (const double t : {0.2, 0.7}) {
    divergence(ExactTrace{}, mixture.differentiated<double>(Kind::flow, rectified_flow_path), {t}, x, expected, workspace);
    for (const Kind kind : {Kind::epsilon, Kind::sample, Kind::v, Kind::flow, Kind::flow_to_data, Kind::score, Kind::edm()}) {
      divergence(ExactTrace{}, probability_flow(kind, rectified_flow_path, mixture.differentiated<double>(kind, rectified_flow_path)),
                 {t}, x, found, workspace);
      CHECK(found[0].value == Approx(expected[0].value).epsilon(1e-12));
      divergence(ExactTrace{}, probability_flow(kind, rectified_flow_path, finite_differences(mixture.predict<double>(kind, rectified_flow_path))),
                 {t}, x, found, workspace);
      CHECK(found[0].value == Approx(expected[0].value).epsilon(1e-7));
    }
  }
}
