// SPDX-License-Identifier: MIT
#include <eigenguide/presets/musubi_tuner.hpp>

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <support/catch.hpp>

#include <string>

using namespace eigenguide;
using musubi_tuner::CfgSkipMode;
using musubi_tuner::SlgMode;

namespace {

const Eigen::Vector3d c(1.0, 2.0, -3.0), u(0.5, -1.0, 2.0), p(0.0, 2.5, 1.0);

/// The steps of a run, 1 where it is guided.
std::string steps(CfgSkipMode mode, std::optional<double> ratio, std::size_t count) {
  std::string all;
  for (std::size_t step = 0; step < count; ++step) all += musubi_tuner::CfgSkip{mode, ratio}.contains({step, count, {}}) ? '1' : '0';
  return all;
}

Eigen::Vector3d guided(const musubi_tuner::Guidance& guidance, std::size_t step, bool applies = true) {
  return guide(with(guidance.at(step, 10, applies), perturbed(p)), c, guidance.takes_perturbed(step, 10) ? p : u);
}

}  // namespace

TEST_CASE("musubi-tuner steps: a share of them is guided, of which the odd one goes to the end") {
  CHECK(steps(CfgSkipMode::early, 0.5, 7) == "0000111");  // int(3.5) of 7
  CHECK(steps(CfgSkipMode::late, 0.5, 7) == "1110000");
  CHECK(steps(CfgSkipMode::middle, 0.5, 7) == "1000011");
  CHECK(steps(CfgSkipMode::early_late, 0.5, 8) == "00111100");
  CHECK(steps(CfgSkipMode::early_late, 0.5, 7) == "0011100");
  CHECK(steps(CfgSkipMode::early_late, 0.4, 5) == "01100");
  CHECK(steps(CfgSkipMode::alternate, 0.5, 7) == "0101010");
  CHECK(steps(CfgSkipMode::alternate, 0.75, 8) == "01110111");
}

TEST_CASE("musubi-tuner steps: none, all, and no ratio") {
  for (const CfgSkipMode mode : {CfgSkipMode::early, CfgSkipMode::late, CfgSkipMode::middle, CfgSkipMode::early_late,
                                 CfgSkipMode::alternate}) {
    CHECK(steps(mode, 0.0, 5) == "00000");
    CHECK(steps(mode, 1.0, 5) == "11111");
    CHECK(steps(mode, std::nullopt, 5) == "11111");
  }
  CHECK(steps(CfgSkipMode::none, 0.2, 5) == "11111");
  CHECK_REJECTS(steps(CfgSkipMode::early, 1.5, 5), "`ratio` is 1.5; expected a number in [0, 1]");
}

TEST_CASE("musubi-tuner guidance: skipped layers are added, or take the place of the null prompt") {
  musubi_tuner::Guidance guidance{5.0, SlgMode::original, 3.0, 0.2, 0.5};
  CHECK(guided(guidance, 1).isApprox(u + 5.0 * (c - u), 1e-14));
  CHECK(guided(guidance, 2).isApprox(u + 5.0 * (c - u) + 3.0 * (c - p), 1e-14));
  CHECK(guided(guidance, 4).isApprox(u + 5.0 * (c - u) + 3.0 * (c - p), 1e-14));
  CHECK(guided(guidance, 5).isApprox(u + 5.0 * (c - u), 1e-14));
  guidance.slg_mode = SlgMode::uncond;
  CHECK(guided(guidance, 1).isApprox(u + 5.0 * (c - u), 1e-14));
  CHECK(guided(guidance, 2).isApprox(p + 5.0 * (c - p), 1e-14));
  guidance.slg_mode = SlgMode::none;
  CHECK(guided(guidance, 2).isApprox(u + 5.0 * (c - u), 1e-14));
}

TEST_CASE("musubi-tuner guidance: a step that is left out is the conditional prediction") {
  for (const SlgMode mode : {SlgMode::none, SlgMode::original, SlgMode::uncond})
    CHECK(guided({5.0, mode, 3.0, 0.0, 1.0}, 3, false) == c);
}
