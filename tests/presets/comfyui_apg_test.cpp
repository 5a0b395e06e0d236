// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_apg.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

using namespace eigenguide;

namespace {

const Pair c{3.0, 4.0}, u{3.0, -1.0};  // d = (0, 5), d_∥ = (2.4, 3.2)

void check_near(const Pair& got, const Pair& want) {
  CHECK(got[0] == Approx(want[0]).margin(1e-12));
  CHECK(got[1] == Approx(want[1]).margin(1e-12));
}

}  // namespace

TEST_CASE("ComfyUI APG: unbounded and with eta 1 it is guidance at s + 1") {
  check_near(guided(comfyui::Apg{1.0, 0.0}.at(4.0), c, u), guided(Cfg{5.0}, c, u));
}

TEST_CASE("ComfyUI APG: the paper's at s + 1, as the node computes it") {
  for (const double eta : {0.0, 0.5, 2.0})
    for (const double threshold : {0.0, 2.0, 5.0, 50.0}) {
      const Pair out = guided(comfyui::Apg{eta, threshold}.at(3.0), c, u);
      check_near(out, guided(Apg{4.0, eta, threshold}, c, u));
      // The node: a conditional prediction of (u + update) + d / s, then guidance at s.
      const Pair update = guided(Apg{2.0, eta, threshold}, c, u);
      Pair want{};
      for (std::size_t i = 0; i < 2; ++i) {
        const double cond = u[i] + (update[i] - c[i]) + (c[i] - u[i]) / 3.0;
        want[i] = u[i] + 3.0 * (cond - u[i]);
      }
      check_near(out, want);
    }
}

TEST_CASE("ComfyUI APG: close to scale 1 zeros stand in for u, and it doubles c") {
  check_near(guided(comfyui::Apg{1.0, 0.0}.at(1.0), c, u), {6.0, 8.0});
  check_near(guided(comfyui::Apg{1.0, 2.5}.at(1.0), c, u), {4.5, 6.0});
  check_near(guided(comfyui::Apg{0.0, 0.0}.at(1.0 + 1e-10), c, u), c);
  check_near(guided(comfyui::Apg{1.0, 0.0}.at(1.0 + 1e-8), c, u), guided(Cfg{2.0 + 1e-8}, c, u));
}

TEST_CASE("ComfyUI APG: at scale 0, by which the peer divides, it is c") {
  CHECK(guided(comfyui::Apg{0.3, 2.0}.at(0.0), c, u) == c);
}

TEST_CASE("ComfyUI APG: with momentum, from step to step") {
  const comfyui::Apg node{1.0, 0.0, -0.5};
  Pair state{}, out{};
  guide(with(node.at_with_momentum(2.0), momentum(state, state)), c, u, out);
  check_near(out, {3.0, 14.0});
  guide(with(node.at_with_momentum(2.0), momentum(state, state)), c, u, out);
  check_near(state, {0.0, 2.5});
  check_near(out, {3.0, 9.0});
  // Where u is skipped the average is of c.
  guide(with(node.at_with_momentum(1.0), momentum(state, state)), c, u, out);
  check_near(state, {3.0, 2.75});
  check_near(out, {6.0, 6.75});
  CHECK_REJECTS(node.at(2.0), "`momentum` is -0.5; expected 0");
}

TEST_CASE("ComfyUI APG: the average starts again where sigma rises") {
  CHECK(comfyui::Apg::restarts(0.3, 10.0));
  CHECK_FALSE(comfyui::Apg::restarts(10.0, 0.3));
  CHECK_FALSE(comfyui::Apg::restarts(2.0, 2.0));
}
