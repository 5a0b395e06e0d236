// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_schedulers.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;
using namespace eigenguide::comfyui;

namespace {

constexpr Scheduler all[] = {Scheduler::simple,           Scheduler::sgm_uniform, Scheduler::karras,
                             Scheduler::exponential,      Scheduler::ddim_uniform, Scheduler::beta,
                             Scheduler::normal,           Scheduler::linear_quadratic, Scheduler::kl_optimal};

/// Ten levels, each twice the one before; its timestep is the level's number.
struct Doubling {
  double first = 1.0;

  static constexpr std::size_t size() { return 10; }
  double operator[](std::size_t index) const { return std::ldexp(first, static_cast<int>(index)); }
  double sigma(double t) const { return first * std::exp2(t); }
  double timestep(double sigma) const { return std::log2(sigma / first); }
};

void check_close(const std::vector<double>& list, const std::vector<double>& expected) {
  REQUIRE(list.size() == expected.size());
  for (std::size_t i = 0; i < list.size(); ++i) CHECK(list[i] == Approx(expected[i]).epsilon(1e-13));
}

}  // namespace

TEST_CASE("comfyui_schedulers: those of the table, by hand") {
  check_close(simple_scheduler(Doubling{}, 4), {512.0, 128.0, 16.0, 4.0, 0.0});  // 0, 2.5, 5, 7.5 from the end
  check_close(ddim_scheduler(Doubling{}, 3), {128.0, 16.0, 2.0, 0.0});
  check_close(ddim_scheduler(Doubling{}, 4), {512.0, 128.0, 32.0, 8.0, 2.0, 0.0});  // one more than asked
  check_close(ddim_scheduler(Doubling{}, 99), {512.0, 256.0, 128.0, 64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 0.0});
}

TEST_CASE("comfyui_schedulers: those of the timesteps, by hand") {
  check_close(normal_scheduler(Doubling{}, 4), {512.0, 64.0, 8.0, 1.0, 0.0});
  check_close(normal_scheduler(Doubling{}, 3, true), {512.0, 64.0, 8.0, 0.0});
}

TEST_CASE("comfyui_schedulers: a table that ends at nothing needs no 0") {
  const Doubling tiny{1e-6};
  check_close(normal_scheduler(tiny, 3), {512e-6, 64e-6, 8e-6, 1e-6});
  check_close(normal_scheduler(tiny, 3, true), {512e-6, 64e-6, 8e-6, 0.0});
  check_close(ddim_scheduler(tiny, 2), {128e-6, 16e-6, 2e-6});
  // The greatest level that is none.
  check_close(normal_scheduler(Doubling{1e-5}, 3), {512e-5, 64e-5, 8e-5, 1e-5});
  check_close(ddim_scheduler(Doubling{5e-6}, 2), {640e-6, 80e-6, 10e-6});
}

TEST_CASE("comfyui_schedulers: beta's even quantiles, and those that coincide once") {
  // α = β = 1 has p itself: round(9 p) of 1, 0.8, 0.6, 0.4, 0.2
  check_close(beta_scheduler(Doubling{}, 5, 1.0, 1.0), {512.0, 128.0, 32.0, 16.0, 4.0, 0.0});
  const auto dense = beta_scheduler(Doubling{}, 500);
  CHECK(dense.size() == 11);
  // Half an index is rounded to the even one: 4.5 of ½.
  check_close(beta_scheduler(Doubling{}, 2), {512.0, 16.0, 0.0});
}

TEST_CASE("comfyui_schedulers: the schedules of the range are the plain ones") {
  const ModelSamplingDiscrete model;
  const double min = sigma_min(model), max = sigma_max(model);
  CHECK(calculate_sigmas(model, Scheduler::karras, 7) == sigmas(Karras{min, max, 7.0}, 7));
  CHECK(calculate_sigmas(model, Scheduler::exponential, 7) == sigmas(Exponential{min, max}, 7));
  CHECK(calculate_sigmas(model, Scheduler::kl_optimal, 7) == sigmas(KlOptimal{min, max, 1.0}, 7));
  CHECK(calculate_sigmas(model, Scheduler::linear_quadratic, 7) == sigmas(LinearQuadratic{0.025, {}, max}, 7));
  CHECK(calculate_sigmas(model, Scheduler::sgm_uniform, 7) == normal_scheduler(model, 7, true));
}

