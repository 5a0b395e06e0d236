// SPDX-License-Identifier: MIT
#include <eigenguide/noise/align_your_steps.hpp>

#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("align_your_steps: ten steps are the paper's") {
  CHECK(sigmas(align_your_steps(AlignYourStepsModel::stable_diffusion_1_5), 10) ==
        std::vector<double>{14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.0});
  CHECK(align_your_steps(AlignYourStepsModel::stable_diffusion_xl)(9, 10) == 0.113);
  CHECK(align_your_steps(AlignYourStepsModel::deepfloyd_if)(0, 10) == 160.41);
  CHECK(align_your_steps(AlignYourStepsModel::stable_video_diffusion)(1, 10) == 54.5);
}

TEST_CASE("align_your_steps: other numbers of steps are interpolated, and every list falls") {
  using Model = AlignYourStepsModel;
  CHECK(align_your_steps(Model::stable_video_diffusion)(1, 20) == Approx(std::sqrt(700.0 * 54.5)).epsilon(1e-14));
  for (const Model model : {Model::stable_diffusion_1_5, Model::stable_diffusion_xl, Model::deepfloyd_if,
                            Model::stable_video_diffusion}) {
    const auto list = sigmas(align_your_steps(model), 37);
    for (std::size_t i = 0; i + 1 < list.size(); ++i) REQUIRE(list[i] > list[i + 1]);
  }
}

TEST_CASE("align_your_steps: a model that has no name is rejected") {
  CHECK_REJECTS(align_your_steps(static_cast<AlignYourStepsModel>(9)), "`model`");
}
