// SPDX-License-Identifier: MIT
#include <eigenguide/core.hpp>

#include <support/catch.hpp>

#include <vector>

using namespace eigenguide;

namespace {

/// Calls `action` with every schedule of noise levels, and its first and last value.
template <class Action>
void for_all_sampling_schedules(const Action& action) {
  const double low = 0.03, high = 14.6;
  action("karras", Karras{low, high, 7.0}, high, low);
  action("exponential", Exponential{low, high}, high, low);
  action("polyexponential", Polyexponential{low, high, 2.0}, high, low);
  action("laplace", LaplaceSigmas{low, high}, high, low);
  action("kl_optimal", KlOptimal{low, high}, high, low);
}

/// Calls `action` with every training schedule.
template <class Action>
void for_all_training_schedules(const Action& action) {
  action("linear", LinearBetas{});
  action("scaled_linear", ScaledLinearBetas{});
  action("sigmoid", SigmoidBetas{});
  action("cosine", BetasOf{CosineAlphaBar{}});
  action("exponential", BetasOf{ExponentialAlphaBar{}});
  action("laplace", BetasOf{LaplaceAlphaBar{}});
}

/// Calls `action` with every guidance schedule, unconfigured and configured.
template <class Action>
void for_all_guidance_schedules(const Action& action) {
  action("constant", Constant{}, Constant{5.0});
  action("linear", Linear{}, Linear{9.0, 1.5});
  action("cosine", Cosine{}, Cosine{9.0, 1.5, 2.0});
  action("triangle", Triangle{}, Triangle{1.0, 7.0, 0.3});
  action("beta", Beta{}, Beta{5.0, {2.0, 3.0}});
  action("within", within(StepWindow{}, Constant{}), within(StepWindow{0.1, 0.6}, Linear{9.0, 1.5}));
}

}  // namespace

TEST_CASE("law: noise levels fall from the first to the last, for every count of steps") {
  for_all_sampling_schedules([](const char* name, const auto& schedule, double first, double last) {
    INFO(name);
    CHECK(values(schedule, 0).empty());
    CHECK(sigmas(schedule, 0).empty());
    CHECK(sigmas(schedule, 1) == std::vector<double>{first, 0.0});
    for (const std::size_t count : {2u, 3u, 20u, 1000u, 100000u}) {
      const std::vector<double> all = sigmas(schedule, count);
      REQUIRE(all.size() == count + 1);
      CHECK(all.front() == first);
      CHECK(all[count - 1] == Approx(last).epsilon(1e-12));
      CHECK(all.back() == 0.0);
      bool falls = true;
      for (std::size_t i = 1; i < count; ++i) falls = falls && all[i] <= all[i - 1] && all[i] > 0.0;
      CHECK(falls);
    }
  });
}

TEST_CASE("law: a training schedule adds noise at every timestep, and its table falls") {
  for_all_training_schedules([](const char* name, const auto& schedule) {
    INFO(name);
    CHECK(values(schedule, 0).empty());
    for (const std::size_t count : {1u, 2u, 40u, 1000u}) {
      const std::vector<double> betas = values(schedule, count), table = alphas_cumprod(betas);
      bool in_range = true, falls = true;
      for (std::size_t i = 0; i < count; ++i) {
        in_range = in_range && betas[i] > 0.0 && betas[i] <= 1.0;
        falls = falls && table[i] < (i == 0 ? 1.0 : table[i - 1]) && table[i] >= 0.0;
      }
      CHECK(in_range);
      CHECK(falls);
      if (count > 1) {
        const std::vector<double> rescaled = rescale_zero_terminal_snr(table);
        CHECK(rescaled.front() == Approx(table.front()).epsilon(1e-14));
        CHECK(rescaled.back() == 0.0);
      }
    }
  });
}

TEST_CASE("law: unconfigured, every guidance schedule is the scale 1; configured it is finite, over any run") {
  for_all_guidance_schedules([](const char* name, const auto& unconfigured, const auto& configured) {
    INFO(name);
    for (const std::size_t count : {1u, 2u, 7u, 1000u}) {
      CHECK(scales_of(unconfigured, count) == std::vector<double>(count, 1.0));
      const std::vector<double> scales = scales_of(configured, count);
      bool finite = true;
      for (const double scale : scales) finite = finite && is_finite(scale);
      CHECK(finite);
      CHECK(scales_of(configured, count) == scales);
    }
  });
}
