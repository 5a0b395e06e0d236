// SPDX-License-Identifier: MIT
#include <eigenguide/eigenguide.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/spatial.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

using namespace eigenguide;

namespace {

template <class Half>
using Matrix = Eigen::Matrix<Half, Eigen::Dynamic, Eigen::Dynamic>;

template <class Half>
Matrix<Half> normals(std::uint64_t seed, Eigen::Index rows) {
  Random random(seed);
  Matrix<Half> matrix(rows, 2);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = static_cast<Half>(static_cast<float>(random.normal()));
  return matrix;
}

template <class Half>
bool same_bits(const Matrix<Half>& a, const Matrix<Half>& b) {
  return std::memcmp(a.data(), b.data(), sizeof(Half) * static_cast<std::size_t>(a.size())) == 0;
}

/// What `call` makes of the same numbers as floats, rounded.
template <class Half, class Call>
Matrix<Half> in_float(const Call& call, const Matrix<Half>& c, const Matrix<Half>& u) {
  return Eigen::MatrixXf(call(Eigen::MatrixXf(c.template cast<float>()), Eigen::MatrixXf(u.template cast<float>())))
      .template cast<Half>();
}

template <class Half>
void check_all() {
  for (const Eigen::Index rows : {1, 15, 16, 17, 70, 1000, 8193, 20000}) {
    const Matrix<Half> c = normals<Half>(1, rows), u = normals<Half>(2, rows);
    const auto check = [&](const auto& method) {
      const auto call = [&](const auto& cond, const auto& uncond) { return guide(method, cond, uncond); };
      INFO(rows << " rows");
      CHECK(same_bits<Half>(call(c, u), in_float<Half>(call, c, u)));
    };
    check(Cfg{7.5});
    check(CfgZeroStar{5.0} | Rescale{0.7});
    check(Cfg{4.0} | Renorm::exact());
    check(Apg{7.5, 0.2, 5.0});
    const auto converted = [&](const auto& x, const auto& p) {
      return convert({Kind::v, Kind::sample}, variance_preserving(0.3), x, p);
    };
    CHECK(same_bits<Half>(converted(c, u), in_float<Half>(converted, c, u)));
    const auto in_x0 = [&](const auto& cond, const auto& uncond) {
      return guide(Cfg{3.0} | Rescale{0.7}, Space{Kind::flow, Kind::sample}, rectified_flow(0.4), uncond, cond, uncond);
    };
    CHECK(same_bits<Half>(in_x0(c, u), in_float<Half>(in_x0, c, u)));
  }
}

}  // namespace

TEST_CASE("half: the same call in float, rounded once, bit for bit") { check_all<Eigen::half>(); }
TEST_CASE("bfloat16: the same call in float, rounded once, bit for bit") { check_all<Eigen::bfloat16>(); }

namespace {

/// A result of floats from the halves `c` and `u`, against the same call on floats.
template <class Half>
void check_float_result() {
  for (const Eigen::Index rows : {1, 15, 16, 33, 1000, 8193}) {
    const Matrix<Half> c = normals<Half>(1, rows), u = normals<Half>(2, rows);
    const Eigen::MatrixXf wide_c = c.template cast<float>(), wide_u = u.template cast<float>();
    const auto check = [&](const auto& call) {
      Eigen::MatrixXf out(rows, 2), want(rows, 2);
      call(c, u, out);
      call(wide_c, wide_u, want);
      INFO(rows << " rows");
      CHECK(same_bits<float>(out, want));
    };
    const auto check_method = [&](const auto& method) {
      check([&](const auto& cond, const auto& uncond, auto& out) { guide(method, cond, uncond, out); });
    };
    check_method(Cfg{7.5});
    check_method(Cfg{1.0});  // cond itself
    check_method(Cfg{1e35});  // weights beyond floats
    check_method(with(CfgZeroStar{5.0} | Rescale{0.7}, not_read_soon));
    check_method(with(Apg{7.5, 0.2, 5.0}, over("t", "bt")));
    check([&](const auto& cond, const auto& uncond, auto& out) {
      step(Cfg{3.0} | Rescale{0.7}, Update{{Kind::flow, Kind::sample}}, rectified_flow(0.4), rectified_flow(0.3), uncond, cond, uncond, out);
    });
  }
}

}  // namespace

TEST_CASE("half: a result of floats is not rounded") { check_float_result<Eigen::half>(); }
TEST_CASE("bfloat16: a result of floats is not rounded") { check_float_result<Eigen::bfloat16>(); }

TEST_CASE("half: a result of floats in the memory of an input is refused") {
  std::vector<float> memory(256);
  const BatchView<const half> c(reinterpret_cast<const half*>(memory.data()), 2, 128), u(c.data() + 256, 2, 128);
  CHECK_THROWS_WITH(guide(Cfg{3.0}, c, u, BatchView<float>(memory.data(), 2, 128)), Catch::Contains("partly in the memory of `cond`"));
}

