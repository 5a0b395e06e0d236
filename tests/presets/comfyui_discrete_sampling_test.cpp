// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_discrete_sampling.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;
using comfyui::BetaSchedule;
using comfyui::ModelSamplingDiscrete;

TEST_CASE("comfyui_discrete_sampling: unconfigured it is Stable Diffusion's table") {
  const ModelSamplingDiscrete model;
  double alpha_bar = 1.0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const double root = std::sqrt(0.00085) + (std::sqrt(0.012) - std::sqrt(0.00085)) * static_cast<double>(i) / 999.0;
    alpha_bar *= 1.0 - root * root;
    REQUIRE(model[i] == Approx(std::sqrt((1.0 - alpha_bar) / alpha_bar)).epsilon(1e-12));
  }
  CHECK(model.size() == 1000);
}

TEST_CASE("comfyui_discrete_sampling: the schedules have names of their own") {
  const double first = 0.001, last = 0.02;
  const auto beta = [](const ModelSamplingDiscrete& model) { return 1.0 - 1.0 / (model[0] * model[0] + 1.0); };
  CHECK(beta(ModelSamplingDiscrete(BetaSchedule::linear, first, last, false, 10)) == Approx(first));
  CHECK(beta(ModelSamplingDiscrete(BetaSchedule::sqrt, first, last, false, 10)) == Approx(std::sqrt(first)));
  // The second of three: the mean, the square of the mean of roots.
  const auto second = [](const ModelSamplingDiscrete& model) {
    return 1.0 - (model[0] * model[0] + 1.0) / (model[1] * model[1] + 1.0);
  };
  CHECK(second(ModelSamplingDiscrete(BetaSchedule::sqrt_linear, first, last, false, 3)) == Approx(0.0105));
  const double root = 0.5 * (std::sqrt(first) + std::sqrt(last));
  CHECK(second(ModelSamplingDiscrete(BetaSchedule::linear, first, last, false, 3)) == Approx(root * root));
  const double angle = 0.008 / 1.008 * std::acos(0.0), next = (0.25 + 0.008) / 1.008 * std::acos(0.0);
  CHECK(beta(ModelSamplingDiscrete(BetaSchedule::cosine, first, last, false, 4)) ==
        Approx(1.0 - std::pow(std::cos(next) / std::cos(angle), 2.0)));
}

TEST_CASE("comfyui_discrete_sampling: between timesteps the logarithm is linear, back it is rounded") {
  const ModelSamplingDiscrete model;
  CHECK(model.sigma(10.25) == Approx(std::pow(model[10], 0.75) * std::pow(model[11], 0.25)).epsilon(1e-13));
  CHECK(model.sigma(-5.0) == model[0]);
  CHECK(model.sigma(5000.0) == model[999]);
  CHECK(model.timestep(model.sigma(500.4)) == 500.0);
  CHECK(model.timestep(model.sigma(500.6)) == 501.0);
  CHECK(model.timestep(0.0) == 0.0);
}

TEST_CASE("comfyui_discrete_sampling: a share of a run, and its ends") {
  const ModelSamplingDiscrete model;
  CHECK(model.percent_to_sigma(0.0) == 999999999.9);
  CHECK(model.percent_to_sigma(-1.0) == 999999999.9);
  CHECK(model.percent_to_sigma(1.0) == 0.0);
  CHECK(model.percent_to_sigma(0.25) == model.sigma(749.25));
  // 999 it is, whatever the number of timesteps
  const ModelSamplingDiscrete shorter(BetaSchedule::linear, 0.00085, 0.012, false, 100);
  CHECK(shorter.percent_to_sigma(0.25) == shorter[99]);
}

TEST_CASE("comfyui_discrete_sampling: zero terminal SNR has a last level, and keeps the first") {
  const ModelSamplingDiscrete plain, zero(BetaSchedule::linear, 0.00085, 0.012, true);
  CHECK(zero[999] == Approx(std::sqrt(1.0 / 4.8973451890853435e-08 - 1.0)).epsilon(1e-12));
  CHECK(zero[0] == Approx(plain[0]).epsilon(1e-12));
  // The same line through √ᾱ, to 0 at the last.
  const auto root = [](double sigma) { return 1.0 / std::sqrt(sigma * sigma + 1.0); };
  const double first = root(plain[0]), last = root(plain[999]);
  CHECK(root(zero[400]) == Approx((root(plain[400]) - last) * first / (first - last)).epsilon(1e-12));
}

TEST_CASE("comfyui_discrete_sampling: tables that have nothing to rescale") {
  CHECK(comfyui::rescale_zero_terminal_snr_sigmas({}).empty());
  const auto one = comfyui::rescale_zero_terminal_snr_sigmas({0.5});
  REQUIRE(one.size() == 1);
  CHECK(one[0] == Approx(4518.763698655856).epsilon(1e-12));
  CHECK(comfyui::rescale_zero_terminal_snr_sigmas({0.5, 0.5})[0] == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("comfyui_discrete_sampling: what is no model is rejected") {
  CHECK_REJECTS(ModelSamplingDiscrete(BetaSchedule::linear, -0.1), "`beta_start` is -0.1");
  CHECK_REJECTS(ModelSamplingDiscrete(BetaSchedule::linear, 0.1, 0.2, false, 0), "`sigmas` is empty");
  CHECK_REJECTS(ModelSamplingDiscrete(static_cast<BetaSchedule>(9)), "`schedule`");
  CHECK_REJECTS(ModelSamplingDiscrete()[1000], "`index` is 1000");
  CHECK_REJECTS(ModelSamplingDiscrete().timestep(-1.0), "`sigma` is -1");
  CHECK_REJECTS(ModelSamplingDiscrete().percent_to_sigma(std::numeric_limits<double>::quiet_NaN()), "`percent` is nan");
  CHECK_REJECTS(comfyui::rescale_zero_terminal_snr_sigmas({0.1, -1.0}), "`sigmas` is -1");
}

TEST_CASE("comfyui_discrete_sampling: a zero terminal SNR may end in less noise than it had before") {
  const comfyui::ModelSamplingDiscrete model(comfyui::BetaSchedule::sqrt_linear, 0.0015, 0.0195, true);
  CHECK(model[999] == Approx(4518.76).epsilon(1e-6));
  CHECK(model[998] > model[999]);
  CHECK(model.timestep(model[999]) == 999.0);
  CHECK(model.timestep(model[998]) == 998.0);
  CHECK(model.timestep(model[500]) == 500.0);
}

TEST_CASE("comfyui_discrete_sampling: more timesteps than a list has are rejected before one is made") {
  check_count_is_bounded("timesteps", [](std::size_t timesteps) {
    return comfyui::ModelSamplingDiscrete(comfyui::BetaSchedule::linear, 0.00085, 0.012, false, timesteps);
  });
}
