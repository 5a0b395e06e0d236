// SPDX-License-Identifier: MIT
#include <eigenguide/method/smc_cfg.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/pair.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

using Vector = std::vector<double>;

const Pair c{4.0, 4.0}, u{1.0, 0.0};  // d = (3, 4)

}  // namespace

TEST_CASE("smc_cfg: the method over a run, step by step") {
  Random random(3);
  const std::size_t n = 101;
  const double k = 0.4, lambda = 6.0, scale = 5.0;
  Vector previous(n, 0.0), state(n, 0.0), out(n);
  for (int step = 0; step < 5; ++step) {
    const Vector cond = random.normals<double>(n), uncond = random.normals<double>(n);
    Vector surface(n);
    double square = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double e = cond[i] - uncond[i];
      surface[i] = (e - previous[i]) + lambda * previous[i];
      square += surface[i] * surface[i];
    }
    guide(with(SmcCfg{k, lambda} | Cfg{scale}, correction(state, state)), cond, uncond, out);
    for (std::size_t i = 0; i < n; ++i) {
      previous[i] = cond[i] - uncond[i] - k * surface[i] / std::sqrt(square);
      REQUIRE(out[i] == Approx(uncond[i] + scale * previous[i]).epsilon(1e-12).margin(1e-12));
      REQUIRE(state[i] == Approx(previous[i]).epsilon(1e-12).margin(1e-13));
    }
  }
}

TEST_CASE("smc_cfg: at the start of a run the difference is shortened by k") {
  Pair state{}, out{};
  guide(with(SmcCfg{1.0, 6.0} | Cfg{2.0}, correction(state, state)), c, u, out);
  CHECK(state[0] == Approx(2.4));  // d − d / 5
  CHECK(state[1] == Approx(3.2));
  CHECK(out[0] == Approx(1.0 + 2.0 * 2.4));
  CHECK(out[1] == Approx(2.0 * 3.2));
}

TEST_CASE("smc_cfg: alone it is at scale 1") {
  Pair state{}, out{};
  guide(with(SmcCfg{1.0, 6.0}, correction(state)), c, u, out);
  CHECK(out[0] == Approx(3.4));
  CHECK(out[1] == Approx(3.2));
}

TEST_CASE("smc_cfg: unconfigured it changes nothing, whatever the state") {
  Pair state{5.0, -7.0}, out{};
  guide(with(SmcCfg{}, correction(state, state)), c, u, out);
  CHECK(out == c);
  CHECK(state == Pair{3.0, 4.0});
  guide(with(SmcCfg{} | Cfg{7.5}, correction(state, state)), c, u, out);
  CHECK(out == guided(Cfg{7.5}, c, u));
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  guide(with(SmcCfg{}, correction(state, state)), c, Pair{nan, nan}, out);
  CHECK(out == c);
}

TEST_CASE("smc_cfg: on the surface there is nothing to push") {
  const Pair state{-3.0, -4.0};  // d + (λ − 1) e⁻ = 0 at λ = 2
  Pair next{}, out{};
  guide(with(SmcCfg{0.5, 2.0} | Cfg{3.0}, correction(state, next)), c, u, out);
  CHECK(out == guided(Cfg{3.0}, c, u));
  CHECK(next == Pair{3.0, 4.0});
  const Pair zero{};
  guide(with(SmcCfg{0.5, 2.0}, correction(zero, next)), c, c, out);
  CHECK(out == c);
  CHECK(next == zero);
}

TEST_CASE("smc_cfg: parameters outside their range are rejected") {
  CHECK_REJECTS(SmcCfg{-0.1}.validate(), "`k` is -0.1; expected a finite number, at least 0");
  CHECK_REJECTS((SmcCfg{0.1, std::numeric_limits<double>::quiet_NaN()}.validate()), "`lambda` is nan");
}
