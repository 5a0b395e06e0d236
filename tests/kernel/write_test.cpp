// SPDX-License-Identifier: MIT
#include <eigenguide/core.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <limits>
#include <type_traits>
#include <vector>

using namespace eigenguide;

namespace {

// A step that advances a momentum, of predictions of which u is not finite and c has a −0.
template <class T>
struct Advancing {
  static constexpr std::size_t size = 3 * 300;
  std::vector<T> c, u, m;

  Advancing() {
    Random random(11);
    for (auto* each : {&c, &u, &m}) *each = random.normals<T>(2 * size);
    u[7] = u[700] = static_cast<T>(std::numeric_limits<float>::infinity());
    u[size + 130] = static_cast<T>(std::numeric_limits<float>::quiet_NaN());
    c[5] = static_cast<T>(-0.0f);
  }
  static BatchView<const T> in(const std::vector<T>& values) { return {values.data(), 2, size, size, {{2, 3, 300}, 3}}; }
  static BatchView<T> to(std::vector<T>& values) { return {values.data(), 2, size, size, {{2, 3, 300}, 3}}; }

  /// The guided result is `expected`, and the next momentum not finite just where u is not.
  template <class Method, class... Options>
  void check(const Method& method, const std::vector<T>& expected, const Options&... options) const {
    std::vector<T> out(2 * size), next(2 * size);
    guide(with(method, momentum(in(m), to(next)), options...), in(c), in(u), to(out));
    CHECK(same_bits(out, expected));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < next.size(); ++i) {
      const bool finite = is_finite(static_cast<double>(static_cast<ComputeOf<T>>(u[i])));
      wrong += is_finite(static_cast<double>(static_cast<ComputeOf<T>>(next[i]))) == finite ? 0 : 1;
    }
    CHECK(wrong == 0);

    // Where the next momentum takes the place of c, and the result that of the momentum.
    std::vector<T> c_then_next = c, m_then_out = m;
    guide(with(method, momentum(in(m_then_out), to(c_then_next)), options...), in(c_then_next), in(u), to(m_then_out));
    CHECK(same_bits(m_then_out, out));
    CHECK(same_bits(c_then_next, next));
  }

  template <class Method>
  void check_groups(const Method& method, const std::vector<T>& expected) const {
    check(method, expected);
    check(method, expected, per_channel("bct"));
    check(method, expected, per("t", "bct"));
  }
};

template <class T>
void check_all() {
  const Advancing<T> a;
  a.check_groups(Momentum{-0.5} | Cfg{1.0}, a.c);
  a.check_groups(Momentum{-0.5} | Cfg{5.0} | ZeroInit{2, 0}, std::vector<T>(2 * a.size));
}

// A state that stays, beside predictions that are not finite and a result that reads it.
template <class T>
void check_kept() {
  Advancing<T> a;
  a.m[5] = a.m[131] = static_cast<T>(-0.0f);
  a.m[400] = static_cast<T>(std::numeric_limits<float>::infinity());
  const std::vector<unsigned char> none(3, 0);
  const auto check = [&](const auto& method, const auto&... options) {
    std::vector<T> out(2 * a.size), next(2 * a.size);
    guide(with(method, average(a.in(a.m), a.to(next)), options...), a.in(a.c), a.in(a.u), a.to(out));
    CHECK(same_bits(next, a.m));
    std::vector<T> m_then_out = a.m, c_then_next = a.c;  // each output in the place of what the other reads
    guide(with(method, average(a.in(m_then_out), a.to(c_then_next)), options...), a.in(c_then_next), a.in(a.u), a.to(m_then_out));
    CHECK(same_bits(c_then_next, a.m));
    CHECK(same_bits(m_then_out, out));
    return out;
  };
  const auto kept = Cfg{5.0} | MomentumGuidance{0.5, 1.0, 3}, averaged = Cfg{5.0} | MomentumGuidance{0.5, 0.5, 3};
  check(kept);
  check(kept, per("t", "bct"));
  // Of masked elements only, whatever it would be else.
  CHECK(same_bits(check(averaged, per_channel("bct"), mask(none, "c")), a.c));
}

// A step at a scale that needs no uncond, or no cond, while the momentum reads both.
template <class T>
void check_without_weight() {
  Advancing<T> a;
  const std::vector<T> finite = Random(12).template normals<T>(2 * a.size);
  std::vector<T> bad = finite;
  for (const std::size_t place : {7u, 700u, 1030u}) bad[place] = a.u[place];
  const Level level{0.8, 0.6}, end{0.9, 0.4};
  const auto check = [&](const auto& method, const std::vector<T>& c, const std::vector<T>& u) {
    std::vector<T> out(2 * a.size), read_only(2 * a.size), next(2 * a.size);
    const auto take = [&](const auto& bound, std::vector<T>& to) {
      step(bound, Update{{}, Renoise::guided}, level, end, a.in(finite), a.in(c), a.in(u), a.to(to));
    };
    take(with(method, momentum(a.in(a.m), a.to(next))), out);
    take(with(method, momentum(a.in(a.m))), read_only);
    CHECK(same_bits(out, read_only));
    std::size_t wrong = 0;
    for (const T value : out) wrong += is_finite(static_cast<double>(static_cast<ComputeOf<T>>(value))) ? 0 : 1;
    CHECK(wrong == 0);
    std::vector<T> c_then_out = c, m_then_next = a.m;  // in place
    step(with(method, momentum(a.in(m_then_next), a.to(m_then_next))), Update{{}, Renoise::guided}, level, end, a.in(finite),
         a.in(c_then_out), a.in(u), a.to(c_then_out));
    CHECK(same_bits(c_then_out, out));
    CHECK(same_bits(m_then_next, next));
  };
  check(Momentum{-0.5} | Apg{1.0, 0.0, 2.5}, finite, bad);
  check(Momentum{-0.5} | Cfg{1.0}, finite, bad);
  check(Momentum{-0.5} | Cfg{0.0}, bad, finite);
  // Finite, but for their difference.
  const auto most = static_cast<T>(static_cast<double>((std::numeric_limits<ComputeOf<T>>::max)()) * 0.9);
  if constexpr (!std::is_same_v<T, half>)
    check(Momentum{-0.5} | Cfg{0.0}, std::vector<T>(2 * a.size, most), std::vector<T>(2 * a.size, static_cast<T>(-most)));
}

