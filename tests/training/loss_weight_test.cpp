// SPDX-License-Identifier: MIT
#include <eigenguide/training/loss_weight.hpp>

#include <eigenguide/prediction/conversion.hpp>
#include <eigenguide/prediction/preconditioning.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace eigenguide;

namespace {

constexpr Kind kinds[] = {Kind::epsilon,      Kind::sample, Kind::v,          Kind::flow,
                          Kind::flow_to_data, Kind::score,  Kind::edm(0.7)};

/// The factor by which an error of `kind` is one of x₀.
double error_in_x0(const Kind& kind, const Level& level) {
  return double(Conversion{kind, Kind::sample}(level)[Conversion::prediction]);
}

}  // namespace

TEST_CASE("loss_weight: the signal-to-noise ratio") {
  CHECK(snr({0.6, 0.3}) == Approx(4.0));
  CHECK(snr(variance_preserving(0.2)) == Approx(0.25));
  CHECK(snr({0.0, 1.0}) == 0.0);
  CHECK(snr({1.0, 0.0}) == std::numeric_limits<double>::infinity());
  CHECK_REJECTS(snr({0.0, 0.0}), "`alpha` is 0");
}

TEST_CASE("loss_weight: min-SNR is the paper's on both sides of gamma") {
  for (const double alpha_bar : {0.05, 0.3, 0.8, 0.9, 0.999}) {
    const Level level = variance_preserving(alpha_bar);
    const double ratio = alpha_bar / (1 - alpha_bar), least = std::min(ratio, 5.0);
    CHECK(MinSnr{Kind::epsilon}(level) == Approx(least / ratio));
    CHECK(MinSnr{Kind::sample}(level) == Approx(least));
    CHECK(MinSnr{Kind::v}(level) == Approx(least / (ratio + 1)));
  }
}

TEST_CASE("loss_weight: of every kind the weight is that of its error in x0") {
  for (const Level& level : {variance_preserving(0.3), variance_exploding(5.0), rectified_flow(0.2), Level{2.0, 0.1}})
    for (const Kind& kind : kinds) {
      const double share = error_in_x0(kind, level), squared = share * share, ratio = snr(level);
      INFO(int(kind.name) << " at " << ratio);
      CHECK(MinSnr{kind, 3.0}(level) == Approx(std::min(ratio, 3.0) * squared));
      CHECK(SoftMinSnr{kind, 3.0}(level) == Approx(3.0 * ratio / (ratio + 3.0) * squared));
    }
}

TEST_CASE("loss_weight: the ends have their limits") {
  const Level noise{0.0, 1.0}, data{1.0, 0.0};
  CHECK(MinSnr{Kind::epsilon}(noise) == 1.0);
  CHECK(SoftMinSnr{Kind::epsilon}(noise) == 1.0);
  CHECK(MinSnr{Kind::score}({0.0, 2.0}) == Approx(4.0));
  for (const Kind& kind : {Kind::sample, Kind::v, Kind::flow, Kind::edm()}) {
    CHECK(MinSnr{kind}(noise) == 0.0);
    CHECK(SoftMinSnr{kind}(noise) == 0.0);
  }
  CHECK(MinSnr{Kind::sample}(data) == 5.0);
  CHECK(SoftMinSnr{Kind::sample}(data) == 5.0);
  for (const Kind& kind : {Kind::epsilon, Kind::v, Kind::flow}) {
    CHECK(MinSnr{kind}(data) == 0.0);
    CHECK(SoftMinSnr{kind}(data) == 0.0);
  }
  CHECK(SoftMinSnr{Kind::epsilon}({1e-9, 1.0}) == Approx(1.0));
  CHECK(MinSnr{Kind::edm(0.5)}(data) == 0.0);
}

