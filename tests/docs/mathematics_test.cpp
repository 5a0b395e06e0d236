// SPDX-License-Identifier: MIT
// What docs/mathematics.md says, and the code that it quotes.
#include <eigenguide/core.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

using namespace eigenguide;

namespace {

/// g = c + (s − 1) max(0, cos θ) d: guided as far as both predictions agree.
struct Agreeing {
  double scale = 1.0;

  enum Vector : std::size_t { c, d, u };
  using Vectors = Reads<Role::cond, Role::difference, Role::uncond>;
  void validate() const { require_finite("scale", scale); }

  Row<3> operator()(const Gram<3>& gram) const {
    const Real lengths = gram.norm(unit<3>(c)) * gram.norm(unit<3>(u));
    const Real cosine = lengths == 0.0 ? Real(0.0) : gram(c, u) / lengths;
    return unit<3>(c) + (Real(scale) - 1.0) * (cosine < 0.0 ? Real(0.0) : cosine) * unit<3>(d);
  }
};

using Vector = std::vector<double>;

Vector random_vector(unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  Vector values(40);
  for (double& value : values) value = normal(engine) + 0.3;
  return values;
}

/// a v + b w
Vector sum(double a, const Vector& v, double b, const Vector& w) {
  Vector result(v.size());
  for (std::size_t k = 0; k < v.size(); ++k) result[k] = a * v[k] + b * w[k];
  return result;
}

double inner(const Vector& v, const Vector& w) {
  double total = 0.0;
  for (std::size_t k = 0; k < v.size(); ++k) total += v[k] * w[k];
  return total;
}

double norm(const Vector& v) { return std::sqrt(inner(v, v)); }

double mean(const Vector& v) { return inner(v, Vector(v.size(), 1.0)) / static_cast<double>(v.size()); }

double spread(const Vector& v) { return std::sqrt(inner(v, v) / static_cast<double>(v.size()) - mean(v) * mean(v)); }

template <class Method>
Vector guided(const Method& method, const Vector& cond, const Vector& uncond) {
  Vector out(cond.size());
  guide(method, cond, uncond, out);
  return out;
}

void check_same(const Vector& left, const Vector& right) {
  CHECK(norm(sum(1.0, left, -1.0, right)) <= 1e-12 * norm(right));
}

const Vector c = random_vector(1), u = sum(0.6, c, 0.5, random_vector(2)), d = sum(1.0, c, -1.0, u);
const double s = 4.5;

}  // namespace

TEST_CASE("mathematics: CFG, from the score to v") {
  for (const Level level : {Level{0.8, 0.6}, Level{0.3, 0.7}, Level{1.0, 5.0}}) {
    const double a = level.alpha, b = level.sigma;
    const Vector x = random_vector(3);
    const auto v_of = [&](const Vector& epsilon) { return sum((a * a + b * b) / a, epsilon, -b / a, x); };
    const Vector x0 = sum(1.0 / a, x, -b / a, c);
    check_same(v_of(c), sum(a, c, -b, x0));
    check_same(guided(Cfg{s}, v_of(c), v_of(u)), v_of(guided(Cfg{s}, c, u)));
  }
}

TEST_CASE("mathematics: the algebra of a Gram matrix") {
  const Vector one(c.size(), 1.0);
  Gram<3> gram;
  const Vector* const vectors[] = {&c, &d, &one};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) gram.product[i][j] = inner(*vectors[i], *vectors[j]);
  const Row<3> r = unit<3>(0) + 3.5 * unit<3>(1), q = 2.0 * unit<3>(0) - unit<3>(1);
  const Vector g = sum(1.0, c, 3.5, d), h = sum(2.0, c, -1.0, d);
  CHECK(double(gram.inner(r, q)) == Approx(inner(g, h)));
  CHECK(double(gram.norm(r)) == Approx(norm(g)));
  CHECK(double(gram.inner(r, unit<3>(2)) / gram(2, 2)) == Approx(mean(g)));
  const Row<3> centred = r - gram.inner(r, unit<3>(2)) / gram(2, 2) * unit<3>(2);
  CHECK(double(gram.norm(centred)) == Approx(spread(g) * std::sqrt(double(c.size()))));
  const Gram<2> changed = gram.of(Rows<2, 3>{r, q});
  CHECK(double(changed(0, 1)) == Approx(inner(g, h)));
  CHECK(double(changed(1, 1)) == Approx(inner(h, h)));

  // The leading singular vector of [c; u], found by iteration on all elements.
  Vector leading = c;
  for (int i = 0; i < 200; ++i) {
    leading = sum(inner(c, leading), c, inner(u, leading), u);
    leading = sum(1.0 / norm(leading), leading, 0.0, leading);
  }
  const Vector part = sum(inner(u, leading), leading, 0.0, leading);
  check_same(guided(Tcfg{s}, c, u), sum(s, c, 1.0 - s, part));
}

