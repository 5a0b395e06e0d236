// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_perturbation.hpp>

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;
using diffusers::SkipLayerGuidance;

namespace {

using Vector = Eigen::Vector4d;
const Vector c(1.0, 2.0, -3.0, 0.5), u(0.5, -1.0, 2.0, 1.0), p(0.0, 2.5, 1.0, -2.0), q(4.0, 0.0, -1.0, 1.0);

Vector guided(const SkipLayerGuidance& guider, std::size_t step) {
  return guide(with(guider.at(step, 100), perturbed(p)), c, u);
}

double spread(const Vector& v) { return std::sqrt((v.array() - v.mean()).square().sum()); }

}  // namespace

TEST_CASE("diffusers skip-layer guidance: beside classifier-free guidance, and after its interval") {
  const SkipLayerGuidance guider;
  CHECK(guided(guider, 10).isApprox(u + 7.5 * (c - u) + 2.8 * (c - p), 1e-14));
  CHECK(guided(guider, 50).isApprox(u + 7.5 * (c - u), 1e-14));
}

TEST_CASE("diffusers skip-layer guidance: alone, it counts from the perturbed prediction") {
  SkipLayerGuidance guider;
  guider.guidance_scale = 1.0;
  CHECK(guided(guider, 10).isApprox(p + 2.8 * (c - p), 1e-14));
  CHECK(guided(guider, 50) == c);
  guider.guidance_scale = 7.5;
  guider.start = 0.5;
  CHECK(guided(guider, 10).isApprox(p + 2.8 * (c - p), 1e-14));
  CHECK(guided(guider, 60).isApprox(u + 7.5 * (c - u), 1e-14));
  guider.guidance_scale = 0.0;  // not the scale that is off
  guider.start = 0.0;
  CHECK(guided(guider, 10).isApprox(u + 2.8 * (c - p), 1e-14));
}

TEST_CASE("diffusers skip-layer guidance: in the original formulation it counts from the conditional one") {
  SkipLayerGuidance guider;
  guider.use_original_formulation = true;
  CHECK(guided(guider, 10).isApprox(c + 7.5 * (c - u) + 2.8 * (c - p), 1e-14));
  guider.guidance_scale = 0.0;
  CHECK(guided(guider, 10).isApprox(c + 2.8 * (c - p), 1e-14));
}

TEST_CASE("diffusers skip-layer guidance: its first step is exclusive, its last as well") {
  SkipLayerGuidance guider;
  CHECK_FALSE(guider.is_slg_enabled(1, 100));
  CHECK(guider.is_slg_enabled(2, 100));
  CHECK(guider.is_slg_enabled(19, 100));
  CHECK_FALSE(guider.is_slg_enabled(20, 100));
  guider.skip_layer_guidance_start = 0.0;
  CHECK_FALSE(guider.is_slg_enabled(0, 100));
  CHECK(guider.is_slg_enabled(1, 100));
  guider.skip_layer_guidance_start = 0.29;  // 0.29 · 100 is 28.999…
  guider.skip_layer_guidance_stop = 0.5;
  CHECK_FALSE(guider.is_slg_enabled(28, 100));
  CHECK(guider.is_slg_enabled(29, 100));
  CHECK(guider.is_slg_enabled(0));  // of an unknown number of steps: always within
}

TEST_CASE("diffusers skip-layer guidance: what turns it off") {
  SkipLayerGuidance guider;
  guider.skip_layer_guidance_scale = 0.0;
  CHECK_FALSE(guider.is_slg_enabled(10, 100));
  CHECK(guided(guider, 10).isApprox(u + 7.5 * (c - u), 1e-14));
  guider = {};
  guider.enabled = false;
  CHECK_FALSE(guider.is_cfg_enabled(10, 100));
  CHECK(guided(guider, 10) == c);
}

TEST_CASE("diffusers skip-layer guidance: rescaled at last") {
  SkipLayerGuidance guider;
  guider.guidance_rescale = 0.7;
  const Vector g = u + 7.5 * (c - u) + 2.8 * (c - p);
  CHECK(guided(guider, 10).isApprox((0.7 * spread(c) / spread(g) + 0.3) * g, 1e-13));
}

