// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_betas.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("diffusers_betas: laplace is the root of an alpha bar, with a little added to the logarithm") {
  for (const double t : {0.0, 0.1, 0.3, 0.5, 0.6, 0.9, 1.0}) {
    const double sign = t <= 0.5 ? 1.0 : -1.0;
    const double snr = std::exp(-0.5 * sign * std::log(1.0 - 2.0 * std::fabs(0.5 - t) + 1e-6));
    CHECK(diffusers::LaplaceAlphaBar{}(t) == Approx(std::sqrt(snr / (1.0 + snr))).epsilon(1e-14));
  }
  const double plain = LaplaceAlphaBar{0.0, 0.5}(0.25);
  CHECK(diffusers::LaplaceAlphaBar{}(0.25) == Approx(std::sqrt(plain)).epsilon(1e-5));
  CHECK(diffusers::LaplaceAlphaBar{}(0.0) < 1.0);
  CHECK(diffusers::LaplaceAlphaBar{}(1.0) > 0.0);
  CHECK_REJECTS(diffusers::LaplaceAlphaBar{}(2.0), "`t` is 2");
}

TEST_CASE("diffusers_betas: each name is its schedule") {
  diffusers::Training training;
  training.num_train_timesteps = 40;
  using diffusers::BetaSchedule;
  const std::size_t i = 17, count = 40;
  CHECK(training.betas()[i] == LinearBetas{1e-4, 0.02}(i, count));
  training.beta_schedule = BetaSchedule::scaled_linear;
  CHECK(training.betas()[i] == ScaledLinearBetas{1e-4, 0.02}(i, count));
  training.beta_schedule = BetaSchedule::sigmoid;
  CHECK(training.betas()[i] == SigmoidBetas{1e-4, 0.02}(i, count));
  training.beta_schedule = BetaSchedule::squaredcos_cap_v2;
  CHECK(training.betas()[i] == BetasOf{CosineAlphaBar{}}(i, count));
  CHECK(training.betas().back() == 0.999);
  training.beta_schedule = BetaSchedule::laplace;
  CHECK(training.betas()[i] == BetasOf{diffusers::LaplaceAlphaBar{}}(i, count));
}

TEST_CASE("diffusers_betas: rescaled, the last alpha bar is 0 and the last sigma that of 2^-24") {
  diffusers::Training training{diffusers::BetaSchedule::scaled_linear, 0.00085, 0.012, 1000, true};
  CHECK(training.betas().back() == 1.0);
  CHECK(training.alphas_cumprod().back() == 0.0);
  CHECK(training.sigmas().sigmas().back() == Approx(std::sqrt(0x1p24 - 1.0)).epsilon(1e-15));
  training.rescale_betas_zero_snr = false;
  CHECK(training.sigmas().sigmas().back() == Approx(14.6146412));
}

TEST_CASE("diffusers_betas: what is no training is rejected") {
  diffusers::Training training;
  training.num_train_timesteps = 0;
  CHECK(training.betas().empty());
  CHECK_REJECTS(training.sigmas(), "`sigmas` is empty");
  training = {};
  training.beta_end = 1.5;
  CHECK_REJECTS(training.betas(), "`beta_end` is 1.5");
}

TEST_CASE("diffusers_betas: a zero terminal SNR may end in less noise than it had before") {
  for (const auto schedule : {diffusers::BetaSchedule::linear, diffusers::BetaSchedule::sigmoid}) {
    diffusers::Training training;
    training.beta_schedule = schedule;
    training.rescale_betas_zero_snr = true;
    const SigmaTable table = training.sigmas();
    CHECK(table.sigmas()[998] > 4096.0);
    CHECK(table.sigmas()[999] == Approx(4096.0).epsilon(1e-6));
    CHECK(table.timestep(table.sigmas()[999]) == 999.0);
  }
}

TEST_CASE("diffusers_betas: more timesteps than a list has are rejected before one is made") {
  const auto training = [](std::size_t timesteps) {
    return diffusers::Training{diffusers::BetaSchedule::linear, 1e-4, 0.02, timesteps};
  };
  check_count_is_bounded("num_train_timesteps", [&](std::size_t timesteps) { return training(timesteps).betas(); });
  check_count_is_bounded("num_train_timesteps", [&](std::size_t timesteps) { return training(timesteps).sigmas(); });
}