TEST_CASE("mathematics: a method of one's own") {
  const Vector &cond = c, &uncond = u;
  const double cosine = inner(c, u) / (norm(c) * norm(u));
  check_same(guided(Agreeing{5.0}, c, u), sum(1.0, c, 4.0 * cosine, d));
  Vector out(c.size());
  guide(Agreeing{5.0} | Rescale{0.7}, cond, uncond, out);
  CHECK(spread(out) == Approx(0.7 * spread(c) + 0.3 * spread(guided(Agreeing{5.0}, c, u))));
  check_same(guided(Agreeing{5.0}, c, sum(-1.0, u, 0.0, u)), c);
}

TEST_CASE("mathematics: CFG-Zero*, a right angle") {
  const double alpha = inner(c, u) / inner(u, u);
  const Vector across = sum(1.0, c, -alpha, u), g = guided(CfgZeroStar{s}, c, u);
  CHECK(std::fabs(inner(across, u)) <= 1e-12 * norm(c) * norm(u));
  for (const double other : {alpha - 0.01, alpha + 0.01}) CHECK(norm(sum(1.0, c, -other, u)) > norm(across));
  check_same(g, sum(alpha, u, s, across));
  CHECK(inner(g, u) == Approx(inner(c, u)));
  CHECK(inner(g, g) == Approx(alpha * alpha * inner(u, u) + s * s * inner(across, across)));
  check_same(sum(1.0, guided(Cfg{s}, c, u), -1.0, g), sum((s - 1.0) * (alpha - 1.0), u, 0.0, u));
}

TEST_CASE("mathematics: APG, the other right angle") {
  const Vector g = guided(Apg{s, 0.0}, c, u), across = sum(1.0, d, -inner(d, c) / inner(c, c), c);
  CHECK(inner(g, c) == Approx(inner(c, c)));
  CHECK(inner(g, g) == Approx(inner(c, c) + (s - 1.0) * (s - 1.0) * inner(across, across)));
  CHECK(norm(sum(1.0, guided(Apg{s, 0.0, 0.25}, c, u), -1.0, c)) <= (s - 1.0) * 0.25 * (1.0 + 1e-12));
}

TEST_CASE("mathematics: slerp, and multiples of an angle") {
  const Vector to = sum(1.0 / norm(c), c, 0.0, c), from = sum(1.0 / norm(u), u, 0.0, u);
  const double k = inner(to, from);
  const double half = 1.0 / std::sqrt(2.0 + 2.0 * k);
  const double table[][3] = {{-1.0, -1.0, 2 * k},
                             {0.0, 0.0, 1.0},
                             {0.5, half, half},
                             {1.0, 1.0, 0.0},
                             {2.0, 2 * k, -1.0},
                             {3.0, 4 * k * k - 1, -2 * k},
                             {4.0, 8 * k * k * k - 4 * k, 1 - 4 * k * k},
                             {5.0, 16 * k * k * k * k - 12 * k * k + 1, 4 * k - 8 * k * k * k}};
  const auto on_circle = [&](double scale) { return guided(Slerp{scale, Magnitude::raw}, to, from); };
  for (const auto& [scale, a, b] : table) {
    check_same(on_circle(scale), sum(a, to, b, from));
    CHECK(norm(on_circle(scale)) == Approx(1.0));
  }
  for (const double scale : {0.3, 1.7}) check_same(on_circle(scale + 1.0), sum(2 * k, on_circle(scale), -1.0, on_circle(scale - 1.0)));

  Vector right(c.size()), angle(c.size());
  right[0] = angle[1] = 1.0;
  check_same(guided(Slerp{4.0}, right, angle), angle);
  check_same(guided(Slerp{5.0}, right, angle), right);
}

TEST_CASE("mathematics: rescale and renorm") {
  const Vector g = guided(Cfg{s}, c, u), rescaled = guided(Cfg{s} | Rescale{0.7}, c, u);
  CHECK(spread(rescaled) == Approx(0.7 * spread(c) + 0.3 * spread(g)));
  CHECK(mean(rescaled) / mean(g) == Approx(spread(rescaled) / spread(g)));
  CHECK(norm(guided(Cfg{s} | Renorm::exact(), c, u)) == Approx(norm(c)));
  CHECK(norm(guided(Cfg{s} | Renorm::capped(), c, u)) <= norm(c) * (1.0 + 1e-12));
}
