// SPDX-License-Identifier: MIT
#include <eigenguide/method/apg.hpp>

#include <eigenguide/core.hpp>
#include <eigenguide/method/momentum.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/pair.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

using Vector = std::vector<double>;

struct Parameters {
  double scale, eta, norm_threshold, momentum;
};

// Algorithm 1 of the paper as written; `running` is its running average.
Vector algorithm_1(const Parameters& p, const Vector& cond, const Vector& uncond, Vector& running) {
  const std::size_t n = cond.size();
  for (std::size_t i = 0; i < n; ++i) running[i] = cond[i] - uncond[i] + p.momentum * running[i];
  Vector diff = running;
  if (p.norm_threshold > 0.0) {
    const double factor = std::min(1.0, p.norm_threshold / std::sqrt(inner(diff, diff)));
    for (double& value : diff) value *= factor;
  }
  const double length = std::sqrt(inner(cond, cond));
  Vector direction = cond;
  for (double& value : direction) value /= length;
  const double along = inner(diff, direction);
  Vector guided(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double parallel = along * direction[i];
    guided[i] = cond[i] + (p.scale - 1.0) * (diff[i] - parallel + p.eta * parallel);
  }
  return guided;
}

const Pair c{3.0, 4.0}, u{3.0, -1.0};  // d = (0, 5): d_∥ = (2.4, 3.2), d_⊥ = (−2.4, 1.8)

void check_near(const Pair& got, const Pair& want) {
  CHECK(got[0] == Approx(want[0]).margin(1e-12));
  CHECK(got[1] == Approx(want[1]).margin(1e-12));
}

}  // namespace

TEST_CASE("apg: the paper's algorithm over a run, with momentum, bound and projection") {
  Random random(7);
  const std::size_t n = 257;
  for (const Parameters& p : {Parameters{7.5, 0.0, 2.5, -0.5}, Parameters{4.0, 0.3, 0.0, -0.75},
                              Parameters{0.5, 1.0, 15.0, 0.0}, Parameters{-2.0, -0.5, 100.0, 0.5}}) {
    Vector running(n, 0.0), state(n, 0.0), out(n);
    for (int step = 0; step < 4; ++step) {
      const Vector cond = random.normals<double>(n), uncond = random.normals<double>(n);
      const Vector want = algorithm_1(p, cond, uncond, running);
      const auto method = Momentum{p.momentum} | Apg{p.scale, p.eta, p.norm_threshold};
      guide(with(method, momentum(state, state)), cond, uncond, out);
      for (std::size_t i = 0; i < n; ++i) {
        REQUIRE(out[i] == Approx(want[i]).epsilon(1e-12).margin(1e-13));
        REQUIRE(state[i] == Approx(running[i]).epsilon(1e-13).margin(1e-14));
      }
    }
  }
}

TEST_CASE("apg: unconfigured c, with a scale plain guidance") {
  CHECK(guided(Apg{}, c, u) == c);
  CHECK(guided(Apg{7.5}, c, u) == guided(Cfg{7.5}, c, u));
  CHECK(guided(Apg{1.0, 0.0, 0.5}, c, u) == c);
}

TEST_CASE("apg: the share along c stays by eta") {
  check_near(guided(Apg{3.0, 0.0}, c, u), {3.0 - 4.8, 4.0 + 3.6});
  check_near(guided(Apg{3.0, 0.5}, c, u), {3.0 - 2.4, 4.0 + 6.8});
}

TEST_CASE("apg: a difference beyond the threshold is shortened to it, before it is projected") {
  check_near(guided(Apg{2.0, 1.0, 2.0}, c, u), {3.0, 6.0});
  check_near(guided(Apg{2.0, 1.0, 5.0}, c, u), {3.0, 9.0});
  check_near(guided(Apg{2.0, 1.0, 6.0}, c, u), {3.0, 9.0});
  check_near(guided(Apg{2.0, 0.0, 2.5}, c, u), {3.0 - 1.2, 4.0 + 0.9});
}

