// SPDX-License-Identifier: MIT
// The code that docs/training.md quotes.
#include <eigenguide/guide/convert.hpp>
#include <eigenguide/prediction/noising.hpp>
#include <eigenguide/prediction/preconditioning.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/training/condition_dropout.hpp>
#include <eigenguide/training/edm_loss.hpp>
#include <eigenguide/training/flow_matching.hpp>
#include <eigenguide/training/loss_weight.hpp>
#include <eigenguide/training/mean_squared_error.hpp>
#include <eigenguide/training/timestep_density.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <vector>

TEST_CASE("training: the calls") {
  using namespace eigenguide;
  const Eigen::MatrixXf x0 = Eigen::MatrixXf::Constant(4, 3, 0.5f), noise = Eigen::MatrixXf::Constant(4, 3, -1.0f);
  const Eigen::MatrixXf embedding = x0, null_embedding = Eigen::MatrixXf::Zero(4, 1), mask = Eigen::MatrixXf::Ones(2, 3);
  const std::vector<double> uniform{0.05, 0.5, 0.95}, normal{-1.0, 0.0, 1.0};
  Eigen::MatrixXf tokens(4, 3), x(4, 3), target(4, 3), loss(4, 3);

  const std::vector<bool> keep = keep_mask(ConditionDropout{0.1}, uniform);  // a draw for each sample
  where(keep, embedding, null_embedding, tokens);
  CHECK(keep == std::vector<bool>{true, true, false});
  CHECK(tokens.col(2).isZero());

  std::vector<Level> levels;
  for (const double n : normal) levels.push_back(rectified_flow(LogitNormalTimes{}(n)));
  convert(Noising{}, levels, x0, noise, x);                  // x = σ ε + α x₀
  convert(Target{Kind::flow}, levels, x0, noise, target);    // ε − x₀; any Kind
  CHECK(target.isApprox(noise - x0));

  const Eigen::MatrixXf prediction = target;
  double weighted = 0.0;
  const std::vector<SquaredError> errors = squared_errors(prediction, target, mask);  // of each sample, without its padding
  for (std::size_t i = 0; i < errors.size(); ++i) weighted += MinSnr{Kind::flow, 5.0}(levels[i]) * errors[i].mean();
  CHECK(weighted == 0.0);

  const FlowMatching path{0.1};                              // VoiceFlow's: t = 1 is data, σ_min stays
  convert(Noising{}, path.level(0.3), x0, noise, x);
  convert(path, path.level(0.3), x0, noise, target);
  CHECK(target.isApprox(x0 - 0.9f * noise));

  const EdmLoss edm{-0.4, 1.0, 0.5};                         // EDM2's
  for (std::size_t i = 0; i < 3; ++i) levels[i] = edm.level(normal[i]);
  convert(Noising{}, levels, x0, noise, x);
  const Eigen::MatrixXf& denoised = x0;
  training_loss(edm, levels, {}, denoised, x0, loss);        // λ (D − x₀)², element by element
  CHECK(loss.isZero());

  const TextImageDropout thirds{0.05};                       // InstructPix2Pix: text, both, image
  CHECK((thirds(0.02).image && !thirds(0.02).text));
  CHECK((!thirds(0.07).text && !thirds(0.07).image));
}