TEST_CASE("diffusers skip-layer guidance: rejects intervals and scales that are none") {
  SkipLayerGuidance guider;
  guider.skip_layer_guidance_start = 1.0;
  CHECK_REJECTS(guider.at(0, 10), "`skip_layer_guidance_start` is 1");
  guider.skip_layer_guidance_start = 0.5;
  CHECK_REJECTS(guider.at(0, 10), "`skip_layer_guidance_stop` is 0.2");
  guider.skip_layer_guidance_stop = 0.6;
  guider.skip_layer_guidance_scale = std::nan("");
  CHECK_REJECTS(guider.at(0, 10), "`skip_layer_guidance_scale` is");
  guider = {};
  guider.start = -0.5;
  CHECK_REJECTS(guider.at(0, 10), "`start` is -0.5");
}

TEST_CASE("diffusers smoothed-energy guidance: over the whole run but its first step") {
  const SkipLayerGuidance guider = diffusers::smoothed_energy_guidance();
  CHECK_FALSE(guider.is_slg_enabled(0, 100));
  CHECK(guider.is_slg_enabled(1, 100));
  CHECK(guider.is_slg_enabled(99, 100));
}

TEST_CASE("diffusers PAG pipelines: with and without classifier-free guidance, and fading over the run") {
  diffusers::PagPipeline pipeline;
  CHECK(guide(with(pipeline.at(500.0), perturbed(p)), c, u).isApprox(u + 5.0 * (c - u) + 3.0 * (c - p), 1e-14));
  pipeline.do_classifier_free_guidance = false;
  CHECK(guide(with(pipeline.at(500.0), perturbed(p)), c, c).isApprox(c + 3.0 * (c - p), 1e-14));

  pipeline.pag_adaptive_scale = 0.01;
  CHECK(pipeline.effective_scale(1000.0) == 3.0);
  CHECK(pipeline.effective_scale(900.0) == Approx(2.0));
  CHECK(pipeline.effective_scale(500.0) == 0.0);
  CHECK(guide(with(pipeline.at(500.0), perturbed(p)), c, c) == c);
  pipeline.pag_scale = -3.0;  // below 0 it does not fade
  CHECK(pipeline.effective_scale(500.0) == -3.0);
}

TEST_CASE("diffusers InstructPix2Pix and OmniGen: one scale for the text, one for the image") {
  CHECK(guide(with(diffusers::InstructPix2Pix{}.method(), middle(p)), c, u)
            .isApprox(u + 7.5 * (c - p) + 1.5 * (p - u), 1e-14));
  CHECK(guide(with(diffusers::OmniGen{}.method(), middle(p)), c, u)
            .isApprox(u + 1.6 * (p - u) + 2.5 * (c - p), 1e-14));
}

TEST_CASE("diffusers LTX-2: guidances add up and are rescaled in x0") {
  const Vector x(0.3, -0.7, 1.1, 0.2);
  const double sigma = 0.7;
  const auto x0 = [&](const Vector& velocity) { return Vector(x - sigma * velocity); };
  const auto guided = [&](const diffusers::Ltx2& pipeline) {
    return guide(with(pipeline.method(), perturbed(p), isolated(q)), pipeline.space, rectified_flow(sigma), x, c, u);
  };
  const diffusers::Ltx2 pipeline{3.0, 1.0, 2.5, 0.7};
  Vector g = x0(c) + 2.0 * (x0(c) - x0(u)) + 1.0 * (x0(c) - x0(p)) + 1.5 * (x0(c) - x0(q));
  g = (0.7 * spread(x0(c)) / spread(g) + 0.3) * g;
  CHECK(guided(pipeline).isApprox((x - g) / sigma, 1e-13));

  CHECK(guided({}).isApprox(u + 4.0 * (c - u), 1e-14));
  CHECK(guided({1.0, 0.0, 1.0, 0.0}) == c);
  CHECK(guided({0.5, -1.0, 0.5, -1.0}) == c);  // below what is neutral: off, not against
}
