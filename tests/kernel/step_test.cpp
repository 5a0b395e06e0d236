// SPDX-License-Identifier: MIT
#include <eigenguide/kernel/reference.hpp>
#include <eigenguide/kernel/step.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;
using namespace eigenguide::kernel;

namespace {

using Vectors = Basis<2, false, true>;

Gram<3> measured(const std::vector<float>& c, const std::vector<float>& u) {
  return measure<Vectors, float>(best_target(), {c.data(), u.data()}, c.size(), 0.0);
}
Gram<3> exact(const std::vector<float>& c, const std::vector<float>& u) {
  return gram_of<Vectors>(reference::reduce<Vectors, float>({c.data(), u.data()}, c.size(), 0.0), c.size());
}
double relative(Real got, Real want) { return std::abs(static_cast<double>((got - want) / want)); }

}  // namespace

TEST_CASE("step: magnitudes beyond float's products are measured in double") {
  for (const double magnitude : {1e-40, 1e-30, 1e-20, 1e20, 1e25, 1e30}) {
    Random random(5);
    const auto c = random.normals<float>(1000, magnitude), u = random.normals<float>(1000, magnitude);
    INFO("magnitude " << magnitude);
    for (std::size_t i = 0; i < 2; ++i)
      CHECK(relative(measured(c, u)(i, i), exact(c, u)(i, i)) < 1e-12);
  }
}

TEST_CASE("step: a small unconditional prediction keeps its digits") {
  Random random(6);
  const auto c = random.normals<float>(5000), u = random.normals<float>(5000, 1e-4);
  const Row<3> uncond = unit<3>(0) - unit<3>(1);
  double square = 0.0;
  for (const float value : u) square += double(value) * double(value);
  CHECK(relative(measured(c, u).square(uncond), square) < 1e-7);
}

TEST_CASE("step: a small spread about a large mean keeps its digits") {
  Random random(7);
  auto c = random.normals<float>(5000), u = random.normals<float>(5000);
  for (float& value : c) value += 1000.0f;
  const auto variance = [](const Gram<3>& gram) {
    return gram.square(unit<3>(0) - gram(0, 2) / gram(2, 2) * unit<3>(2));
  };
  // 313 additions a lane, each rounding a sum 10⁶ times the variance.
  CHECK(relative(variance(measured(c, u)), variance(exact(c, u))) < 313 * 1.2e-16 * 1e6);
}

TEST_CASE("step: a prediction without weight is not read") {
  const std::vector<float> c(40, 2.0f);
  std::vector<float> out(40);
  guide_sample(best_target(), chain_of(links_of(Cfg{1.0})), SpaceMap{}, c.data(),
               static_cast<const float*>(nullptr), static_cast<const float*>(nullptr), out.data(), 40);
  CHECK(out == c);
}

TEST_CASE("step: x is not read where the weights of the predictions sum to one") {
  const std::vector<float> c(40, 2.0f), u(40, 1.0f);
  std::vector<float> out(40);
  guide_sample(best_target(), chain_of(links_of(Cfg{3.0})), map({Kind::v, Kind::sample}, {0.8, 0.6}),
               c.data(), u.data(), static_cast<const float*>(nullptr), out.data(), 40);
  CHECK(out == std::vector<float>(40, 4.0f));
}

TEST_CASE("step: scale 0 is the unconditional prediction, whatever the sizes") {
  Random random(8);
  const auto c = random.normals<float>(100, 1000.0), u = random.normals<float>(100, 1e-3);
  std::vector<float> out(100);
  guide_sample(best_target(), chain_of(links_of(Cfg{0.0})), SpaceMap{}, c.data(), u.data(),
               static_cast<const float*>(nullptr), out.data(), 100);
  CHECK(out == u);
}

TEST_CASE("step: CFG-Zero* of a small unconditional prediction is exact to rounding") {
  Random random(9);
  const auto c = random.normals<float>(3000);
  auto u = c;
  for (float& value : u) value = 1e-3f * (value + 0.1f * static_cast<float>(random.normal()));
  std::vector<float> out(3000);
  guide_sample(best_target(), chain_of(links_of(CfgZeroStar{5.0})), SpaceMap{}, c.data(), u.data(),
               static_cast<const float*>(nullptr), out.data(), 3000);
  long double cu = 0, uu = 0;
  for (std::size_t i = 0; i < c.size(); ++i) {
    cu += static_cast<long double>(c[i]) * u[i];
    uu += static_cast<long double>(u[i]) * u[i];
  }
  double worst = 0.0, largest = 0.0;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const long double scaled = cu / uu * u[i];
    const double want = static_cast<double>(scaled + 5.0L * (c[i] - scaled));
    worst = std::fmax(worst, std::abs(double(out[i]) - want));
    largest = std::fmax(largest, 5.0 * std::abs(double(c[i])));
  }
  CHECK(worst < 2.4e-7 * largest);
}
