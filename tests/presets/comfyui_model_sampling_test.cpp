// SPDX-License-Identifier: MIT
#include <eigenguide/presets/comfyui_model_sampling.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;
using namespace eigenguide::comfyui;

namespace {

/// The table rises; a share of a run falls from its start to 0.
template <class Model>
void check_order(const Model& model, double start) {
  for (std::size_t i = 1; i < model.size(); ++i) REQUIRE(model[i] >= model[i - 1]);
  CHECK(sigma_min(model) == model[0]);
  CHECK(sigma_max(model) == model[model.size() - 1]);
  CHECK(model.percent_to_sigma(0.0) == start);
  CHECK(model.percent_to_sigma(-0.5) == start);
  CHECK(model.percent_to_sigma(1.0) == 0.0);
  CHECK(model.percent_to_sigma(2.0) == 0.0);
  double before = start;
  for (int k = 1; k <= 20; ++k) {
    const double sigma = model.percent_to_sigma(k / 20.0);
    REQUIRE(sigma < before);
    before = sigma;
  }
  CHECK_REJECTS(model[model.size()], "`index`");
}

/// A timestep of a σ leads back to it.
template <class Model>
void check_round_trip(const Model& model) {
  for (const double share : {0.2, 0.5, 0.8}) {
    const double sigma = model[static_cast<std::size_t>(share * static_cast<double>(model.size()))];
    CHECK(model.sigma(model.timestep(sigma)) == Approx(sigma).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("comfyui_model_sampling: every model's levels rise and its run falls") {
  check_order(ModelSamplingDiscrete(), 999999999.9);
  check_order(ModelSamplingContinuousEdm(), 999999999.9);
  check_order(ModelSamplingContinuousV(), 999999999.9);
  check_order(ModelSamplingCosmosRflow(), 999999999.9);
  check_order(ModelSamplingStableCascade(), 999999999.9);
  check_order(ModelSamplingDiscreteFlow(), 1.0);
  check_order(ModelSamplingFlux(), 1.0);
}

TEST_CASE("comfyui_model_sampling: the even levels of EDM, v and Cosmos, and their times") {
  const ModelSamplingContinuousEdm edm{0.01, 100.0};
  CHECK(edm[0] == 0.01);
  CHECK(edm[999] == 100.0);
  CHECK(std::log(edm[333]) == Approx(std::log(0.01) + std::log(1e4) / 3.0).epsilon(1e-12));
  CHECK(edm.timestep(std::exp(2.0)) == Approx(0.5).epsilon(1e-14));
  CHECK(edm.percent_to_sigma(0.5) == Approx(1.0).epsilon(1e-13));
  CHECK(ModelSamplingContinuousV{}.timestep(1.0) == Approx(0.5).epsilon(1e-14));
  CHECK(ModelSamplingCosmosRflow{}.timestep(3.0) == 0.75);
  const ModelSamplingCosmosRflow cosmos;  // 80 has the time 80 / 81 = 0.98765
  CHECK(cosmos.sigma(0.98) == Approx(49.0).epsilon(1e-13));
  for (const double t : {cosmos.timestep(80.0), 0.99, 0.999, 1.0, 7.0}) CHECK(cosmos.sigma(t) == 80.0);
  check_round_trip(edm);
  check_round_trip(ModelSamplingContinuousV{});
  check_round_trip(ModelSamplingCosmosRflow{});
}

TEST_CASE("comfyui_model_sampling: flows are shifted one way only") {
  const ModelSamplingDiscreteFlow flow{3.0, 1000.0};
  CHECK(flow.sigma(500.0) == 0.75);
  CHECK(flow.timestep(0.75) == 750.0);
  CHECK(flow[499] == 0.75);
  CHECK(flow[999] == 1.0);
  CHECK(flow.percent_to_sigma(0.5) == 0.75);
  const ModelSamplingFlux flux{std::log(3.0)};
  CHECK(flux.sigma(0.5) == Approx(0.75).epsilon(1e-14));
  CHECK(flux.timestep(0.75) == 0.75);
  CHECK(flux.sigma(0.0) == 0.0);
  CHECK(flux[9999] == 1.0);
  check_round_trip(ModelSamplingDiscreteFlow{});
  check_round_trip(ModelSamplingFlux{0.0});
}

TEST_CASE("comfyui_model_sampling: Stable Cascade multiplies sigma by its shift, within limits") {
  const ModelSamplingStableCascade plain, shifted{2.0};
  CHECK(shifted.sigma(0.4) == Approx(2.0 * plain.sigma(0.4)).epsilon(1e-13));
  CHECK(shifted.sigma(0.0) == Approx(std::sqrt(1e-4 / 0.9999)).epsilon(1e-12));
  CHECK(shifted.sigma(1.0) == Approx(std::sqrt(0.9999 / 1e-4)).epsilon(1e-12));
  CHECK(shifted.timestep(0.5) == plain.timestep(0.5));
  check_round_trip(plain);
}

TEST_CASE("comfyui_model_sampling: the shift of Flux by the size of the image") {
  CHECK(flux_shift(1024.0, 1024.0) == Approx(1.15).epsilon(1e-14));
  CHECK(flux_shift(256.0, 256.0) == Approx(0.5).epsilon(1e-14));
  CHECK(flux_shift(512.0, 1088.0, 2.0, 1.0) == Approx(1.0 + (2176.0 - 256.0) / 3840.0).epsilon(1e-14));
}

TEST_CASE("comfyui_model_sampling: what is no model, time or level is rejected") {
  CHECK_REJECTS((ModelSamplingContinuousEdm{2.0, 1.0}[0]), "`sigma_min` is 2");
  CHECK_REJECTS(ModelSamplingContinuousEdm{}.timestep(0.0), "`sigma` is 0");
  CHECK_REJECTS(ModelSamplingContinuousV{}.sigma(1.0), "`t` is 1; expected a number in [0, 1)");
  CHECK_REJECTS(ModelSamplingContinuousV{}.timestep(-1.0), "`sigma` is -1");
  CHECK_REJECTS(ModelSamplingCosmosRflow{}.sigma(-0.5), "`t` is -0.5");
  CHECK_REJECTS(ModelSamplingDiscreteFlow{}.sigma(1001.0), "`t` is 1.001");
  CHECK_REJECTS((ModelSamplingDiscreteFlow{1.0, 0.0}.sigma(1.0)), "`multiplier` is 0");
  CHECK_REJECTS((ModelSamplingDiscreteFlow{0.0, 1.0}.sigma(1.0)), "`shift` is 0");
  CHECK_REJECTS(ModelSamplingFlux{1e4}.sigma(0.5), "`shift` is 10000");
  CHECK_REJECTS(ModelSamplingStableCascade{0.0}.sigma(0.5), "`shift` is 0");
  CHECK_REJECTS(flux_shift(-1.0, 64.0), "`width` is -1");
  CHECK_REJECTS(flux_shift(64.0, -1.0), "`height` is -1");
}

TEST_CASE("comfyui_model_sampling: times and levels that a model has not are rejected") {
  CHECK_REJECTS(comfyui::ModelSamplingContinuousEdm{}.sigma(200.0), "`t` is 200");
  CHECK_REJECTS(comfyui::ModelSamplingDiscreteFlow{}.timestep(1.5), "`sigma` is 1.5");
  CHECK_REJECTS((comfyui::ModelSamplingDiscreteFlow{1.0, 0.0}.timestep(0.5)), "`multiplier` is 0");
  CHECK_REJECTS(comfyui::ModelSamplingFlux{}.timestep(-0.5), "`sigma` is -0.5");
}
