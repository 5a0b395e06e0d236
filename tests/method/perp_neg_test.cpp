// SPDX-License-Identifier: MIT
#include <eigenguide/method/perp_neg.hpp>

#include <eigenguide/core.hpp>
#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/pair.hpp>

#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

using Vector = std::vector<double>;

Vector minus(Vector a, const Vector& b, double factor = 1.0) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] -= factor * b[i];
  return a;
}

// As the paper writes it, from the empty prompt's prediction.
Vector reference(double scale, const std::vector<double>& weights, const Vector& positive,
                 const std::vector<Vector>& negatives, const Vector& empty) {
  const Vector p = minus(positive, empty);
  Vector direction = p;
  for (std::size_t k = 0; k < negatives.size(); ++k) {
    const Vector n = minus(negatives[k], empty);
    direction = minus(direction, minus(n, p, inner(n, p) / inner(p, p)), weights[k]);
  }
  return minus(empty, direction, -scale);
}

const Pair positive{3.0, 1.0}, empty{1.0, 1.0};  // p = (2, 0)

Pair guided_away(double scale, double weight, const Pair& negative, const Pair& cond = positive) {
  Pair out{};
  guide(with(PerpNeg<1>{{weight}} | Cfg{scale}, prompt<0>(negative)), cond, empty, out);
  return out;
}

}  // namespace

TEST_CASE("perp_neg: the paper's formula, for one and for several negatives") {
  Random random(11);
  const std::size_t n = 193;
  const Vector cond = random.normals<double>(n), none = random.normals<double>(n);
  const std::vector<Vector> negatives{random.normals<double>(n), random.normals<double>(n), random.normals<double>(n)};
  const Vector one = guide(with(PerpNeg<1>{{0.7}} | Cfg{8.0}, prompt<0>(negatives[0])), cond, none);
  const Vector three = guide(with(PerpNeg<3>{{1.0, -0.5, 0.25}} | Cfg{5.0}, prompt<0>(negatives[0]), prompt<1>(negatives[1]),
                                  prompt<2>(negatives[2])),
                             cond, none);
  const Vector want_one = reference(8.0, {0.7}, cond, {negatives[0]}, none);
  const Vector want_three = reference(5.0, {1.0, -0.5, 0.25}, cond, negatives, none);
  for (std::size_t i = 0; i < n; ++i) {
    REQUIRE(one[i] == Approx(want_one[i]).epsilon(1e-12).margin(1e-12));
    REQUIRE(three[i] == Approx(want_three[i]).epsilon(1e-12).margin(1e-12));
  }
}

TEST_CASE("perp_neg: of a negative prompt only what is orthogonal to the positive one counts") {
  CHECK(guided_away(3.0, 1.0, {7.0, 1.0}) == Pair{7.0, 1.0});   // n = (6, 0), along p
  CHECK(guided_away(3.0, 1.0, {1.0, 2.0}) == Pair{7.0, -2.0});  // n = (0, 1)
  CHECK(guided_away(3.0, 1.0, {7.0, 2.0}) == Pair{7.0, -2.0});  // n = (6, 1)
  CHECK(guided_away(3.0, 0.5, {7.0, 3.0}) == Pair{7.0, -2.0});
}

TEST_CASE("perp_neg: without a weight plain guidance, unconfigured c") {
  CHECK(guided_away(3.0, 0.0, {7.0, 9.0}) == guided(Cfg{3.0}, positive, empty));
  Pair out{};
  guide(with(PerpNeg<1>{}, prompt<0>(Pair{7.0, 9.0})), positive, empty, out);
  CHECK(out == positive);
}

TEST_CASE("perp_neg: alone it is at scale 1, where the negatives act still, at scale 0 nothing does") {
  Pair out{};
  guide(with(PerpNeg<1>{{1.0}}, prompt<0>(Pair{1.0, 2.0})), positive, empty, out);
  CHECK(out == Pair{3.0, 0.0});
  CHECK(guided_away(1.0, 1.0, {1.0, 2.0}) == out);
  CHECK(guided_away(0.0, 1.0, {1.0, 2.0}) == empty);
}

TEST_CASE("perp_neg: a negative prompt that is the empty one is none") {
  CHECK(guided_away(3.0, 1.0, empty) == guided(Cfg{3.0}, positive, empty));
}

TEST_CASE("perp_neg: without a positive direction the negative stays whole") {
  CHECK(guided_away(3.0, 1.0, {2.0, 3.0}, empty) == Pair{-2.0, -5.0});  // u − 3 n
}

TEST_CASE("perp_neg: it leaves the result of the links before it in place") {
  Pair out{};
  guide(with(Cfg{2.0} | PerpNeg<1>{{1.0}}, prompt<0>(Pair{1.0, 2.0})), positive, empty, out);
  CHECK(out == Pair{5.0, 0.0});
}

TEST_CASE("perp_neg: a weight that is not finite is rejected") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_REJECTS((PerpNeg<1>{{inf}}.validate()), "`weight` is inf");
  CHECK_REJECTS((PerpNeg<2>{{0.0, inf}}.validate()), "`weight_1` is inf");
}
