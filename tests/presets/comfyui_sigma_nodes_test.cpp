// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_sigma_nodes.hpp>

#include <eigenguide/noise/laplace_sigmas.hpp>
#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;
using namespace eigenguide::comfyui;

TEST_CASE("comfyui_sigma_nodes: laplace is the plain one but for 1e-5") {
  const LaplaceScheduler node{1e-9, 1e9, 0.3, 0.5};
  const LaplaceSigmas plain{1e-9, 1e9, 0.3, 0.5};
  CHECK(node(3, 11) == Approx(plain(3, 11)).epsilon(1e-4));
  CHECK(node(3, 11) == Approx(std::exp(0.3 - 0.5 * std::log(0.6 + 1e-5))).epsilon(1e-13));
  CHECK(node(8, 11) == Approx(std::exp(0.3 + 0.5 * std::log(0.4 + 1e-5))).epsilon(1e-13));
  CHECK(node(5, 11) == Approx(std::exp(0.3)).epsilon(1e-13));
  CHECK(node(0, 11) == Approx(std::exp(0.3 - 0.5 * std::log(1e-5))).epsilon(1e-13));  // short of σ_max
  CHECK(LaplaceScheduler{}(0, 20) == 14.614642);
  CHECK(LaplaceScheduler{}(19, 20) == 0.0291675);
  CHECK(LaplaceScheduler{}(0, 1) == 14.614642);
}

TEST_CASE("comfyui_sigma_nodes: LTXV's shift by tokens and its stretch, by hand") {
  // 1024 tokens: μ = base_shift
  const auto plain = ltxv_sigmas(2, 2.0, std::log(3.0), false, 0.1, 1024);
  REQUIRE(plain.size() == 3);
  CHECK(plain[0] == 1.0);
  CHECK(plain[1] == Approx(0.75).epsilon(1e-14));
  CHECK(plain[2] == 0.0);
  const auto stretched = ltxv_sigmas(4, std::log(3.0), 0.0, true, 0.1);  // 4096 tokens: max_shift
  const double factor = 0.9 / (1.0 - 0.5);  // 3 · ¼ / (1 + 2 · ¼) = ½ becomes 0.1
  CHECK(stretched[0] == 1.0);
  CHECK(stretched[2] == Approx(1.0 - 0.25 * factor).epsilon(1e-14));
  CHECK(stretched[3] == Approx(0.1).epsilon(1e-13));
  CHECK(stretched[4] == 0.0);
}

TEST_CASE("comfyui_sigma_nodes: LTXV's one step has nothing to stretch") {
  CHECK(ltxv_sigmas(1) == std::vector<double>{1.0, 0.0});
  CHECK(ltxv_sigmas(0).empty());
}

TEST_CASE("comfyui_sigma_nodes: the tables, at their own number of steps and others") {
  CHECK(table_sigmas(StepTableModel::ays_sd1, 10)[1] == 6.4745760956);
  CHECK(table_sigmas(StepTableModel::ays_sdxl, 10)[9] == 0.1114188177);
  CHECK(table_sigmas(StepTableModel::ays_svd, 10)[0] == 700.0);
  CHECK(table_sigmas(StepTableModel::optimal_flux, 10)[9] == 0.2808);
  CHECK(table_sigmas(StepTableModel::optimal_wan, 20)[19] == 0.208);
  CHECK(table_sigmas(StepTableModel::optimal_chroma, 40)[39] == 0.048);
  for (const auto model : {StepTableModel::ays_sd1, StepTableModel::ays_sdxl, StepTableModel::ays_svd,
                           StepTableModel::optimal_flux, StepTableModel::optimal_wan, StepTableModel::optimal_chroma}) {
    const auto list = table_sigmas(model, 33);
    REQUIRE(list.size() == 34);
    for (std::size_t i = 0; i + 1 < list.size(); ++i) REQUIRE(list[i] > list[i + 1]);
    CHECK(list.back() == 0.0);
  }
}

TEST_CASE("comfyui_sigma_nodes: denoise keeps the end of a table, half rounded to even") {
  const auto whole = table_sigmas(StepTableModel::ays_sd1, 10);
  CHECK(table_sigmas(StepTableModel::ays_sd1, 10, 0.25) == std::vector<double>(whole.end() - 3, whole.end()));
  CHECK(table_sigmas(StepTableModel::ays_sd1, 10, 0.75) == std::vector<double>(whole.end() - 9, whole.end()));
  CHECK(table_sigmas(StepTableModel::ays_sd1, 10, 1.5) == whole);
  CHECK(table_sigmas(StepTableModel::ays_sd1, 10, 0.01) == std::vector<double>{0.0});
  CHECK(table_sigmas(StepTableModel::ays_sd1, 10, 0.0).empty());
  CHECK(table_sigmas(StepTableModel::ays_sd1, 0).empty());
}

TEST_CASE("comfyui_sigma_nodes: what is no schedule is rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS((LaplaceScheduler{0.0, 1.0, 0.0, 0.5}(0, 2)), "`sigma_min` is 0");
  CHECK_REJECTS((LaplaceScheduler{0.1, 1.0, nan, 0.5}(0, 2)), "`mu` is nan");
  CHECK_REJECTS((LaplaceScheduler{0.1, 1.0, 0.0, -0.5}(0, 2)), "`beta` is -0.5");
  CHECK_REJECTS(ltxv_sigmas(5, nan), "`max_shift` is nan");
  CHECK_REJECTS(ltxv_sigmas(5, 1e6), "`max_shift` is 1e+06");
  CHECK_REJECTS(ltxv_sigmas(5, 2.05, 0.95, true, 1.0), "`terminal` is 1");
  CHECK_REJECTS(table_sigmas(StepTableModel::ays_sd1, 5, nan), "`denoise` is nan");
  CHECK_REJECTS(table_sigmas(static_cast<StepTableModel>(99), 5), "`model`");
}

TEST_CASE("comfyui_sigma_nodes: more steps than a list has are rejected before one is made") {
  check_count_is_bounded("steps", [](std::size_t steps) { return ltxv_sigmas(steps); });
  check_count_is_bounded("steps", [](std::size_t steps) { return table_sigmas(StepTableModel::ays_sd1, steps); });
}
