// SPDX-License-Identifier: MIT
#include <eigenguide/presets/self_attention.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

using namespace eigenguide;

namespace {

const Pair c{3.0, 1.0}, u{1.0, 2.0}, p{0.5, 4.0};

}  // namespace

TEST_CASE("diffusers SAG: away from the degraded prediction, from u or, without guidance, from c") {
  const diffusers::SelfAttentionGuidance guided;
  CHECK(guided.is_guided());
  const Pair got = guide(with(guided.method(), degraded(p)), c, u);
  CHECK(got[0] == Approx(1.0 + 7.5 * 2.0 + 0.75 * 0.5));
  CHECK(got[1] == Approx(2.0 - 7.5 * 1.0 - 0.75 * 2.0));
  const diffusers::SelfAttentionGuidance alone{1.0, 2.0};
  CHECK_FALSE(alone.is_guided());
  CHECK(guide(with(alone.method(), degraded(p)), c, c)[0] == Approx(3.0 + 2.0 * 2.5));
}

TEST_CASE("ComfyUI SAG: towards the blurred prediction, unless the latent is tiny") {
  const Pair guided{7.0, 8.0}, blurred{2.0, 2.0};
  const comfyui::SelfAttentionGuidance node;
  const Pair got = guide(with(node.method(5, 5), degraded(p)), guided, blurred);
  CHECK(got[0] == Approx(7.0 + 0.5 * 1.5));
  CHECK(got[1] == Approx(8.0 - 0.5 * 2.0));
  CHECK(guide(with(node.method(5, 4), degraded(p)), guided, blurred) == guided);
}
