// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_cfg_zero_star.hpp>

#include <eigenguide/guide/guide.hpp>
#include <support/catch.hpp>

#include <array>
#include <limits>

using namespace eigenguide;

namespace {

using Pair = std::array<double, 2>;

BatchView<const double> sample(const Pair& values) { return {values.data(), 1, 2}; }
BatchView<double> sample(Pair& values) { return {values.data(), 1, 2}; }

const Pair x{4.0, 4.0}, c{1.0, 2.0}, u{2.0, 4.0};  // x − c = (3, 2), x − u = (2, 0): α = 3/2

Pair node(double scale) {
  Pair out{};
  guide(comfyui::CfgZeroStar{scale}, sample(x), sample(c), sample(u), sample(out));
  return out;
}

}  // namespace

TEST_CASE("CFGZeroStar node: the scale of one space, used in another") {
  // α u + 3 (c − α u) = 3 c − 2 α u = (3, 6) − (6, 12)
  CHECK(node(3.0)[0] == Approx(-3.0));
  CHECK(node(3.0)[1] == Approx(-6.0));
  CHECK(node(1.0) == c);
}

TEST_CASE("CFGZeroStar node: CFG-Zero* in the hook's space is larger by (1 − s)(1 − α) x") {
  Pair out{};
  guide(cfg_zero_star::PaddedCfgZeroStar{3.0}, comfyui::hook_space, comfyui::hook_level, sample(x),
        sample(c), sample(u), sample(out));
  CHECK(out[0] - node(3.0)[0] == Approx((1.0 - 3.0) * (1.0 - 1.5) * x[0]));
  CHECK(out[1] - node(3.0)[1] == Approx((1.0 - 3.0) * (1.0 - 1.5) * x[1]));
}

TEST_CASE("CFGZeroStar node: its output may be an input") {
  Pair in_place = c;
  guide(comfyui::CfgZeroStar{3.0}, sample(x), sample(in_place), sample(u), sample(in_place));
  CHECK(in_place == node(3.0));
}

TEST_CASE("CFGZeroStar node: rejects before it writes") {
  Pair out{7.0, 7.0};
  const BatchView<const double> shorter(u.data(), 1, 1);
  CHECK_REJECTS(guide(comfyui::CfgZeroStar{3.0}, sample(x), sample(c), shorter, sample(out)), "`uncond`");
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK_REJECTS(guide(comfyui::CfgZeroStar{infinite}, sample(x), sample(c), sample(u), sample(out)),
                "`cond_scale` is inf");
  CHECK(out == Pair{7.0, 7.0});
}
