// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_prediction.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;
using comfyui::ModelPrediction;
using comfyui::PredictionType;

TEST_CASE("ComfyUI predictions: those of σ_d = 1 are the library's conversions") {
  const double sigma = 2.5;
  const Level level = variance_exploding(sigma);
  const auto same = [](const Row<2>& a, const Row<2>& b) {
    for (std::size_t i = 0; i < 2; ++i) CHECK(static_cast<double>(a[i]) == Approx(static_cast<double>(b[i])).margin(1e-15));
  };
  same(ModelPrediction{PredictionType::eps}.denoised(sigma), Preconditioning{Kind::epsilon}(level));
  same(ModelPrediction{PredictionType::v_prediction}.denoised(sigma), Preconditioning{Kind::v}(level));
  same(ModelPrediction{PredictionType::x0}.denoised(sigma), Preconditioning{Kind::sample}(level));
  same(ModelPrediction{PredictionType::cosmos_rflow}.denoised(sigma),
       Preconditioning{Kind::flow, Coordinates::rectified_flow}(level));
  same(ModelPrediction{PredictionType::const_}.denoised(0.3), Conversion{Kind::flow, Kind::sample}(rectified_flow(0.3)));
  CHECK(ModelPrediction{PredictionType::eps}.input(sigma) == Approx(1.0 / std::sqrt(7.25)));
  CHECK(ModelPrediction{PredictionType::const_}.input(0.3) == 1.0);
}

TEST_CASE("ComfyUI predictions: v of other data is the opposite of F") {
  const double sigma = 2.5, data = 0.5, square = sigma * sigma + data * data;
  const Row<2> v = ModelPrediction{PredictionType::v_prediction, data}.denoised(sigma);
  CHECK(static_cast<double>(v[0]) == Approx(-sigma * data / std::sqrt(square)));
  CHECK(static_cast<double>(v[1]) == Approx(data * data / square));
  CHECK(ModelPrediction{PredictionType::edm, data}.denoised(sigma)[0] == -v[0]);
}

TEST_CASE("ComfyUI predictions: noise and latent, there and back") {
  CHECK(ModelPrediction{}.noise_scaling(3.0) == Row<2>{{3.0, 1.0}});
  CHECK(static_cast<double>(ModelPrediction{}.noise_scaling(3.0, true)[0]) == Approx(std::sqrt(10.0)));
  CHECK(ModelPrediction{PredictionType::const_}.noise_scaling(0.25, true) == Row<2>{{0.25, 0.75}});
  CHECK(ModelPrediction{PredictionType::cosmos_rflow}.noise_scaling(3.0, true) == Row<2>{{3.0, 1.0}});
  CHECK(ModelPrediction{PredictionType::const_}.inverse_noise_scaling(0.75) == 4.0);
  CHECK(ModelPrediction{}.inverse_noise_scaling(0.75) == 1.0);
  CHECK_REJECTS(ModelPrediction{PredictionType::const_}.inverse_noise_scaling(1.0), "`sigma` is 1");
  CHECK_REJECTS(ModelPrediction{}.denoised(-1.0), "`sigma` is -1");
}

TEST_CASE("ComfyUI LCM: x at timestep 0, the denoised prediction far from it") {
  CHECK(comfyui::lcm_denoised(2.0, 0.0) == Row<2>{{0.0, 1.0}});
  const Row<2> late = comfyui::lcm_denoised(2.0, 900.0);
  CHECK(static_cast<double>(late[0]) == Approx(-2.0).epsilon(1e-6));
  CHECK(static_cast<double>(late[1]) == Approx(1.0).epsilon(1e-6));
}
