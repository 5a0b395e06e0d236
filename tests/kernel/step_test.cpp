// SPDX-License-Identifier: MIT
#include <eigenguide/kernel/reference.hpp>
#include <eigenguide/kernel/step.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>
#include <eigenguide/method/renorm.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

using namespace eigenguide;
using namespace eigenguide::kernel;

namespace {

using Vectors = Basis<2, false, true, true>;

template <class T>
Measured<T> sample_of(const std::vector<T>& c, const std::vector<T>& u, const SpaceMap& map = {}) {
  return {best_target(), map, {c.data(), u.data()}, {}, nullptr, c.size()};
}
template <class T>
Gram<4> measured(const std::vector<T>& c, const std::vector<T>& u) {
  return sample_of(c, u).template gram<true>();
}
template <class T>
Gram<4> exact(const std::vector<T>& c, const std::vector<T>& u) {
  return step_gram<Vectors>(gram_of<Vectors>(reference::reduce<Vectors, T>({c.data(), u.data()}, c.size(), 0.0), c.size()));
}
template <class Method, class T>
void guide_one(const Method& method, const Measured<T>& sample, T* out) {
  guide_sample<is_constant<Method>>(method, sample, sample.elements, {}, out, std::array<Next<T>, 0>{}, nullptr);
}
template <class T>
std::vector<T> guided(const Chain<Cfg>& method, const Measured<T>& sample) {
  std::vector<T> out(sample.elements.size);
  guide_one(method, sample, out.data());
  return out;
}
Chain<Cfg> cfg(double scale) { return chain_of(links_of(Cfg{scale})); }

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

TEST_CASE("step: a small unconditional prediction keeps its digits, in float and in double") {
  Random random(6);
  for (const double scale : {1e-2, 1e-4, 1e-6}) {
    INFO("scale " << scale);
    const auto c = random.normals<float>(5000), u = random.normals<float>(5000, scale);
    const auto c2 = random.normals<double>(5000), u2 = random.normals<double>(5000, scale);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(relative(measured(c, u)(i, 2), exact(c, u)(i, 2)) < 1e-12);
      CHECK(relative(measured(c2, u2)(i, 2), exact(c2, u2)(i, 2)) < 1e-12);
    }
  }
  // Small beside the difference, not beside c.
  const auto c = random.normals<float>(5000);
  auto u = c;
  for (float& value : u) value *= -0.45f;
  CHECK(relative(measured(c, u)(2, 2), exact(c, u)(2, 2)) < 1e-12);
}

TEST_CASE("step: a small spread about a large mean keeps its digits") {
  Random random(7);
  auto c = random.normals<float>(5000), u = random.normals<float>(5000);
  for (float& value : c) value += 1000.0f;
  for (float& value : u) value += 1000.0f;  // so that only the means are large
  const auto variance = [](const Gram<4>& gram) {
    return gram.square(unit<4>(0) - gram(0, 3) / gram(3, 3) * unit<4>(3));
  };
  // 313 additions a lane, each rounding a sum 10⁶ times the variance.
  CHECK(relative(variance(measured(c, u)), variance(exact(c, u))) < 313 * 1.2e-16 * 1e6);
}

TEST_CASE("step: a result that is a small difference is weighed in double") {
  // g = c + 2 d is a thousandth of its terms; its length is asked for.
  const std::vector<float> c{3.0f, -1.5f, 0.75f}, u{4.5001f, -2.2502f, 1.1253f};
  std::vector<float> out(3);
  guide_one(Cfg{3.0} | Renorm::exact(), sample_of(c, u), out.data());
  double cc = 0.0, gg = 0.0, g[3];
  for (std::size_t i = 0; i < 3; ++i) {
    g[i] = double(c[i]) + 2.0 * (double(c[i]) - double(u[i]));
    cc += double(c[i]) * double(c[i]);
    gg += g[i] * g[i];
  }
  // What float's own rounding of c, d and out leaves: a few 1e-7 of the terms,
  // a thousand times that of the result.
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(double(out[i]) == Approx(g[i] * std::sqrt(cc / gg)).epsilon(0).margin(1.2e-7 * 6.0 * std::sqrt(cc / gg)));
}

TEST_CASE("step: so is a state's next value that is one, whatever the result is") {
  // g = c and m′ = ‖c‖² / n v² c − m with c = v, m = 3/4 v. The roundings of eight v²
  // summed in float all go down, to 1.5e-7 less: more than that of a weight.
  constexpr float v = 0x1.cccp0f;
  constexpr std::size_t size = 128;
  struct Weighed {
    using Vectors = Reads<Role::cond, Role::momentum>;
    void validate() const {}
    Row<2> operator()(const Gram<2>&) const { return {{1.0, 0.0}}; }
    Row<2> next(const Gram<2>& gram) const { return {{gram(0, 0) / (size * double(v) * double(v)), -1.0}}; }
  };
  const std::vector<float> c(size, v), u(size, -v), m(size, 0.75f * v);
  std::vector<float> out(size), next(size);
  const Measured<float, 2, 1> sample{best_target(), {}, {c.data(), u.data()}, {m.data()}, nullptr, size};
  REQUIRE(sample.gram<false, false>()(0, 0) < (1.0 - 1.4e-7) * sample.gram<false, true>()(0, 0));
  guide_sample<false>(chain_of(links_of(Weighed{})), sample, sample.elements, {}, out.data(),
                      std::array<Next<float>, 1>{{{0, next.data()}}}, nullptr);
  CHECK(out == c);
  CHECK(next == std::vector<float>(size, 0.25f * v));
}