// A term without weight, between others or after them: what is infinite stays so.
template <class T>
void check_absent() {
  const Advancing<T> a;
  std::vector<T> c = a.c;
  for (const std::size_t place : {7u, 300u, 1030u}) c[place] = static_cast<T>(std::numeric_limits<float>::infinity());
  const std::vector<T> u = Random(12).template normals<T>(2 * a.size), p = Random(13).template normals<T>(2 * a.size);
  const auto written = [&](const auto& method, const auto&... options) {
    std::vector<T> out(2 * a.size);
    guide(with(method, options...), a.in(c), a.in(u), a.to(out));
    return out;
  };
  const std::vector<T> expected = written(Cfg{3.0} | Perturbation{2.0}, perturbed(a.in(p)));
  std::size_t infinite = 0;
  for (const T value : expected) infinite += static_cast<double>(static_cast<ComputeOf<T>>(value)) > 1e300 ? 1 : 0;
  CHECK(infinite == 3);
  const auto with_absent = [&](const auto&... options) {
    return written(Cfg{3.0} | Perturbation{2.0} | ModalityIsolation{1.0} | SelfAttention{0.0}, perturbed(a.in(p)),
                   isolated(a.in(u)), degraded(a.in(a.u)), options...);
  };
  CHECK(same_bits(with_absent(), expected));
  CHECK(same_bits(with_absent(per_channel("bct")), expected));
  CHECK(same_bits(with_absent(per("t", "bct")), expected));

  // And where what it reads by itself is x and two states.
  const auto stepped = [&](const auto& method, const auto&... states) {
    std::vector<T> out(2 * a.size);
    step(with(method, states...), Update{{}, Renoise::guided}, Level{0.8, 0.6}, Level{0.9, 0.4}, a.in(p), a.in(c), a.in(u), a.to(out));
    return out;
  };
  const auto averaged = Cfg{3.0} | MomentumGuidance{0.5, 0.5, 3};
  CHECK(same_bits(stepped(Momentum{0.0} | averaged, momentum(a.in(a.m)), average(a.in(a.c))), stepped(averaged, average(a.in(a.c)))));
}

}  // namespace

TEST_CASE("write: a result that is cond, or nothing, is so beside a state that reads what is not finite") {
  check_all<float>();
  check_all<double>();
}
TEST_CASE("write: and of halves") { check_all<half>(); }

TEST_CASE("write: what the result gives no weight to is nothing to it, whatever a state reads") {
  check_without_weight<float>();
  check_without_weight<double>();
  check_without_weight<half>();
}

TEST_CASE("write: halves that are cond are so as floats, a −0 too") {
  const std::vector<half> c{half(-0.0f), half(1.5f), half(0.0f)}, u{half(1.0f), half(2.0f), half(-1.0f)};
  std::vector<float> out(3);
  guide(Cfg{1.0}, BatchView<const half>(c.data(), 1, 3), BatchView<const half>(u.data(), 1, 3), BatchView<float>(out.data(), 1, 3));
  CHECK(same_bits(out, {-0.0f, 1.5f, 0.0f}));
}

TEST_CASE("write: a state that stays as it is has its bits, whatever is not finite beside it") {
  check_kept<float>();
  check_kept<double>();
  check_kept<half>();
}

TEST_CASE("write: what is infinite stays so where a chain has terms without weight") {
  check_absent<float>();
  check_absent<double>();
  check_absent<half>();
}

TEST_CASE("write: a step of masked elements only is that of cond, whatever the method adds and in every sign of zero") {
  const std::vector<float> c(300, 0.0f), u = Random(14).normals<float>(300), x(300, -0.0f);
  const std::vector<unsigned char> none(3, 0);
  const auto stepped = [&](const auto& method) {
    std::vector<float> out(300);
    const auto in = [](const std::vector<float>& values) { return BatchView<const float>(values.data(), 1, 300, 300, {{1, 3, 100}, 3}); };
    step(method, Update{}, Level{0.6, 0.8}, Level{0.8, 0.6}, in(x), in(c), in(u), BatchView<float>(out.data(), 1, 300, 300, {{1, 3, 100}, 3}));
    return out;
  };
  const std::vector<float> expected = stepped(Cfg{});
  CHECK(same_bits(stepped(with(Cfg{5.0} | Rescale{0.7}, per_channel("bct"), mask(none, "c"))), expected));
  CHECK(same_bits(stepped(Cfg{1.0} | Rescale{0.0}), expected));
}
