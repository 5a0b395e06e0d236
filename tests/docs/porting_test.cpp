// SPDX-License-Identifier: MIT
// Every difference that docs/porting.md states, as its formula.
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXd;  // a column is a sample

Matrix normals(std::uint64_t seed, Eigen::Index samples = 2) {
  Random random(seed);
  Matrix matrix(24, samples);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = random.normal();
  return matrix;
}

const Matrix c = normals(1), u = normals(2), x = normals(3), p = normals(4), d = c - u;

// A batch as [2, 4, 6]: samples, channels, positions.
template <class M>
auto channels(M& matrix) {
  return BatchView(matrix.data(), 2, 24, 24, Shape{{2, 4, 6}, 3});
}

// One number for each sample, over its elements.
template <class Factor>
Matrix times(const Factor& factor, Matrix matrix) {
  for (Eigen::Index i = 0; i < matrix.cols(); ++i) matrix.col(i) *= factor(i);
  return matrix;
}

// The part of d along c.
Matrix parallel() {
  return times([](Eigen::Index i) { return c.col(i).dot(d.col(i)) / c.col(i).squaredNorm(); }, c);
}

bool close(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff() < 1e-11 * (1 + b.cwiseAbs().maxCoeff()); }

}  // namespace

TEST_CASE("porting: a weight counts from the conditional prediction") {
  for (const double w : {-0.5, 0.5, 4.0}) {
    CHECK(close(guide(Cfg{scale_from_weight(w)}, c, u), c + w * d));
    CHECK(close(guide(Cfg{scale_from_weight(w)}, c, u), (1 + w) * c - w * u));
  }
}

TEST_CASE("porting: ComfyUI's CFG-Zero* leaves out a share of x") {
  const double s = 5.0;
  Matrix peer = c;
  comfyui::guide(comfyui::CfgZeroStar{s}, x, c, u, peer);
  const Matrix plain = guide(CfgZeroStar{s}, comfyui::hook_space, comfyui::hook_level, x, c, u);
  const auto missing = [&](Eigen::Index i) {
    const double alpha = (x - c).col(i).dot((x - u).col(i)) / (x - u).col(i).squaredNorm();
    return (1 - s) * (1 - alpha);
  };
  CHECK((plain - peer - times(missing, x)).cwiseAbs().maxCoeff() < 1e-7);  // the peer's α is padded by 1e-8
}

TEST_CASE("porting: how many steps zero-init zeroes") {
  const auto zeroed = [](const auto& guidance) { return guide(guidance, c, u).isZero(0); };
  cfg_zero_star::WanPipeline authors;
  authors.use_cfg_zero_star = true;
  authors.use_zero_init = true;
  authors.zero_steps = 1;
  diffusers::ClassifierFreeZeroStarGuidance guider;
  guider.zero_init_steps = 1;
  for (std::size_t step = 0; step < 4; ++step) {
    CHECK(zeroed(authors.at(step)) == (step <= 1));
    CHECK(zeroed(guider.at(step, 20)) == (step < 1));
    CHECK(zeroed(CfgZeroStar{5.0} | ZeroInit{1, step}) == (step < 1));
  }
}

TEST_CASE("porting: a padded denominator shortens alpha") {
  const Matrix small = 1e-4 * u;
  const Matrix padded = guide(cfg_zero_star::PaddedCfgZeroStar{0.0}, c, small);  // α u
  const auto alpha = [&](Eigen::Index i) {
    const double square = small.col(i).squaredNorm();
    return c.col(i).dot(small.col(i)) / square * (square / (square + 1e-8));
  };
  CHECK(close(padded, times(alpha, small)));
}

TEST_CASE("porting: zero-init before a rescale is zero, and so is the spread of a constant harmless") {
  diffusers::ClassifierFreeZeroStarGuidance guider;
  guider.guidance_rescale = 0.7;
  CHECK(guide(guider.at(0, 20), c, u).isZero(0));  // the peer: 0 · ∞
  const Matrix constant = Matrix::Constant(24, 2, 3.0);
  CHECK(guide(Cfg{5.0} | Rescale{0.7}, constant, constant) == constant);  // the peer: 0 / 0
}

TEST_CASE("porting: Perp-Neg over a batch has one projection for all its samples") {
  const double s = 4.0, w = 1.5;
  Matrix peer = c;
  const comfyui::PerpNegGuider node{w};
  guide(with(node.at(s), prompt<0>(one_sample(p))), one_sample(c), one_sample(u), one_sample(peer));
  const Matrix n = p - u;
  const double shared = n.cwiseProduct(d).sum() / d.squaredNorm();
  CHECK(close(peer, u + s * (d - w * (n - shared * d))));
  const auto own = [&](Eigen::Index i) { return n.col(i).dot(d.col(i)) / d.col(i).squaredNorm(); };
  CHECK(close(guide(with(PerpNeg<1>{{w}} | Cfg{s}, prompt<0>(p)), c, u), u + s * (d - w * (n - times(own, d)))));
}

