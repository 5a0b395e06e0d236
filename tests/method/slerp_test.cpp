// SPDX-License-Identifier: MIT
#include <eigenguide/method/slerp.hpp>

#include <support/catch.hpp>
#include <support/plane.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

namespace {

double angle_from_uncond(const Gram<3>& gram, const Row<3>& g) {
  const Row<3> u = unit<3>(2);
  return std::acos(static_cast<double>(gram.inner(u, g) / (gram.norm(u) * gram.norm(g))));
}

constexpr double degree = 3.14159265358979323846 / 180.0;

}  // namespace

TEST_CASE("slerp: the angle from the unconditional prediction is s times theta") {
  const Gram<3> gram = plane(3.0 * std::cos(20 * degree), 3.0 * std::sin(20 * degree), 2.0, 0.0);
  for (const Magnitude magnitude : {Magnitude::linear, Magnitude::conditional})
    for (const double scale : {0.5, 2.0, 3.0, 7.5})
      CHECK(angle_from_uncond(gram, Slerp{scale, magnitude}(gram)) == Approx(scale * 20 * degree));
}

TEST_CASE("slerp: lengths follow the choice of magnitude") {
  const Gram<3> gram = plane(0.0, 2.0, 3.0, 0.0);  // ‖c‖ = 2, ‖u‖ = 3, at right angles
  CHECK(static_cast<double>(gram.norm(Slerp{0.5, Magnitude::linear}(gram))) == Approx(2.5));
  CHECK(static_cast<double>(gram.norm(Slerp{0.0, Magnitude::linear}(gram))) == Approx(3.0));
  CHECK(static_cast<double>(gram.norm(Slerp{0.5, Magnitude::conditional}(gram))) == Approx(2.0));
  // raw: a = b = sin 45°, on the vectors as they are
  CHECK(static_cast<double>(gram.norm(Slerp{0.5, Magnitude::raw}(gram))) == Approx(std::sqrt(13.0 / 2.0)));
}

TEST_CASE("slerp: a line that shortens to zero goes on to the other side") {
  const Gram<3> gram = plane(2.0 * std::cos(20 * degree), 2.0 * std::sin(20 * degree), 3.0, 0.0);
  CHECK(static_cast<double>(gram.norm(Slerp{3.0}(gram))) == Approx(0.0).margin(1e-12));
  CHECK(angle_from_uncond(gram, Slerp{5.0}(gram)) == Approx((180 - 5 * 20) * degree));
}

TEST_CASE("slerp: integer scales give the multiple-angle coefficients") {
  // sin 2θ / sin θ = 2 cos θ, sin 3θ / sin θ = 4 cos²θ − 1
  const double cosine = 0.98;
  const Gram<3> gram = plane(cosine, std::sqrt(1 - cosine * cosine), 1.0, 0.0);
  const Row<3> row = Slerp{3.0, Magnitude::raw}(gram);
  CHECK(static_cast<double>(row[0]) == Approx(4 * cosine * cosine - 1).epsilon(1e-13));
  CHECK(static_cast<double>(row[2]) == Approx(-2 * cosine).epsilon(1e-13));
}

TEST_CASE("slerp: scale 1 is the conditional prediction exactly") {
  for (const Magnitude magnitude : {Magnitude::linear, Magnitude::conditional, Magnitude::raw})
    CHECK(Slerp{1.0, magnitude}(plane(0.3, 0.7, 1.1, -0.2)) == unit<3>(0));
}

TEST_CASE("slerp: parallel vectors give the line") {
  const Gram<3> gram = plane(3.0, 4.0, 1.5, 2.0);  // u = c / 2
  const Row<3> line{{1.0, 4.0, 0.0}};
  for (const Magnitude magnitude : {Magnitude::linear, Magnitude::raw}) {
    const Row<3> row = Slerp{5.0, magnitude}(gram);
    CHECK(static_cast<double>(gram.norm(row - line)) == Approx(0.0).margin(1e-12));
  }
  CHECK(static_cast<double>(gram.norm(Slerp{5.0, Magnitude::conditional}(gram))) == Approx(5.0));
}

TEST_CASE("slerp: small angles approach the line smoothly") {
  for (const double theta : {1e-3, 1e-5, 1e-7, 1e-9, 1e-12}) {
    const Gram<3> gram = plane(std::cos(theta), std::sin(theta), 1.0, 0.0);
    const Row<3> row = Slerp{7.5}(gram);
    CHECK(static_cast<double>(row[2]) == Approx(-6.5).epsilon(100 * theta * theta + 1e-9));
  }
}

TEST_CASE("slerp: small angles keep their digits") {
  // θ = 10⁻⁶ followed to s θ = 1: a right angle's share that a cancelled sine would miss.
  const double theta = 1e-6;
  // c − u is given, not subtracted: (−2 sin²(θ/2), sin θ).
  const double dx = -2.0 * std::sin(theta / 2) * std::sin(theta / 2), dy = std::sin(theta);
  const double x[] = {std::cos(theta), dx, 1.0}, y[] = {std::sin(theta), dy, 0.0};
  Gram<3> gram;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) gram.product[i][j] = x[i] * x[j] + y[i] * y[j];
  const Row<3> row = Slerp{1e6, Magnitude::raw}(gram);
  CHECK(static_cast<double>(row[0]) == Approx(std::sin(1.0) / std::sin(theta)).epsilon(1e-9));
}

