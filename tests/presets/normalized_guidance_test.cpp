// SPDX-License-Identifier: MIT
#include <eigenguide/presets/normalized_guidance.hpp>

#include <eigenguide/core.hpp>
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
using Average = MomentumNormalizedGuidance::Average;

double norm(const Vector& v) {
  double square = 0.0;
  for (const double value : v) square += value * value;
  return std::sqrt(square);
}

// The published function, as written.
Vector reference(const Vector& cond, const Vector& base, Vector diff, double scale, double eta, double threshold) {
  if (threshold > 0.0) {
    const double factor = std::min(1.0, threshold / norm(diff));
    for (double& value : diff) value *= factor;
  }
  const double length = std::max(norm(cond), 1e-12);
  double along = 0.0;
  for (std::size_t i = 0; i < diff.size(); ++i) along += diff[i] * (cond[i] / length);
  Vector out(diff.size());
  for (std::size_t i = 0; i < diff.size(); ++i) {
    const double parallel = along * (cond[i] / length), orthogonal = diff[i] - parallel;
    out[i] = base[i] + scale * (orthogonal + eta * parallel);
  }
  return out;
}

Vector minus(Vector a, const Vector& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

void check_near(const Vector& got, const Vector& want) {
  for (std::size_t i = 0; i < want.size(); ++i) REQUIRE(got[i] == Approx(want[i]).epsilon(1e-12).margin(1e-12));
}

const Pair c{3.0, 4.0}, u{3.0, -1.0};  // d = (0, 5), d_∥ = (2.4, 3.2)

}  // namespace

TEST_CASE("normalized guidance: the published function, from either base") {
  Random random(5);
  const Vector cond = random.normals<double>(131), uncond = random.normals<double>(131), diff = minus(cond, uncond);
  for (const double eta : {0.0, 0.4, 1.0})
    for (const double threshold : {-1.0, 0.0, 3.0, 1000.0}) {
      check_near(guide(NormalizedGuidance{7.5, eta, threshold}, cond, uncond),
                 reference(cond, uncond, diff, 7.5, eta, threshold));
      check_near(guide(NormalizedGuidance{7.5, eta, threshold, Base::cond}, cond, uncond),
                 reference(cond, cond, diff, 7.5, eta, threshold));
    }
}

TEST_CASE("normalized guidance: from c at s − 1 it is APG, from u it loses the share along c") {
  const Pair paper = guided(Apg{5.0, 0.0}, c, u);
  const Pair from_c = guided(NormalizedGuidance{4.0, 0.0, 0.0, Base::cond}, c, u);
  const Pair from_u = guided(NormalizedGuidance{5.0, 0.0, 0.0, Base::uncond}, c, u);
  CHECK(from_c[0] == Approx(paper[0]));
  CHECK(from_c[1] == Approx(paper[1]));
  CHECK(from_u[0] == Approx(paper[0] - 2.4));
  CHECK(from_u[1] == Approx(paper[1] - 3.2));
}

TEST_CASE("normalized guidance: unconfigured c, and plain guidance with eta 1") {
  CHECK(guided(NormalizedGuidance{}, c, u) == c);
  CHECK(guided(NormalizedGuidance{3.0}, c, u)[1] == Approx(14.0));
}

TEST_CASE("normalized guidance: a c below the pad counts as that much longer") {
  const Pair tiny{3e-13, 4e-13}, zero{}, d{-1.0, -2.0};
  const Pair out = guided(NormalizedGuidance{1.0, 0.0, 0.0, Base::cond}, tiny, {1.0, 2.0});
  const Vector want = reference({tiny[0], tiny[1]}, {tiny[0], tiny[1]}, {tiny[0] - 1.0, tiny[1] - 2.0}, 1.0, 0.0, 0.0);
  CHECK(out[0] == Approx(want[0]));
  CHECK(out[1] == Approx(want[1]));
  CHECK(guided(NormalizedGuidance{1.0, 0.0, 0.0, Base::cond}, zero, {1.0, 2.0}) == d);
}

TEST_CASE("normalized guidance: the update is that of the average, the base the prediction's own") {
  Random random(9);
  const std::size_t n = 67;
  Vector running(n, 0.0), state(n, 0.0), out(n);
  for (int step = 0; step < 4; ++step) {
    const Vector cond = random.normals<double>(n), uncond = random.normals<double>(n);
    for (std::size_t i = 0; i < n; ++i) running[i] = cond[i] - uncond[i] - 0.75 * running[i];
    const MomentumNormalizedGuidance method{{7.5, 0.2, 2.0, Base::uncond}, -0.75};
    guide(with(method, momentum(state, state)), cond, uncond, out);
    check_near(out, reference(cond, uncond, running, 7.5, 0.2, 2.0));
    check_near(state, running);
  }
}

TEST_CASE("normalized guidance: an average that is only fed, or frozen") {
  const Pair m{1.0, 1.0};
  Pair next{}, out{};
  guide(with(MomentumNormalizedGuidance{{3.0}, -0.5, Average::fed}, momentum(m, next)), c, u, out);
  CHECK(next == Pair{-0.5, 4.5});
  CHECK(out == guided(NormalizedGuidance{3.0}, c, u));
  guide(with(MomentumNormalizedGuidance{{3.0}, -0.5, Average::frozen}, momentum(m, next)), c, u, out);
  CHECK(next == m);
  CHECK(out == guided(NormalizedGuidance{3.0}, c, u));
}

TEST_CASE("normalized guidance: parameters that are not finite are rejected") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_REJECTS((NormalizedGuidance{inf}.validate()), "`scale` is inf");
  CHECK_REJECTS((NormalizedGuidance{1.0, inf}.validate()), "`eta` is inf");
  CHECK_REJECTS((NormalizedGuidance{1.0, 1.0, inf}.validate()), "`norm_threshold` is inf");
  CHECK_REJECTS((MomentumNormalizedGuidance{{}, inf}.validate()), "`momentum` is inf");
}