TEST_CASE("porting: Mahiro over a batch has one similarity for all its samples") {
  const double s = 4.0;
  Matrix peer = c, plain = c;
  comfyui::guide(comfyui::Mahiro{s}, channels(c), channels(u), channels(peer));
  guide(Mahiro{s}, channels(c), channels(u), channels(plain));
  // With g − s c = (1 − s) u, the result is s c + (sim + 1) / 2 (1 − s) u.
  const auto similarity = [&](const Matrix& result, Eigen::Index i) {
    return 2 * (result - s * c).col(i).dot(u.col(i)) / ((1 - s) * u.col(i).squaredNorm()) - 1;
  };
  const double mean = (similarity(plain, 0) + similarity(plain, 1)) / 2;
  CHECK(similarity(peer, 0) == Approx(mean));
  CHECK(similarity(peer, 1) == Approx(mean));
  CHECK(std::fabs(similarity(plain, 0) - mean) > 1e-3);
}

TEST_CASE("porting: RenormCFG caps each sample, where the peer can do one at a time") {
  const comfyui::RenormCfg node;
  CHECK(close(guide(node.at(6.0, 1.0), c, u), guide(Cfg{6.0} | Renorm::capped(), c, u)));
  for (Eigen::Index i = 0; i < 2; ++i)
    CHECK(guide(node.at(6.0, 1.0), Matrix(c.col(i)), Matrix(u.col(i))) == guide(node.at(6.0, 1.0), c, u).col(i));
}

TEST_CASE("porting: diffusers' APG takes the parallel part from the conditional prediction too") {
  diffusers::AdaptiveProjectedGuidance native;
  native.guidance_scale = 7.5;
  native.eta = 0.0;
  native.adaptive_projected_guidance_rescale = 0.0;
  CHECK(close(guide(native.at(3, 20), c, u), guide(Apg{7.5, 0.0}, c, u) - parallel()));
  auto original = native;
  original.use_original_formulation = true;
  original.guidance_scale = 6.5;  // s − 1
  CHECK(close(guide(original.at(3, 20), c, u), guide(Apg{7.5, 0.0}, c, u)));
}

TEST_CASE("porting: ComfyUI's APG is guidance at s + 1") {
  comfyui::Apg node;
  node.norm_threshold = 0.0;
  CHECK(close(guide(node.at(4.0), c, u), guide(Cfg{5.0}, c, u)));
  CHECK(close(guide(node.at(1.0), c, u), 2 * c));  // u is skipped, and zero
}

TEST_CASE("porting: stable-diffusion.cpp's image scale and skipped layers") {
  const double txt_cfg = 7.0, img_cfg = 1.5, slg_scale = 2.5;
  const Matrix &pred_cond = c, &pred_img_uncond = u, &pred_uncond = x;
  CHECK(close(guide(with(DualCfg{txt_cfg, img_cfg}, middle(pred_uncond)), pred_cond, pred_img_uncond),
              pred_img_uncond + img_cfg * (pred_uncond - pred_img_uncond) + txt_cfg * (pred_cond - pred_uncond)));
  CHECK(close(guide(with(Cfg{txt_cfg} | Perturbation{slg_scale}, perturbed(p)), c, u), u + txt_cfg * d + slg_scale * (c - p)));

  // Its step counts from 1: int(start (n + 1)) < step < int(end (n + 1)).
  const int n = 20, start = int(0.1 * (n + 1)), end = int(0.5 * (n + 1));
  for (int i = 0; i < n; ++i)
    CHECK((start < i + 1 && i + 1 < end) == StepWindow{double(start) / n, double(end - 1) / n}.contains({std::size_t(i), n, {}, {}}));
}

TEST_CASE("porting: stable-diffusion.cpp measures a length by resolution") {
  // ‖D‖ · 256 / √n against r is the root mean square against r / 256.
  const double r = 100.0;
  const auto factor = [&](Eigen::Index i) {
    return std::fmin(1.0, r / (d.col(i).norm() * 256 / std::sqrt(24.0)));
  };
  Apg method{7.5, 1.0, r / 256};
  method.length = Length::rms;
  CHECK(close(guide(method, c, u), c + 6.5 * times(factor, d)));
}

TEST_CASE("porting: skip-layer guidance alone counts from the prediction with skipped layers") {
  diffusers::SkipLayerGuidance guider;
  guider.guidance_scale = 1.0;
  CHECK(close(guide(with(guider.at(2, 20), perturbed(p)), c, c), p + 2.8 * (c - p)));
  CHECK(close(guide(with(Perturbation{2.8}, perturbed(p)), c, c), p + 2.8 * (c - p) + (c - p)));
  // Its first step is exclusive.
  CHECK_FALSE(guider.is_slg_enabled(0, 20));
  CHECK(guider.is_slg_enabled(1, 20));
}