TEST_CASE("comfyui_schedulers: every list falls to its end, for any number of steps and model") {
  const auto check = [](const auto& model) {
    for (const Scheduler scheduler : all)
      for (const std::size_t steps : {1u, 2u, 3u, 10u, 37u, 1500u}) {
        const auto list = calculate_sigmas(model, scheduler, steps);
        REQUIRE(list.size() >= 2);
        REQUIRE(list.back() == 0.0);
        for (std::size_t i = 0; i + 1 < list.size(); ++i) REQUIRE(list[i] >= list[i + 1]);
        for (const double sigma : list) REQUIRE(is_finite(sigma));
      }
  };
  check(ModelSamplingDiscrete());
  check(ModelSamplingDiscreteFlow{1.7, 1000.0});
  check(ModelSamplingContinuousV());
}

TEST_CASE("comfyui_schedulers: no steps have no levels, one step starts at the greatest") {
  const ModelSamplingDiscrete model;
  for (const Scheduler scheduler : all) {
    CHECK(calculate_sigmas(model, scheduler, 0).empty());
    if (scheduler == Scheduler::ddim_uniform) continue;  // its first entry is the second of the table
    const auto list = calculate_sigmas(model, scheduler, 1);
    REQUIRE(list.size() == 2);
    CHECK(list[0] == Approx(sigma_max(model)).epsilon(1e-13));
  }
}

TEST_CASE("comfyui_schedulers: denoise keeps the end of a longer run") {
  const ModelSamplingDiscrete model;
  const auto longer = calculate_sigmas(model, Scheduler::normal, 34);  // 12 / 0.35 = 34.3
  CHECK(basic_scheduler(model, Scheduler::normal, 12, 0.35) ==
        std::vector<double>(longer.end() - 13, longer.end()));
  CHECK(basic_scheduler(model, Scheduler::normal, 12, 1.0) == calculate_sigmas(model, Scheduler::normal, 12));
  CHECK(basic_scheduler(model, Scheduler::normal, 12, 7.0) == calculate_sigmas(model, Scheduler::normal, 12));
  CHECK(basic_scheduler(model, Scheduler::normal, 12, 0.0).empty());
  CHECK(basic_scheduler(model, Scheduler::normal, 0, 0.5).empty());
}

TEST_CASE("comfyui_schedulers: what is no run is rejected") {
  const ModelSamplingDiscrete model;
  CHECK_REJECTS(calculate_sigmas(model, static_cast<Scheduler>(99), 5), "`scheduler`");
  CHECK_REJECTS(beta_scheduler(model, 5, 0.0, 0.6), "`alpha` is 0");
  CHECK_REJECTS(basic_scheduler(model, Scheduler::normal, 5, 1e-12), "`denoise` is 1e-12");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(basic_scheduler(model, Scheduler::normal, 5, nan), "`denoise` is nan");
}

TEST_CASE("comfyui_schedulers: more steps than a list has are rejected before one is made") {
  const Doubling model, tiny{1e-6};
  for (const Scheduler scheduler : all) {
    check_count_is_bounded("steps", [&](std::size_t steps) { return calculate_sigmas(model, scheduler, steps); });
    check_count_is_bounded("steps", [&](std::size_t steps) { return basic_scheduler(model, scheduler, steps); });
  }
  check_count_is_bounded("steps", [&](std::size_t steps) { return simple_scheduler(model, steps); });
  check_count_is_bounded("steps", [&](std::size_t steps) { return ddim_scheduler(tiny, steps); });
  check_count_is_bounded("steps", [&](std::size_t steps) { return normal_scheduler(model, steps); });
  check_count_is_bounded("steps", [&](std::size_t steps) { return normal_scheduler(model, steps, true); });
  check_count_is_bounded("steps", [&](std::size_t steps) { return beta_scheduler(model, steps); });
}
