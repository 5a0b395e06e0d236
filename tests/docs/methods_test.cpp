// SPDX-License-Identifier: MIT
// What docs/methods.md quotes, and that it names everything there is.
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>

#include <fstream>
#include <sstream>
#include <string>

using namespace eigenguide;

namespace {

using Latents = Eigen::Tensor<float, 3, Eigen::RowMajor>;  // [samples, channels, time], or [samples, tokens, channels]

Latents latents(float phase) {
  Latents values(2, 4, 8);
  for (Eigen::Index i = 0; i < values.size(); ++i) values.data()[i] = std::sin(phase * static_cast<float>(i + 1));
  return values;
}

}  // namespace

TEST_CASE("methods page: what it quotes") {
  const Latents x = latents(0.3f), cond = latents(0.7f), uncond = latents(1.1f);
  Latents out(2, 4, 8), next(2, 4, 8), m(2, 4, 8);
  m.setZero();
  Eigen::Tensor<bool, 2, Eigen::RowMajor> kept(2, 8);
  kept.setConstant(true);
  kept(1, 7) = false;

  guide(with(Momentum{-0.5} | Apg{7.5, 0.0, 2.5} | Rescale{0.7}, momentum(m, m)), cond, uncond, out);
  const Latents first = out;
  m.setZero();
  const AnyChain chain = parse("apg(scale=7.5, eta=0, norm_threshold=2.5, momentum=-0.5) | rescale(phi=0.7)");
  guide(with(chain, momentum(m, m)), cond, uncond, out);
  for (Eigen::Index i = 0; i < out.size(); ++i) CHECK(out.data()[i] == first.data()[i]);

  guide(with(Cfg{4.0} | Renorm::exact(), per_token("bnc")), cond, uncond, out);
  float length = 0.0f, want = 0.0f;
  for (Eigen::Index k = 0; k < 8; ++k) length += out(1, 2, k) * out(1, 2, k), want += cond(1, 2, k) * cond(1, 2, k);
  CHECK(length == Approx(want));
  guide(with(Apg{7.0, 0.0, 2.5}, per_channel("bct"), mask(kept, "bt")), cond, uncond, out);
  float parallel = 0.0f;  // without its parallel part, over what is kept
  for (Eigen::Index t = 0; t < 7; ++t) parallel += (out(1, 2, t) - cond(1, 2, t)) * cond(1, 2, t);
  CHECK(parallel == Approx(0.0f).margin(1e-4));

  step(Cfg{7.5}, Update{{Kind::flow, Kind::flow}}, rectified_flow(0.8), rectified_flow(0.7), x, cond, uncond, next);
  CHECK(next(1, 2, 3) == Approx(x(1, 2, 3) - 0.1f * (uncond(1, 2, 3) + 7.5f * (cond(1, 2, 3) - uncond(1, 2, 3)))));
}

TEST_CASE("methods page: names every method and every parameter") {
  std::ifstream file(METHODS_PAGE);
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  REQUIRE(page.size() > 1000);
  detail::for_each_known<AllMethods>([&](const auto& method) {
    std::string call = "`" + std::string(method.name) + "(", separator;
    AnyMethod(method).each([&](const char* name, const auto&) {
      call += separator + name;
      separator = ", ";
    });
    INFO(call << ")`");
    CHECK(page.find(call + ")`") != std::string::npos);
  });
}
