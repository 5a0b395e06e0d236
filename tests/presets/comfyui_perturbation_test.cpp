// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_perturbation.hpp>

#include <eigenguide/guide/guide.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

// Two samples, in columns.
Eigen::MatrixXd columns(double a, double b, double c, double d, double e, double f) {
  Eigen::MatrixXd matrix(3, 2);
  matrix << a, b, c, d, e, f;
  return matrix;
}
const Eigen::MatrixXd c = columns(1.0, 2.0, -3.0, 0.5, 2.0, 1.5), u = columns(0.5, -1.0, 2.0, 1.0, 0.0, 1.0),
                      p = columns(0.0, 2.5, 1.0, -2.0, 1.0, 3.0), x = columns(0.3, -0.7, 1.1, 0.2, 0.4, 2.0);

double spread(const Eigen::MatrixXd& v) { return std::sqrt((v.array() - v.mean()).square().sum()); }

Eigen::MatrixXd whole(const comfyui::SkipLayerGuidanceDit& node, double sigma) {
  Eigen::MatrixXd out(3, 2);
  guide(with(node.at(5.0, sigma, 0.9, 0.4), perturbed(one_sample(p))), one_sample(c), one_sample(u), one_sample(out));
  return out;
}

}  // namespace

TEST_CASE("ComfyUI perturbed-attention guidance: is added to the guided prediction") {
  const comfyui::PerturbedAttentionGuidance node;
  CHECK(guide(with(node.method(5.0), perturbed(p)), c, u).isApprox(u + 5.0 * (c - u) + 3.0 * (c - p), 1e-14));
  CHECK(guide(with(node.method(1.0), perturbed(p)), c, u).isApprox(c + 3.0 * (c - p), 1e-14));
}

TEST_CASE("ComfyUI shares of a flow's sampling: the noisiest first") {
  CHECK(comfyui::flow_percent_to_sigma(-0.5, 3.0) == 1.0);
  CHECK(comfyui::flow_percent_to_sigma(0.0, 3.0) == 1.0);
  CHECK(comfyui::flow_percent_to_sigma(0.25, 1.0) == 0.75);
  CHECK(comfyui::flow_percent_to_sigma(0.5, 3.0) == 0.75);  // 3 · ½ / (1 + 2 · ½)
  CHECK(comfyui::flow_percent_to_sigma(1.0, 3.0) == 0.0);
}

TEST_CASE("ComfyUI skip-layer guidance: over an interval of sigma with both its ends") {
  const comfyui::SkipLayerGuidanceDit node;
  const Eigen::MatrixXd plain = u + 5.0 * (c - u), active = plain + 3.0 * (c - p);
  CHECK(whole(node, 0.91).isApprox(plain, 1e-14));
  CHECK(whole(node, 0.9).isApprox(active, 1e-14));
  CHECK(whole(node, 0.4).isApprox(active, 1e-14));
  CHECK(whole(node, 0.39).isApprox(plain, 1e-14));
  CHECK(whole({-1.0}, 0.5).isApprox(plain, 1e-14));
}

TEST_CASE("ComfyUI skip-layer guidance: rescaled by the spreads of the whole batch, only where it acts") {
  const Eigen::MatrixXd plain = u + 5.0 * (c - u), active = plain + 3.0 * (c - p);
  for (const double r : {0.7, 1.0, 2.5, -0.5}) {
    const comfyui::SkipLayerGuidanceDit node{3.0, 0.01, 0.15, r};
    CHECK(whole(node, 0.5).isApprox((r * spread(c) / spread(active) + 1 - r) * active, 1e-13));
    CHECK(whole(node, 0.95).isApprox(plain, 1e-14));
  }
  CHECK_REJECTS(whole({3.0, 0.01, 0.15, std::nan("")}, 0.5), "`rescaling_scale` is");
}

TEST_CASE("ComfyUI dual guidance: side by side or nested") {
  CHECK(guide(with(comfyui::dual_cfg(3.0, 2.0), middle(p)), c, u).isApprox(u + 2.0 * (p - u) + 3.0 * (c - p), 1e-14));
  CHECK(guide(with(comfyui::nested_dual_cfg(3.0, 2.0), middle(p)), c, u)
            .isApprox(u + 2.0 * ((p + 3.0 * (c - p)) - u), 1e-14));
}

TEST_CASE("ComfyUI epsilon scaling: divides what is taken from x") {
  const auto scaled = [&](double factor, double cond_scale) {
    const comfyui::EpsilonScalingNode node{factor};
    return Eigen::MatrixXd(guide(node.method(cond_scale), comfyui::hook_space, comfyui::hook_level, x, c, u));
  };
  const Eigen::MatrixXd g = u + 5.0 * (c - u);
  CHECK(scaled(1.005, 5.0).isApprox(x - (x - g) / 1.005, 1e-13));
  CHECK(scaled(1.005, 1.0).isApprox(x - (x - c) / 1.005, 1e-13));
  CHECK(scaled(0.0, 5.0).isApprox(x - (x - g) / 1e-9, 1e-13));
}
