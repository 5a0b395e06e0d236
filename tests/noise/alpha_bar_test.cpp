// SPDX-License-Identifier: MIT
#include <eigenguide/noise/alpha_bar.hpp>
#include <eigenguide/noise/alphas_cumprod.hpp>
#include <eigenguide/noise/sigmas.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

namespace {

const double pi = std::acos(-1.0);

double log_snr(double alpha_bar) { return std::log(alpha_bar) - std::log1p(-alpha_bar); }

}  // namespace

TEST_CASE("alpha_bar: each schedule is its formula") {
  for (int step = 1; step < 64; ++step) {
    const double t = step / 64.0;
    CHECK(CosineAlphaBar{}(t) == Approx(0.5 + 0.5 * std::cos(pi * (t + 0.008) / 1.008)).epsilon(1e-11));
    CHECK(CosineAlphaBar{0.0}(t) == Approx(std::pow(std::cos(pi * t / 2), 2)).epsilon(1e-12));
    CHECK(ExponentialAlphaBar{}(t) == Approx(std::pow(std::exp(t), -12.0)).epsilon(1e-13));
    CHECK(log_snr(LogLinearAlphaBar{}(t)) == Approx(10.0 - 20.0 * t).margin(1e-11));
  }
}

TEST_CASE("alpha_bar: Laplace's log-SNR has the quantiles of its distribution") {
  const LaplaceAlphaBar laplace{0.3, 0.8};
  for (int step = 1; step < 64; ++step) {
    const double t = step / 64.0, x = log_snr(laplace(t));
    // the distribution function of Laplace(μ, b)
    const double below = x < 0.3 ? 0.5 * std::exp((x - 0.3) / 0.8) : 1 - 0.5 * std::exp((0.3 - x) / 0.8);
    CHECK(1.0 - t == Approx(below).epsilon(1e-12));
  }
  CHECK(laplace(0.0) == 1.0);
  CHECK(laplace(1.0) == 0.0);
  CHECK(laplace(0.5) == Approx(1.0 / (1.0 + std::exp(-0.3))));
}

TEST_CASE("alpha_bar: falls from data to noise") {
  const auto falls = [](const auto& alpha_bar) {
    double before = alpha_bar(0.0);
    for (int step = 1; step <= 128; ++step) {
      const double here = alpha_bar(step / 128.0);
      if (!(here <= before && here >= 0.0)) return false;
      before = here;
    }
    return true;
  };
  CHECK(falls(CosineAlphaBar{}));
  CHECK(falls(ExponentialAlphaBar{}));
  CHECK(falls(LogLinearAlphaBar{}));
  CHECK(falls(LaplaceAlphaBar{}));
  CHECK(falls(StableCascadeAlphaBar{}));
  CHECK(falls(StableCascadeAlphaBar{4.0}));
}

TEST_CASE("alpha_bar: Stable Cascade's shift moves the log-SNR by 2 ln shift, within the limits") {
  CHECK(StableCascadeAlphaBar{}(0.0) == 1.0 - 1e-4);
  CHECK(StableCascadeAlphaBar{}(1.0) == 1e-4);
  CHECK(StableCascadeAlphaBar{8.0}(1.0) == 1e-4);
  for (const double t : {0.2, 0.5, 0.8}) {
    const double c = std::pow(std::cos((t + 0.008) / 1.008 * pi / 2) / std::cos(0.008 / 1.008 * pi / 2), 2);
    CHECK(StableCascadeAlphaBar{}(t) == Approx(c).epsilon(1e-13));
    CHECK(log_snr(StableCascadeAlphaBar{3.0}(t)) == Approx(log_snr(c) - 2.0 * std::log(3.0)).epsilon(1e-11));
  }
}

TEST_CASE("alpha_bar: the betas of a schedule multiply back to it") {
  const std::size_t count = 60;
  const auto table = alphas_cumprod(values(BetasOf{ExponentialAlphaBar{5.0}}, count));
  REQUIRE(table.size() == count);
  for (std::size_t i = 0; i < count; ++i)
    CHECK(table[i] == Approx(std::exp(-5.0 * double(i + 1) / double(count))).epsilon(1e-12));
}

TEST_CASE("alpha_bar: betas are capped, also after the signal has gone") {
  CHECK(BetasOf{CosineAlphaBar{}}(9, 10) == 0.999);
  CHECK(BetasOf{CosineAlphaBar{}, 0.5}(9, 10) == 0.5);
  CHECK(BetasOf{LaplaceAlphaBar{}, 1.0}(9, 10) == 1.0);
  CHECK(BetasOf{CosineAlphaBar{}}(0, 1) == 0.999);
  struct Gone {
    double operator()(double t) const { return t < 0.5 ? 1.0 : 0.0; }
  };
  CHECK(BetasOf{Gone{}}(3, 4) == 0.999);
}

TEST_CASE("alpha_bar: bad parameters are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(CosineAlphaBar{-1.0}(0.5), "`offset` is -1");
  CHECK_REJECTS(ExponentialAlphaBar{nan}(0.5), "`rate`");
  CHECK_REJECTS((LaplaceAlphaBar{0.0, 0.0}(0.5)), "`b` is 0; expected a finite positive number");
  CHECK_REJECTS((LaplaceAlphaBar{nan, 1.0}(0.5)), "`mu`");
  CHECK_REJECTS((LogLinearAlphaBar{nan, 1.0}(0.5)), "`log_snr_max`");
  CHECK_REJECTS((LogLinearAlphaBar{1.0, nan}(0.5)), "`log_snr_min`");
  CHECK_REJECTS((LogLinearAlphaBar{1e4, 1.0}(0.5)), "`log_snr_max` is 10000; expected a number in [-1000, 1000]");
  CHECK_REJECTS((LogLinearAlphaBar{1.0, 2.0}(0.5)), "`log_snr_min` is 2; expected a number from -1000 to `log_snr_max`");
  CHECK_REJECTS(StableCascadeAlphaBar{0.0}(0.5), "`shift` is 0");
  CHECK_REJECTS((BetasOf{CosineAlphaBar{}, 0.0}(0, 4)), "`max_beta` is 0");
  CHECK_REJECTS(BetasOf{CosineAlphaBar{}}(4, 4), "`i` is 4");
  CHECK_REJECTS(CosineAlphaBar{}(1.5), "`t` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(ExponentialAlphaBar{}(-0.5), "`t` is -0.5");
  CHECK_REJECTS(LaplaceAlphaBar{}(nan), "`t`");
  CHECK_REJECTS(LogLinearAlphaBar{}(nan), "`t`");
  CHECK_REJECTS(StableCascadeAlphaBar{}(2.0), "`t` is 2");
}
