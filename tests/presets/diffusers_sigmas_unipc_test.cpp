// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_sigmas_unipc.hpp>

#include <support/catch.hpp>
#include <support/counts.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

diffusers::UniPcSigmas stable_diffusion() {
  diffusers::UniPcSigmas sigmas;
  sigmas.training = {diffusers::BetaSchedule::scaled_linear, 0.00085, 0.012, 1000, false};
  return sigmas;
}

}  // namespace

TEST_CASE("diffusers_sigmas_unipc: spaced timesteps and conversions are DPM-Solver's") {
  using diffusers::SigmaConversion;
  auto unipc = stable_diffusion();
  diffusers::DpmSolverMultistepSigmas dpm;
  dpm.training = unipc.training;
  for (const auto conversion : {SigmaConversion::none, SigmaConversion::karras, SigmaConversion::exponential,
                                SigmaConversion::beta}) {
    unipc.conversion = dpm.conversion = conversion;
    const auto a = unipc.set_timesteps(11), b = dpm.set_timesteps(11);
    CHECK(a.sigmas == b.sigmas);
    CHECK(a.timesteps == b.timesteps);
  }
}

TEST_CASE("diffusers_sigmas_unipc: flow sigmas begin at 1, or just below") {
  auto sigmas = stable_diffusion();
  sigmas.use_flow_sigmas = true;
  sigmas.flow_shift = 5.0;
  const auto steps = sigmas.set_timesteps(4);
  CHECK(steps.sigmas.front() == 1.0 - 1e-6);
  CHECK(steps.timesteps.front() == 999.0);
  for (std::size_t i = 1; i < 4; ++i) {
    const double t = 1 - double(i) / 4 * 0.999;
    CHECK(steps.sigmas[i] == Approx(5 * t / (1 + 4 * t)).epsilon(1e-13));
    CHECK(steps.timesteps[i] == std::floor(1000 * steps.sigmas[i]));
  }
}

TEST_CASE("diffusers_sigmas_unipc: Karras's sigmas of a flow are shares") {
  auto sigmas = stable_diffusion();
  sigmas.conversion = diffusers::SigmaConversion::karras;
  const auto plain = sigmas.set_timesteps(6);
  sigmas.use_flow_sigmas = true;
  sigmas.flow_shift = 7.0;  // without effect
  const auto flow = sigmas.set_timesteps(6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(flow.sigmas[i] / (1 - flow.sigmas[i]) == Approx(plain.sigmas[i]));
    CHECK(flow.timesteps[i] == std::floor(1000 * flow.sigmas[i]));
  }
}

TEST_CASE("diffusers_sigmas_unipc: the final sigma_min is the last again, or the table's first") {
  auto sigmas = stable_diffusion();
  sigmas.final_sigmas_type = diffusers::FinalSigmasType::sigma_min;
  CHECK(sigmas.set_timesteps(4).sigmas.back() == sigmas.training.sigmas().sigmas().front());
  sigmas.use_flow_sigmas = true;
  const auto flow = sigmas.set_timesteps(4);
  CHECK(flow.sigmas[4] == flow.sigmas[3]);
  sigmas.conversion = diffusers::SigmaConversion::karras;
  const auto karras = sigmas.set_timesteps(4);
  CHECK(karras.sigmas[4] == karras.sigmas[3]);
}

TEST_CASE("diffusers_sigmas_unipc: one step, none, and what the peer has not") {
  auto sigmas = stable_diffusion();
  CHECK(sigmas.set_timesteps(1).timesteps == std::vector<double>{999});
  CHECK(sigmas.set_timesteps(0).sigmas.empty());
  sigmas.conversion = diffusers::SigmaConversion::lu;
  CHECK_REJECTS(sigmas.set_timesteps(4), "`conversion` is lu");
}

TEST_CASE("diffusers_sigmas_unipc: more steps than a list has are rejected before one is made") {
  diffusers::UniPcSigmas sigmas;
  for (const bool use_flow_sigmas : {false, true}) {
    sigmas.use_flow_sigmas = use_flow_sigmas;
    check_count_is_bounded("count", [&](std::size_t count) { return sigmas.set_timesteps(count); });
  }
}