TEST_CASE("step: a prediction without weight is not read") {
  const std::vector<float> c(40, 2.0f);
  Measured<float> sample = sample_of(c, c);
  sample.prediction[1] = nullptr;
  CHECK(guided(cfg(1.0), sample) == c);
  sample = sample_of(c, c);
  sample.prediction[0] = nullptr;
  CHECK(guided(cfg(0.0), sample) == c);
}

TEST_CASE("step: x is not read where the weights of the predictions sum to one") {
  const std::vector<float> c(40, 2.0f), u(40, 1.0f);
  for (const double scale : {3.0, 0.3, -1.7, 1e6 / 3})
    CHECK(guided(cfg(scale), sample_of(c, u, map({Kind::v, Kind::sample}, {0.8, 0.6}))) ==
          guided(cfg(scale), sample_of(c, u)));
}

TEST_CASE("step: CFG-Zero* of a small unconditional prediction is exact to rounding") {
  for (const double scale : {1e-2, 1e-4, 1e-6}) {
    Random random(9);
    const auto c = random.normals<float>(3000);
    auto u = c;
    for (float& value : u) value = static_cast<float>(scale * (double(value) + 0.1 * random.normal()));
    std::vector<float> out(3000);
    guide_one(chain_of(links_of(CfgZeroStar{5.0})), sample_of(c, u), out.data());
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
    INFO("scale " << scale);
    CHECK(worst < 2.4e-7 * largest);
  }
}

TEST_CASE("step: weights beyond floats are taken in double, and what they give is rounded once") {
  Random random(11);
  constexpr std::size_t size = 150;
  for (const double magnitude : {1e-35, 1e35}) {
    // So that every term is an ordinary number; and c − u is a tenth of c.
    const auto c = random.normals<float>(2 * size, 1.0 / magnitude), m = random.normals<float>(2 * size, 1.0 / magnitude);
    auto u = c;
    for (float& value : u) value = static_cast<float>(0.9 * double(value));
    const double first = 3.0 * magnitude, difference = -70.0 * magnitude, both = 1.7 * magnitude, direct = 0.3 * magnitude;
    Terms<float, 1, 1, 1> terms(c.data());
    terms.constant = {0.125};
    terms.first_weight = {first};
    terms.add_uncond(u.data(), {difference}, {both});
    terms.add_direct(m.data(), {direct});
    const auto want = [&](std::size_t n) {
      using Wide = long double;
      return static_cast<float>(0.125L + Wide(first) * c[n] + Wide(difference) * (Wide(c[n]) - u[n]) + Wide(both) * u[n] + Wide(direct) * m[n]);
    };
    INFO("magnitude " << magnitude);
    std::vector<float> out(2 * size, 9.0f);
    write(best_target(), terms, std::array<float*, 1>{out.data()}, Elements(size));
    for (std::size_t n = 0; n < size; ++n) CHECK(out[n] == want(n));
    CHECK(out[size] == 9.0f);

    std::vector<float> every_second(2 * size, 9.0f);
    Lattice lattice;
    lattice.rank = 1;
    lattice.extent = {size};
    lattice.stride = {2};
    write(best_target(), terms, std::array<float*, 1>{every_second.data()}, Elements(size, lattice));
    for (std::size_t n = 0; n < 2 * size; ++n) CHECK(every_second[n] == (n % 2 == 0 ? want(n) : 9.0f));

    std::vector<double> wide(size);
    const std::vector<double> wide_c(c.begin(), c.end());
    Terms<double, 0, 1, 1> of_doubles(wide_c.data());
    of_doubles.first_weight = {magnitude};
    write(best_target(), of_doubles, std::array<double*, 1>{wide.data()}, Elements(size));
    for (std::size_t n = 0; n < size; ++n) CHECK(wide[n] == magnitude * wide_c[n]);
  }
}