TEST_CASE("loss_weight: levels whose squares are beyond double have weights") {
  for (const double scale : {1e-170, 1.0, 1e170}) {
    const Level level{2.0 * scale, scale};  // SNR 4
    CHECK(MinSnr{Kind::epsilon, 2.0}(level) == Approx(0.5));
    CHECK(SoftMinSnr{Kind::sample, 4.0}(level) == Approx(2.0));
    CHECK(P2{}(level) == Approx(0.2));
  }
  CHECK(MinSnr{Kind::epsilon}({1.0, 1e170}) == 1.0);
  CHECK(SoftMinSnr{Kind::epsilon}({1.0, 1e170}) == 1.0);
  CHECK(P2{}({1.0, 1e170}) == 1.0);
  CHECK(edm_weight(1e170) == 4.0);
}

TEST_CASE("loss_weight: soft-min-SNR is below min-SNR, and k-diffusion's for F") {
  const double sigma_data = 0.5, d = sigma_data * sigma_data;
  for (const double sigma : {0.01, 0.3, 1.0, 20.0}) {
    const Level level = variance_exploding(sigma);
    const double s = sigma * sigma;
    CHECK(SoftMinSnr{Kind::edm(sigma_data), 1 / d}(level) == Approx(s * d / ((s + d) * (s + d))));
    CHECK(SoftMinSnr{Kind::sample}(level) < MinSnr{Kind::sample}(level));
  }
}

TEST_CASE("loss_weight: P2") {
  CHECK(P2{1.0, 1.0}({0.6, 0.3}) == Approx(0.2));
  CHECK(P2{2.0, 0.5}({0.6, 0.3}) == Approx(1 / std::sqrt(6.0)));
  CHECK(P2{1.0, 0.0}({1.0, 0.0}) == 1.0);
  CHECK(P2{}({1.0, 0.0}) == 0.0);
  CHECK(P2{2.0, 1.0}({0.0, 1.0}) == 0.5);
}

TEST_CASE("loss_weight: EDM's is 1 for F") {
  for (const double sigma : {0.002, 0.5, 80.0}) {
    const double c_out = double(Preconditioning{Kind::edm(0.5), Coordinates::variance_preserving, 0.5}
                                    .weights(variance_exploding(sigma)).c_out);
    CHECK(edm_weight(sigma, 0.5) * c_out * c_out == Approx(1.0));
  }
}

TEST_CASE("loss_weight: SD3's") {
  CHECK(sigma_sqrt_weight(0.5) == 4.0);
  CHECK(sigma_sqrt_weight(0.0) == std::numeric_limits<double>::infinity());
  CHECK(cosmap_weight(0.5) == Approx(4 / 3.141592653589793));
  double mean = 0;  // a density: its integral is 1
  for (int i = 0; i < 1000; ++i) mean += cosmap_weight((i + 0.5) / 1000) / 1000;
  CHECK(mean == Approx(1.0).epsilon(1e-6));
}

TEST_CASE("loss_weight: bad parameters are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Level level{0.8, 0.6};
  CHECK_REJECTS((MinSnr{Kind::v, 0.0}(level)), "`gamma` is 0; expected a positive number");
  CHECK_REJECTS((MinSnr{Kind::v, nan}(level)), "`gamma`");
  CHECK_REJECTS((MinSnr{}({-1.0, 1.0})), "`alpha` is -1");
  CHECK_REJECTS((MinSnr{Kind::score}({1.0, 0.0})), "`sigma` is 0");
  CHECK_REJECTS((SoftMinSnr{Kind::v, -1.0}(level)), "`gamma` is -1");
  CHECK_REJECTS((P2{0.0, 1.0}(level)), "`k` is 0");
  CHECK_REJECTS((P2{1.0, -1.0}(level)), "`gamma` is -1");
  CHECK_REJECTS(edm_weight(0.0), "`sigma` is 0");
  CHECK_REJECTS(edm_weight(1.0, 0.0), "`sigma_data` is 0");
  CHECK_REJECTS(sigma_sqrt_weight(1.5), "`t` is 1.5");
  CHECK_REJECTS(cosmap_weight(nan), "`t`");
}
