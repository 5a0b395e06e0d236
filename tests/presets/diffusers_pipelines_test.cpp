// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_pipelines.hpp>

#include <eigenguide/guide/guide.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

const Pair c{3.0, 4.0}, u{3.0, 0.0};  // at scale 2, g = (3, 8)

}  // namespace

TEST_CASE("Lumina 2 and Qwen-Image: the length of the conditional prediction, up and down") {
  CHECK(length(guided(diffusers::Lumina2{2.0, true}.method(), c, u)) == Approx(5.0));
  CHECK(length(guided(diffusers::Lumina2{0.5, true}.method(), c, u)) == Approx(5.0));
  CHECK(guided(diffusers::Lumina2{2.0, false}.method(), c, u) == Pair{3.0, 8.0});
  CHECK(length(guided(diffusers::QwenImage{2.0}.method(), c, u)) == Approx(5.0));
}

TEST_CASE("JoyImage: the guided length counts as at least a millionth") {
  CHECK(length(guided(diffusers::JoyImageEdit{2.0}.method(), c, u)) == Approx(5.0));
  // g = u = (10⁻⁷, 0): g ‖c‖ / 10⁻⁶
  const Pair g = guided(diffusers::JoyImageEdit{0.0}.method(), c, {1e-7, 0.0});
  CHECK(g[0] == Approx(0.5).epsilon(1e-6));
  CHECK(guided(diffusers::JoyImageEdit{0.0}.method(), c, {0.0, 0.0}) == Pair{0.0, 0.0});
}

TEST_CASE("Z-Image: the paper's weight, and a cap that only shortens") {
  CHECK(guided(diffusers::ZImage{1.0, 0.0}.method(), c, u) == Pair{3.0, 8.0});
  CHECK(length(guided(diffusers::ZImage{1.0, 1.0}.method(), c, u)) == Approx(5.0));
  CHECK(length(guided(diffusers::ZImage{1.0, 1.2}.method(), c, u)) == Approx(6.0));
  CHECK(guided(diffusers::ZImage{1.0, 3.0}.method(), c, u) == Pair{3.0, 8.0});
}

TEST_CASE("Stable Video Diffusion: even steps over the frames") {
  const diffusers::StableVideoDiffusion pipeline;
  CHECK(pipeline.scale(0, 5) == 1.0);
  CHECK(pipeline.scale(1, 5) == 1.5);
  CHECK(pipeline.scale(4, 5) == 3.0);
  CHECK(pipeline.scale(0, 1) == 1.0);
}

TEST_CASE("diffusers slerp: raw vectors, and a line past the threshold") {
  const Pair right{0.0, 2.0}, from{1.0, 0.0};  // θ = 90°
  const Pair third = guided(diffusers::Slerp{1.0 / 3.0}, right, from);
  CHECK(third[0] == Approx(0.5));
  CHECK(third[1] == Approx(std::sqrt(3.0)));
  CHECK(guided(diffusers::Slerp{0.0}, right, from) == right);

  const Pair near{1.0, 0.02};  // cos θ = 0.9998
  CHECK(guided(diffusers::Slerp{-2.0}, near, from)[1] == Approx(0.06));
  const double theta = std::atan(0.02);
  CHECK(guided(diffusers::Slerp::plain(-2.0), near, from)[1] ==
        Approx(0.02 * std::sin(3.0 * theta) / std::sin(theta)));
  CHECK_REJECTS((diffusers::Slerp{0.0, -1.0}.validate()), "`dot_threshold` is -1");
}