TEST_CASE("half: in place, by groups, with a state, and what is not finite stays in its sample") {
  Matrix<Eigen::half> c = normals<Eigen::half>(1, 300);
  const Matrix<Eigen::half> u = normals<Eigen::half>(2, 300);
  const Matrix<Eigen::half> apart = guide(CfgZeroStar{5.0}, c, u);
  Matrix<Eigen::half> over = c;
  guide(CfgZeroStar{5.0}, over, u, over);
  CHECK(same_bits<Eigen::half>(over, apart));

  Matrix<Eigen::half> state = Matrix<Eigen::half>::Zero(300, 2), out(300, 2);
  guide(with(Momentum{-0.5} | Apg{7.5}, momentum(state, state)), c, u, out);
  CHECK(same_bits<Eigen::half>(state, Matrix<Eigen::half>((c.cast<float>() - u.cast<float>()).cast<Eigen::half>())));

  c(7, 1) = Eigen::half(std::numeric_limits<float>::infinity());
  const Matrix<Eigen::half> spoilt = guide(CfgZeroStar{5.0}, c, u);
  CHECK(std::memcmp(spoilt.data(), apart.data(), 600) == 0);
}

TEST_CASE("half: every target has the same bits, denormals, NaN and infinities among them") {
  std::vector<half> c(65536), u(65536), first(65536), out(65536);
  for (std::uint32_t i = 0; i < 65536; ++i) {
    c[i].bits = static_cast<std::uint16_t>(i);
    u[i].bits = static_cast<std::uint16_t>(i * 40503u);
  }
  using Form = kernel::Form<1, 0>;
  const kernel::Weights<Form> weights{{0.0}, {{{1.0, 0.25}}}};
  const kernel::Inputs<half, 2> inputs{c.data(), u.data()};
  kernel::combine<Form, half>(kernel::Target::portable, inputs, weights, {first.data()}, c.size());
  for (const kernel::Target target : {kernel::Target::avx2, kernel::Target::avx512, kernel::Target::neon}) {
    if (!kernel::supports(target)) continue;
    kernel::combine<Form, half>(target, inputs, weights, {out.data()}, c.size());
    std::size_t unlike = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      const bool both_nan = (first[i].bits & 0x7fff) > 0x7c00 && (out[i].bits & 0x7fff) > 0x7c00;
      unlike += first[i].bits == out[i].bits || both_nan ? 0 : 1;
    }
    CHECK(unlike == 0);
  }
}

TEST_CASE("half: whole calls take it too") {
  const Spatial<float> cond({2, 3, 8, 8}, 1), uncond({2, 3, 8, 8}, 2), noisy({2, 3, 8, 8}, 3);
  const auto rounded = [](const std::vector<float>& values) {
    std::vector<half> all;
    for (const float value : values) all.push_back(half(value));
    return all;
  };
  const auto check = [&](const auto& call) {
    const std::vector<half> c = rounded(cond.values), u = rounded(uncond.values), x = rounded(noisy.values);
    std::vector<half> out(c.size());
    Spatial<float> wide_c = cond, wide_u = uncond, wide_x = noisy, want = cond;
    for (std::size_t i = 0; i < c.size(); ++i) {
      wide_c.values[i] = static_cast<float>(c[i]);
      wide_u.values[i] = static_cast<float>(u[i]);
      wide_x.values[i] = static_cast<float>(x[i]);
    }
    const auto view_of = [&](const std::vector<half>& values) {
      return BatchView<const half>(values.data(), 2, 192, 192, cond.shape);
    };
    call(view_of(x), view_of(c), view_of(u), BatchView<half>(out.data(), 2, 192, 192, cond.shape));
    call(std::as_const(wide_x).view(), std::as_const(wide_c).view(), std::as_const(wide_u).view(), want.view());
    double most = 0.0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double w = static_cast<double>(want.values[i]);
      most = std::fmax(most, std::fabs(static_cast<double>(out[i]) - w) / (1.0 + std::fabs(w)));
    }
    CHECK(most < 5e-4);  // half a step of a half
  };
  check([](auto, auto c, auto, auto out) { threshold(DynamicThreshold{0.9, 2.0}, c, out); });
  check([](auto, auto c, auto u, auto out) { guide(Mahiro{4.0}, c, u, out); });
  check([](auto, auto c, auto u, auto out) { guide(Mimic{9.0, 4.0, 0.9, 1.0}, c, u, out); });
  check([](auto, auto c, auto u, auto out) { guide(Tonemap{4.0, 1.0}, c, u, out); });
  check([](auto x, auto c, auto u, auto out) { guide(SkimmedCfg{4.0, 2.0}, x, c, u, out); });
  check([](auto, auto c, auto, auto out) { blur(GaussianBlur{5, 1.0}, c, out); });
  check([](auto, auto c, auto u, auto out) { guide(FreSca{4.0, 1.0, 1.25, 2}, c, u, out); });
}