TEST_CASE("slerp: magnitudes far from 1 change nothing") {
  const Row<3> ordinary = Slerp{2.0}(plane(3.0, 4.0, 1.0, 2.0));
  for (const double m : {1e-150, 1e-90, 1e90, 1e150}) {
    const Row<3> row = Slerp{2.0}(plane(3.0 * m, 4.0 * m, 1.0 * m, 2.0 * m));
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(static_cast<double>(row[i]) == Approx(static_cast<double>(ordinary[i])).epsilon(1e-12));
  }
}

TEST_CASE("slerp: opposite and zero vectors follow the line") {
  const Row<3> line{{1.0, 4.0, 0.0}};
  CHECK(Slerp{5.0}(plane(1.0, 0.0, -2.0, 0.0)) == line);
  CHECK(Slerp{5.0}(plane(1.0, 0.0, -1.0, 1e-4)) == line);
  CHECK(Slerp{5.0}(plane(0.0, 0.0, 1.0, 1.0)) == line);
  CHECK(Slerp{5.0}(plane(1.0, 1.0, 0.0, 0.0)) == line);
}

TEST_CASE("slerp: a scale whose angle would leave double follows the line, and none is NaN") {
  for (const Magnitude magnitude : {Magnitude::linear, Magnitude::conditional, Magnitude::raw})
    for (const double sign : {1.0, -1.0}) {
      const Gram<3> wide = plane(-1.0, 0.5, 40.0, 0.0);  // θ = 2.7
      for (const double scale : {1.1e100, 1.5e308}) {
        const Row<3> line{{1.0, Real(sign * scale) - 1.0, 0.0}};
        CHECK(Slerp{sign * scale, magnitude}(wide) == line);
      }
      const Row<3> arc = Slerp{sign * 1e100, magnitude}(wide);
      CHECK(arc[1] == 0.0);
      for (const Real weight : arc.weight) CHECK(is_finite(double(weight)));
    }
}

TEST_CASE("slerp: up to a cosine of -1 + 1e-5 the great circle is followed, beyond it the line") {
  using Wide = long double;
  constexpr Wide to = 2, from = 3, pi = 3.14159265358979323846264338L;
  for (const Wide less : {2e-5L, 1.01e-5L, 0.99e-5L, 0.5e-5L}) {  // cos θ = −1 + less
    const Wide apart = 2 * std::asin(std::sqrt(less / 2)), theta = pi - apart;
    const Wide cx = -to * std::cos(apart), cy = to * std::sin(apart);
    const Gram<3> gram = plane(static_cast<double>(cx), static_cast<double>(cy), static_cast<double>(from), 0.0);
    for (const Wide s : {0.5L, 2.0L, 7.5L}) {
      const Row<3> row = Slerp{static_cast<double>(s)}(gram);
      const Wide c = static_cast<double>(row[0]), d = static_cast<double>(row[1]), u = static_cast<double>(row[2]);
      const bool circle = less > 1e-5L;
      const Wide length = from + s * (to - from);
      const Wide x = circle ? length * std::cos(s * theta) : from + s * (cx - from);
      const Wide y = circle ? length * std::sin(s * theta) : s * cy;
      INFO(static_cast<double>(less) << ", scale " << static_cast<double>(s));
      CHECK(static_cast<double>(c * cx + d * (cx - from) + u * from - x) == Approx(0.0).margin(1e-8));
      CHECK(static_cast<double>(c * cy + d * cy - y) == Approx(0.0).margin(1e-8));
    }
  }
}

TEST_CASE("slerp: parameters outside their range are rejected") {
  CHECK_REJECTS(Slerp{std::numeric_limits<double>::infinity()}.validate(), "`scale` is inf");
  CHECK_REJECTS((Slerp{1.0, static_cast<Magnitude>(9)}.validate()), "`magnitude` is 9");
}

TEST_CASE("slerp: at a scale of 0 it is uncond exactly, of the length of cond where that is asked for") {
  const Gram<3> gram = plane(0.1, 0.03, 1.0, 2.9);
  Gram<3> unknown = gram;
  for (auto& row : unknown.product) row.fill(std::numeric_limits<double>::quiet_NaN());
  for (const Magnitude magnitude : {Magnitude::linear, Magnitude::raw})
    CHECK(Slerp{0.0, magnitude}(unknown) == unit<3>(Slerp::u));
  const Row<3> of_cond = Slerp{0.0, Magnitude::conditional}(gram);
  CHECK(static_cast<double>(gram.norm(of_cond)) == Approx(static_cast<double>(gram.norm(unit<3>(Slerp::c)))));
}

TEST_CASE("slerp: at a scale of 1 it is cond exactly, whatever the lengths") {
  for (const Magnitude magnitude : {Magnitude::linear, Magnitude::conditional, Magnitude::raw})
    CHECK(Slerp{1.0, magnitude}(plane(0.1, 0.03, 1.0, 2.9)) == Row<3>{{1.0, 0.0, 0.0}});
}