TEST_CASE("apg: a threshold of the root mean square is the same at every size") {
  const double rms = 5.0 / std::sqrt(2.0);  // of d
  check_near(guided(Apg{2.0, 1.0, 0.5 * rms, Length::rms}, c, u), {3.0, 6.5});
  check_near(guided(Apg{2.0, 1.0, 1.01 * rms, Length::rms}, c, u), {3.0, 9.0});
  const Vector twice_c{3.0, 4.0, 3.0, 4.0}, twice_u{3.0, -1.0, 3.0, -1.0};
  const Vector out = guide(Apg{2.0, 1.0, 0.5 * rms, Length::rms}, twice_c, twice_u);
  CHECK(out[1] == Approx(6.5));
  CHECK(out[3] == Approx(6.5));
}

TEST_CASE("apg: a smooth bound is x / (1 + x^(1/q))^q of x = r / ‖d‖") {
  for (const double threshold : {0.01, 2.0, 5.0, 40.0})
    for (const double q : {0.1, 0.5, 1.0, 3.0}) {
      const double x = threshold / 5.0, factor = x / std::pow(1.0 + std::pow(x, 1.0 / q), q);
      check_near(guided(Apg{2.0, 1.0, threshold, Length::norm, q}, c, u), {3.0, 4.0 + 5.0 * factor});
    }
}

TEST_CASE("apg: a smooth bound becomes the hard one as it sharpens, and never overflows") {
  for (const double threshold : {1e-12, 2.0, 40.0, 1e12}) {
    const Pair hard = guided(Apg{2.0, 0.0, threshold}, c, u);
    check_near(guided(Apg{2.0, 0.0, threshold, Length::norm, 1e-4}, c, u), hard);
    const Pair soft = guided(Apg{2.0, 0.0, threshold, Length::norm, 1e-300}, c, u);
    check_near(soft, hard);
  }
}

TEST_CASE("apg: a zero c has no direction, a zero d no length") {
  CHECK(guided(Apg{3.0, 0.0}, {0.0, 0.0}, {1.0, 2.0}) == Pair{-2.0, -4.0});
  for (const double q : {0.0, 0.5}) CHECK(guided(Apg{3.0, 0.0, 2.0, Length::norm, q}, c, c) == c);
  CHECK(guided(Apg{3.0, 0.0, 2.0, Length::rms, 0.5}, {0.0, 0.0}, {0.0, 0.0}) == Pair{0.0, 0.0});
}

TEST_CASE("apg: the links after it see what is left of the difference") {
  // c + d′ + d′
  check_near(guided(Apg{2.0, 0.0, 2.5} | Cfg{2.0}, c, u), {3.0 - 2.4, 4.0 + 1.8});
}

TEST_CASE("apg: a batch of tokens, channels or samples has a group each") {
  const Vector both_c{3.0, 4.0, 0.0, 2.0}, both_u{3.0, -1.0, 1.0, 0.0};
  Vector out(4);
  const Shape shape{{1, 2, 2}, 3};
  const BatchView<const double> cond(both_c.data(), 1, 4, 4, shape), uncond(both_u.data(), 1, 4, 4, shape);
  guide(with(Apg{3.0, 0.0, 2.0}, per_token("bnc")), cond, uncond, BatchView<double>(out.data(), 1, 4, 4, shape));
  const Pair first = guided(Apg{3.0, 0.0, 2.0}, c, u), second = guided(Apg{3.0, 0.0, 2.0}, {0.0, 2.0}, {1.0, 0.0});
  CHECK(out == Vector{first[0], first[1], second[0], second[1]});
}

TEST_CASE("apg: parameters outside their range are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  CHECK_REJECTS((Apg{inf}.validate()), "`scale` is inf");
  CHECK_REJECTS((Apg{1.0, nan}.validate()), "`eta` is nan");
  CHECK_REJECTS((Apg{1.0, 1.0, -1.0}.validate()), "`norm_threshold` is -1");
  CHECK_REJECTS((Apg{1.0, 1.0, 1.0, static_cast<Length>(2)}.validate()), "`length` is 2; expected norm or rms");
  CHECK_REJECTS((Apg{1.0, 1.0, 1.0, Length::norm, -0.1}.validate()), "`smoothing` is -0.1");
}

TEST_CASE("apg: a bound of what is no number is none") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double smoothing : {0.0, 0.3}) {
    Gram<2> gram;
    gram.elements = 4.0;
    for (auto& row : gram.product) row.fill(infinity - infinity);
    CHECK(is_nan(double(Apg{7.5, 1.0, 2.5, Length::norm, smoothing}(gram)[Apg::d])));
  }
}
