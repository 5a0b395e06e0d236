// SPDX-License-Identifier: MIT
#include <eigenguide/presets/guided_diffusion.hpp>
#include <eigenguide/noise/sigmas.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("guided_diffusion: the linear betas of any number of timesteps make about as much noise") {
  CHECK(guided_diffusion::linear_betas(1000).beta_start == Approx(1e-4));
  CHECK(guided_diffusion::linear_betas(1000).beta_end == Approx(0.02));
  CHECK(guided_diffusion::linear_betas(40).beta_end == Approx(0.5));
  const auto log_left = [](std::size_t count) {
    return std::log(alphas_cumprod(values(guided_diffusion::linear_betas(count), count)).back());
  };
  CHECK(log_left(4000) == Approx(log_left(1000)).epsilon(0.02));
}

TEST_CASE("guided_diffusion: fewer than 20 timesteps have a beta above 1") {
  CHECK(values(guided_diffusion::linear_betas(20), 20).back() == 1.0);
  CHECK_REJECTS(values(guided_diffusion::linear_betas(19), 19), "`beta_end`");
  CHECK_REJECTS(guided_diffusion::linear_betas(0), "`num_timesteps` is 0");
}

TEST_CASE("guided_diffusion: the posterior of every timestep, and its log variance without the first's") {
  const std::vector<double> betas{0.1, 0.2, 0.3};
  const auto steps = guided_diffusion::posteriors(betas);
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].variance == 0.0);
  CHECK(steps[2].variance == posterior(0.9 * 0.8 * 0.7, 0.9 * 0.8).variance);
  const auto logs = guided_diffusion::posterior_log_variance_clipped(betas);
  REQUIRE(logs.size() == 3);
  CHECK(logs[0] == logs[1]);
  CHECK(logs[1] == Approx(std::log(steps[1].variance)));
  CHECK(logs[2] == Approx(std::log(steps[2].variance)));
}

TEST_CASE("guided_diffusion: no timesteps, and too few for a second variance") {
  CHECK(guided_diffusion::posteriors({}).empty());
  CHECK(guided_diffusion::posterior_log_variance_clipped({}).empty());
  CHECK_REJECTS(guided_diffusion::posterior_log_variance_clipped({0.5}), "`betas` is 1; expected at least 2 timesteps");
  CHECK_REJECTS(guided_diffusion::posteriors({1.5}), "`betas` is 1.5");
}