TEST_CASE("porting: RescaleCFG has the spreads of a variance-preserving v") {
  const double s = 5.0, sigma = 0.7, phi = 0.7, root = std::sqrt(sigma * sigma + 1);
  const comfyui::RescaleCfg node{phi};
  const auto v_of = [&](const Matrix& x0) { return Matrix((x / (root * root) - x0) * (root / sigma)); };
  const auto spread = [](const Matrix& m, Eigen::Index i) {
    return std::sqrt((m.col(i).array() - m.col(i).mean()).square().sum());
  };
  const Matrix v = v_of(c), g = v_of(u + s * d);
  const Matrix rescaled = times([&](Eigen::Index i) { return phi * spread(v, i) / spread(g, i) + 1 - phi; }, g);
  const Matrix peer = guide(node.method(s), node.space, variance_exploding(sigma), x, c, u);
  CHECK(close(peer, x / (root * root) - rescaled * (sigma / root)));
  // Of a flow model, whose velocity at t is (x − x₀) / t, that is another space.
  const Matrix flow = guide(node.method(s), Space{Kind::sample, Kind::flow}, rectified_flow(sigma), x, c, u);
  CHECK((peer - flow).cwiseAbs().maxCoeff() > 1e-3);
}

TEST_CASE("porting: a rescale over the whole tensor has one factor for the batch") {
  Matrix whole = c;
  guide(Cfg{5.0} | Rescale{1.0}, one_sample(c), one_sample(u), one_sample(whole));
  const Matrix g = u + 5.0 * d;
  const auto spread = [](const Matrix& m) { return std::sqrt((m.array() - m.mean()).square().sum()); };
  CHECK(close(whole, g * (spread(c) / spread(g))));
  CHECK_FALSE(close(whole, guide(Cfg{5.0} | Rescale{1.0}, c, u)));
}

TEST_CASE("porting: the last axis is a token to one peer and a row to another") {
  const auto by_last = [](const Group& group) {
    Matrix out = c;
    guide(with(Cfg{4.0} | Renorm::exact(), group), channels(c), channels(u), channels(out));
    return out;
  };
  CHECK(by_last(per_row("bcw")) == by_last(per_token("bnc")));  // one line of code, two meanings
  CHECK_FALSE(by_last(per_row("bcw")) == by_last(per_channel("bwc")));
}

TEST_CASE("porting: MAMBO-G without an unconditional prediction is the conditional one") {
  diffusers::MagnitudeAwareGuidance guider;
  CHECK(guide(guider.at(3, 20), c, Matrix(Matrix::Zero(24, 2))) == c);  // the peer: ∞
}

TEST_CASE("porting: dynamic thresholding without separate channels has one extent for the batch") {
  sd_dynamic_thresholding::DynThresh settings;
  settings.separate_feature_channels = false;
  Workspace workspace;
  Matrix peer = c, plain = c;
  sd_dynamic_thresholding::guide(settings, 20.0, 3, 20, channels(c), channels(u), channels(peer), workspace);
  guide(settings.at(20.0, 3, 20), channels(c), channels(u), channels(plain), workspace);
  CHECK_FALSE(close(peer, plain));
  for (Eigen::Index i = 0; i < 2; ++i) {  // of one sample it is the same
    const auto one = [&](auto& m) { return BatchView(m.col(i).data(), 1, 24, 24, Shape{{1, 4, 6}, 3}); };
    Matrix alone = c;
    sd_dynamic_thresholding::guide(settings, 20.0, 3, 20, one(c), one(u), one(alone), workspace);
    CHECK(alone.col(i) == plain.col(i));
  }
}

TEST_CASE("porting: CogVideoX counts training timesteps where steps are meant") {
  // Against its steps the scale falls; against its timesteps it swings.
  double last = diffusers::cogvideox_scale(6.0, 0, 50);
  bool falls = true, swings = false;
  for (int i = 1; i < 50; ++i) {
    const double scale = diffusers::cogvideox_scale(6.0, i, 50);
    falls = falls && scale <= last + 1e-12;
    last = scale;
  }
  for (int t = 999; t > 60; t -= 20)
    swings = swings || diffusers::cogvideox_scale(6.0, t - 20, 50) > diffusers::cogvideox_scale(6.0, t, 50) + 1;
  CHECK(falls);
  CHECK(swings);
}

TEST_CASE("porting: CFG++ of a flow model scales its data") {
  // stable-diffusion.cpp: x′ = g₀ + σ′ (x − u₀) / σ; right is (1 − σ′) g₀ + σ′ ε_u.
  const double from = 0.8, to = 0.7, s = 0.6;
  const Update update{{Kind::sample, Kind::sample}, Renoise::uncond};
  const Matrix right = step(Cfg{s}, update, rectified_flow(from), rectified_flow(to), x, c, u);
  const Matrix g = u + s * d;
  CHECK(close(right, (1 - to) * g + to * (x - (1 - from) * u) / from));
  CHECK(close(g + to * (x - u) / from - right, to * (g - u)));
}

TEST_CASE("porting: musubi-tuner's skip-layer modes") {
  musubi_tuner::Guidance guidance;
  guidance.slg_mode = musubi_tuner::SlgMode::original;
  CHECK(close(guide(with(guidance.at(2, 20), perturbed(p)), c, u), u + 5.0 * d + 3.0 * (c - p)));
  guidance.slg_mode = musubi_tuner::SlgMode::uncond;
  CHECK(guidance.takes_perturbed(2, 20));
  CHECK(close(guide(with(guidance.at(2, 20), perturbed(p)), c, p), p + 5.0 * (c - p)));
}
