// SPDX-License-Identifier: MIT
// The code that the README quotes.
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>

namespace {

using Latents = Eigen::Tensor<float, 4, Eigen::RowMajor>;  // samples, channels, height, width

Latents constant(float value) {
  Latents latents(2, 4, 8, 8);
  latents.setConstant(value);
  return latents;
}

}  // namespace

TEST_CASE("readme: the call") {
  const Latents cond = constant(2.0f), uncond = constant(1.0f);
  Latents out = constant(0.0f);

  using namespace eigenguide;

  guide(Cfg{7.5}, cond, uncond, out);                              // u + s (c − u), in one pass
  guide(CfgZeroStar{7.5} | Rescale{0.7}, cond, uncond, out);       // a chain, in two passes
  const auto guided = guide(Slerp{3.0}, cond, uncond);             // or as a new tensor
  CHECK(out(0, 0, 0, 0) == 2.0f);
  CHECK(guided(0, 0, 0, 0) == 4.0f);
}

TEST_CASE("readme: a batch of requests, in another space") {
  const Latents x = constant(0.5f), cond = constant(2.0f), uncond = constant(1.0f);
  Latents out = constant(0.0f);

  using namespace eigenguide;

  const std::vector<double> requests{4.0, 7.5};                         // one for each sample
  const std::vector<Level> levels{rectified_flow(0.9), rectified_flow(0.3)};
  const Space space{Kind::flow, Kind::sample};                          // a flow model, guided in x₀
  guide(with(Cfg{} | Renorm::capped(), scales(requests)), space, levels, x, cond, uncond, out);
  CHECK(out(0, 0, 0, 0) != 0.0f);
}

TEST_CASE("readme: further predictions, states, groups, and a choice at run time") {
  const Latents cond = constant(2.0f), uncond = constant(1.0f), skipped = constant(1.5f);
  Latents out = constant(0.0f), m = constant(0.0f);

  using namespace eigenguide;

  guide(with(Cfg{5.0} | Perturbation{2.8}, perturbed(skipped)), cond, uncond, out);
  guide(with(Momentum{-0.75} | Apg{7.0, 0.0, 2.5}, momentum(m, m), per_channel("bchw")), cond, uncond, out);
  guide(parse("cfg_zero_star(scale=5) | rescale(phi=0.7)"), cond, uncond, out);  // chosen at run time
  CHECK(m(1, 3, 7, 7) == 1.0f);
  CHECK(out(1, 3, 7, 7) == Approx(2.0f));  // u is along c: its best length is c
}

TEST_CASE("readme: without Eigen") {
  std::vector<float> memory(2 * 64, 1.0f), out_memory(2 * 64);
  const float *cond_data = memory.data(), *uncond_data = memory.data();
  float* out_data = out_memory.data();
  const std::size_t samples = 2, size = 64;

  using namespace eigenguide;

  const BatchView<const float> cond(cond_data, samples, size), uncond(uncond_data, samples, size);
  guide(Cfg{7.5}, cond, uncond, BatchView<float>(out_data, samples, size));
  CHECK(out_memory[0] == 1.0f);
}

TEST_CASE("readme: a run") {
  const Latents x = constant(0.5f), cond = constant(2.0f), uncond = constant(1.0f);
  Latents out = constant(0.0f);
  using namespace eigenguide;
  const Moment now{19, 20, {}};

  Guider guider(scheduled(Cfg{}, Linear{9.0, 1.0}) | Rescale{0.7});
  const Needs needs = guider.needs(now);  // of 20 steps, one does without uncond
  guider.apply(now, x, cond, needs.uncond() ? uncond : cond, out);
  guider.advance();
  CHECK_FALSE(needs.uncond());
  CHECK(out(0, 0, 0, 0) == 2.0f);
}
