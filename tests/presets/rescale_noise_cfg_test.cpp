// SPDX-License-Identifier: MIT
#include <eigenguide/presets/rescale_noise_cfg.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <limits>

using namespace eigenguide;

TEST_CASE("rescale_noise_cfg: as Rescale within [0, 1], and on beyond it") {
  const Pair c{1.0, 3.0}, u{0.5, 1.0};
  const Pair g = guided(Cfg{4.0}, c, u), r = guided(Cfg{4.0} | Rescale{1.0}, c, u);
  CHECK(guided(Cfg{4.0} | RescaleNoiseCfg{0.7}, c, u) == guided(Cfg{4.0} | Rescale{0.7}, c, u));
  CHECK(guided(Cfg{4.0} | RescaleNoiseCfg{}, c, u) == g);
  for (const double phi : {1.5, -0.5})
    for (std::size_t i = 0; i < 2; ++i)
      CHECK(guided(Cfg{4.0} | RescaleNoiseCfg{phi}, c, u)[i] == Approx(g[i] + phi * (r[i] - g[i])));
  CHECK_REJECTS(guided(RescaleNoiseCfg{std::numeric_limits<double>::infinity()}, c, u), "`guidance_rescale` is inf");
}