TEST_CASE("step: two outputs of weights beyond floats may be over inputs, in either order") {
  Random random(12);
  constexpr std::size_t size = 40;
  const double magnitude = 1e35;
  const auto c = random.normals<float>(size, 1.0 / magnitude), u = random.normals<float>(size, 1.0 / magnitude),
             m = random.normals<float>(size, 1.0 / magnitude);
  for (const bool guided_over_cond : {true, false})
    for (const std::size_t stride : {1u, 2u}) {
      const std::size_t count = size / stride;
      Lattice lattice;
      lattice.rank = 1;
      lattice.extent = {count};
      lattice.stride = {stride};
      auto over_c = c, over_m = m;
      Terms<float, 1, 1, 2> terms(over_c.data());
      terms.first_weight = {3.0 * magnitude, 0.5 * magnitude};
      terms.add_uncond(u.data(), {-2.0 * magnitude, 1.5 * magnitude}, {});
      terms.add_direct(over_m.data(), {0.25 * magnitude, -4.0 * magnitude});
      std::array<float*, 2> to{over_c.data(), over_m.data()};
      if (!guided_over_cond) std::swap(to[0], to[1]);
      write(best_target(), terms, to, stride == 1 ? Elements(count) : Elements(count, lattice));
      const auto &guided = guided_over_cond ? over_c : over_m, &next = guided_over_cond ? over_m : over_c;
      for (std::size_t n = 0; n < size; n += stride) {
        using Wide = long double;
        const Wide d = Wide(c[n]) - u[n];
        CHECK(guided[n] == static_cast<float>(Wide(magnitude) * (3 * Wide(c[n]) - 2 * d + 0.25L * m[n])));
        CHECK(next[n] == static_cast<float>(Wide(magnitude) * (0.5L * c[n] + 1.5L * d - 4 * Wide(m[n]))));
      }
    }
}

TEST_CASE("step: constant weights report what the predictions were, with an output over one of them") {
  constexpr std::size_t size = 9000;  // of more than one chunk
  Random random(13);
  const auto c = random.normals<float>(size), u = random.normals<float>(size);
  Lattice halved;
  halved.rank = 1;
  halved.extent = {size / 2};
  halved.stride = {2};
  for (const Elements& elements : {Elements(size), Elements(size / 2, halved)}) {
    const std::size_t stride = size / elements.size;
    double cc = 0.0, uu = 0.0, cu = 0.0, dd = 0.0;
    for (std::size_t n = 0; n < size; n += stride) {
      const double cond = c[n], uncond = u[n];
      cc += cond * cond, uu += uncond * uncond, cu += cond * uncond, dd += (cond - uncond) * (cond - uncond);
    }
    for (const bool over_cond : {true, false}) {
      INFO(elements.size << (over_cond ? ", over cond" : ", over uncond"));
      auto cond = c, uncond = u;
      const Measured<float> sample{best_target(), {}, {cond.data(), uncond.data()}, {}, nullptr, elements};
      Diagnostics found;
      guide_sample<true>(cfg(7.5), sample, elements, {}, over_cond ? cond.data() : uncond.data(), std::array<Next<float>, 0>{}, &found);
      CHECK(found.relative_difference == Approx(std::sqrt(dd / uu)).epsilon(1e-6));
      CHECK(found.cosine == Approx(cu / std::sqrt(cc * uu)).margin(1e-6));
      CHECK(found.zero_star == Approx(cu / uu).margin(1e-6));
    }
  }
}

TEST_CASE("step: x is read where the weights of the predictions sum to nearly one") {
  struct Scaled {
    using Vectors = Reads<Role::cond>;
    void validate() const {}
    Row<1> operator()(const Gram<1>&) const { return {{1.0 + 1e-4}}; }
  };
  const std::vector<double> x{1.0, -2.0}, v{0.5, 3.0};
  std::vector<double> out(2);
  const Level level{0.8, 0.6};
  const Measured<double> sample{best_target(), map({Kind::v, Kind::sample}, level), {v.data(), v.data()}, {}, x.data(), 2};
  guide_one(chain_of(links_of(Scaled{})), sample, out.data());
  for (std::size_t i = 0; i < 2; ++i) {
    const double x0 = level.alpha * x[i] - level.sigma * v[i];
    CHECK(out[i] == Approx((level.alpha * x[i] - (1.0 + 1e-4) * x0) / level.sigma).epsilon(1e-13));
  }
}

TEST_CASE("step: a constant weight and the scale of the space reach the result") {
  // g′ = 2 c′ + ‖c′‖² / Σ 1 · 1, in x₀: the one method here that is neither
  // homogeneous nor without a constant.
  struct Shifted {
    using Vectors = Reads<Role::cond, Role::one>;
    void validate() const {}
    Row<2> operator()(const Gram<2>& gram) const { return {{2.0, gram(0, 0) / gram(1, 1)}}; }
  };
  const std::vector<double> x{1.0, -2.0}, v{0.5, 3.0};
  std::vector<double> out(2);
  const Level level{0.8, 0.6};
  const Measured<double> sample{best_target(), map({Kind::v, Kind::sample}, level), {v.data(), v.data()}, {}, x.data(), 2};
  guide_one(chain_of(links_of(Shifted{})), sample, out.data());
  double x0[2], square = 0.0;
  for (std::size_t i = 0; i < 2; ++i) {
    x0[i] = level.alpha * x[i] - level.sigma * v[i];
    square += x0[i] * x0[i];
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const double guided = 2.0 * x0[i] + square / 2.0;
    CHECK(out[i] == Approx((level.alpha * x[i] - guided) / level.sigma));  // back to v
  }
}
