// SPDX-License-Identifier: MIT
#include <eigenguide/presets/stable_audio.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using namespace eigenguide;

namespace {

using Vector = std::vector<double>;

constexpr std::size_t batch = 2, channels = 4, times = 9, size = channels * times, n = batch * size;
const Shape bct{{batch, channels, times}, 3};

BatchView<const double> in(const Vector& values) { return {values.data(), batch, size, size, bct}; }
BatchView<double> to(Vector& values) { return {values.data(), batch, size, size, bct}; }
std::size_t at(std::size_t b, std::size_t c, std::size_t t) { return (b * channels + c) * times + t; }

Vector cond, uncond, x;
void fill() {
  Random random(23);
  cond = random.normals<double>(n);
  uncond = random.normals<double>(n);
  x = random.normals<double>(n);
}

double spread(const Vector& values, std::size_t b, std::size_t t) {
  double sum = 0.0, square = 0.0;
  for (std::size_t c = 0; c < channels; ++c) sum += values[at(b, c, t)];
  for (std::size_t c = 0; c < channels; ++c) square += std::pow(values[at(b, c, t)] - sum / channels, 2);
  return std::sqrt(square / (channels - 1));
}

}  // namespace

TEST_CASE("Stable Audio: guidance rescaled over the channels, point by point of time") {
  fill();
  Vector out(n);
  guide(with(stable_audio::Guidance{7.0, 0.75}.method(), over("c", "bct")), in(cond), in(uncond), to(out));
  Vector plain(n);
  for (std::size_t i = 0; i < n; ++i) plain[i] = uncond[i] + 7.0 * (cond[i] - uncond[i]);
  for (std::size_t b = 0; b < batch; ++b)
    for (std::size_t t = 0; t < times; ++t) {
      const double ratio = spread(cond, b, t) / spread(plain, b, t);
      for (std::size_t c = 0; c < channels; ++c)
        REQUIRE(out[at(b, c, t)] == Approx((0.75 * ratio + 0.25) * plain[at(b, c, t)]).epsilon(1e-11).margin(1e-12));
    }
}

TEST_CASE("Stable Audio: unconfigured the conditional prediction") {
  fill();
  Vector out(n);
  guide(with(stable_audio::Guidance{}.method(), over("c", "bct")), in(cond), in(uncond), to(out));
  CHECK(out == cond);
  guide(stable_audio::Guidance3{}.method(), in(cond), in(uncond), to(out));
  CHECK(out == cond);
}

TEST_CASE("Stable Audio 3: APG of x0 of a flow model, over what is not padding") {
  fill();
  const double sigma = 0.6, scale = 5.0, apg_scale = 0.75, threshold = 3.0;
  std::array<unsigned char, batch * times> kept{};
  for (std::size_t t = 0; t < times; ++t) {
    kept[t] = t < 6;
    kept[times + t] = 1;
  }
  const stable_audio::Guidance3 guidance{scale, apg_scale, threshold};
  Vector out(n);
  guide(with(guidance.method(), per_sample("bct"), mask(BatchView<const unsigned char>(kept.data(), batch, times, times,
                                                                                       Shape{{batch, times}, 2}),
                                                        "bt")),
        guidance.space(Kind::flow), rectified_flow(sigma), in(x), in(cond), in(uncond), to(out));
  for (std::size_t b = 0; b < batch; ++b) {
    double square = 0.0, length = 0.0, product = 0.0;
    const auto denoised = [&](std::size_t i) { return x[i] - sigma * cond[i]; };
    const auto difference = [&](std::size_t i) { return denoised(i) - (x[i] - sigma * uncond[i]); };
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t t = 0; t < times; ++t) {
        const std::size_t i = at(b, c, t);
        if (!kept[b * times + t]) continue;
        square += difference(i) * difference(i);
        length += denoised(i) * denoised(i);
        product += difference(i) * denoised(i);
      }
    const double factor = std::min(1.0, threshold / std::sqrt(square));
    CHECK(factor < 1.0);
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t t = 0; t < times; ++t) {
        const std::size_t i = at(b, c, t);
        if (!kept[b * times + t]) continue;
        const double whole = factor * difference(i), along = factor * product / length * denoised(i);
        const double guided = denoised(i) + (scale - 1.0) * (apg_scale * (whole - along) + (1.0 - apg_scale) * whole);
        REQUIRE(out[i] == Approx((x[i] - guided) / sigma).epsilon(1e-11).margin(1e-11));
      }
  }
}

TEST_CASE("Stable Audio 3: its rescale is a second call, in the model's own output") {
  fill();
  Vector first(n), out(n);
  const stable_audio::Guidance3 guidance{5.0};
  guide(guidance.method(), guidance.space(Kind::flow), rectified_flow(0.6), in(x), in(cond), in(uncond), to(first));
  guide(with(Cfg{0.0} | Rescale{0.5}, over("c", "bct")), in(cond), in(first), to(out));
  const double ratio = spread(cond, 1, 4) / spread(first, 1, 4);
  for (std::size_t c = 0; c < channels; ++c)
    CHECK(out[at(1, c, 4)] == Approx((0.5 * ratio + 0.5) * first[at(1, c, 4)]));
}
