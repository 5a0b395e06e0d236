// SPDX-License-Identifier: MIT
#include <eigenguide/presets/ace_step.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace eigenguide;

TEST_CASE("ACE-Step APG: each channel over time, in either layout, over a run") {
  const std::size_t batch = 2, times = 13, channels = 3, n = batch * times * channels;
  using Vector = std::vector<double>;
  Random random(17);
  const double scale = 7.0;
  Vector running(n, 0.0), state(n, 0.0), turned_state(n, 0.0), out(n), turned_out(n);
  const Shape btc{{batch, times, channels}, 3}, bct{{batch, channels, times}, 3};
  const auto turned = [&](const Vector& values) {
    Vector all(n);
    for (std::size_t b = 0; b < batch; ++b)
      for (std::size_t t = 0; t < times; ++t)
        for (std::size_t c = 0; c < channels; ++c)
          all[(b * channels + c) * times + t] = values[(b * times + t) * channels + c];
    return all;
  };
  const auto in = [&](const Vector& values, const Shape& shape) {
    return BatchView<const double>(values.data(), batch, n / batch, n / batch, shape);
  };
  const auto to = [&](Vector& values, const Shape& shape) {
    return BatchView<double>(values.data(), batch, n / batch, n / batch, shape);
  };
  for (int step = 0; step < 3; ++step) {
    const Vector cond = random.normals<double>(n), uncond = random.normals<double>(n);
    Vector want(n);
    for (std::size_t b = 0; b < batch; ++b)
      for (std::size_t c = 0; c < channels; ++c) {
        double square = 0.0, length = 0.0, product = 0.0;
        const auto at = [&](std::size_t t) { return (b * times + t) * channels + c; };
        for (std::size_t t = 0; t < times; ++t) {
          const std::size_t i = at(t);
          running[i] = cond[i] - uncond[i] - 0.75 * running[i];
          square += running[i] * running[i];
          length += cond[i] * cond[i];
          product += running[i] * cond[i];
        }
        const double factor = std::min(1.0, 2.5 / std::sqrt(square));
        for (std::size_t t = 0; t < times; ++t)
          want[at(t)] = cond[at(t)] + (scale - 1.0) * factor * (running[at(t)] - product / length * cond[at(t)]);
      }
    const auto method = ace_step::Apg{scale}.method();
    guide(with(method, momentum(in(state, btc), to(state, btc)), per_channel("btc")), in(cond, btc), in(uncond, btc),
          to(out, btc));
    guide(with(method, momentum(in(turned_state, bct), to(turned_state, bct)), per_channel("bct")),
          in(turned(cond), bct), in(turned(uncond), bct), to(turned_out, bct));
    const Vector same = turned(out);
    for (std::size_t i = 0; i < n; ++i) {
      REQUIRE(out[i] == Approx(want[i]).epsilon(1e-12).margin(1e-12));
      REQUIRE(turned_out[i] == Approx(same[i]).epsilon(1e-12).margin(1e-12));
    }
  }
}

TEST_CASE("ACE-Step APG: at scale 1 the conditional prediction, and a state that goes on") {
  const std::vector<double> cond{1.0, 2.0}, uncond{0.0, 4.0};
  std::vector<double> state{2.0, 2.0}, out(2);
  guide(with(ace_step::Apg{}.method(), momentum(state, state)), cond, uncond, out);
  CHECK(out == cond);
  CHECK(state == std::vector<double>{-0.5, -3.5});
}
