// SPDX-License-Identifier: MIT
#include <eigenguide/method/tcfg.hpp>

#include <support/catch.hpp>
#include <support/plane.hpp>

#include <limits>

using namespace eigenguide;

TEST_CASE("tcfg: what is left of u lies along the leading singular vector") {
  const Gram<3> gram = plane(3.0, 1.0, 1.0, 2.0);
  const Row<3> kept = unit<3>(0) - Tcfg::difference(gram);  // ũ
  // ũ is the projection of u on its own direction ...
  CHECK(static_cast<double>(gram.inner(kept, unit<3>(2))) == Approx(static_cast<double>(gram.square(kept))));
  // ... which is an eigenvector of c cᵀ + u uᵀ, and the leading one.
  const Real along_c = gram.inner(kept, unit<3>(0)), along_u = gram.inner(kept, unit<3>(2));
  const Row<3> image = along_c * unit<3>(0) + along_u * unit<3>(2);
  const Real share = gram.inner(image, kept) / gram.square(kept);
  CHECK(static_cast<double>(gram.norm(image - share * kept)) == Approx(0.0).margin(1e-12));
  CHECK(share > (gram(0, 0) + gram(2, 2)) / 2.0);
}

TEST_CASE("tcfg: parallel predictions lose nothing") {
  const Gram<3> gram = plane(3.0, 4.0, 1.5, 2.0);
  CHECK(static_cast<double>(gram.norm(Tcfg::difference(gram) - unit<3>(1))) == Approx(0.0).margin(1e-12));
}

TEST_CASE("tcfg: of orthogonal predictions the longer one leads") {
  const Gram<3> longer_c = plane(2.0, 0.0, 0.0, 1.0);  // ũ = 0
  CHECK(static_cast<double>(longer_c.norm(Tcfg::difference(longer_c) - unit<3>(0))) == Approx(0.0).margin(1e-12));
  const Gram<3> longer_u = plane(1.0, 0.0, 0.0, 2.0);  // ũ = u
  CHECK(static_cast<double>(longer_u.norm(Tcfg::difference(longer_u) - unit<3>(1))) == Approx(0.0).margin(1e-12));
}

TEST_CASE("tcfg: without a leading direction u is left as it is") {
  CHECK(Tcfg::difference(plane(1.0, 0.0, 0.0, 1.0)) == unit<3>(1));
  CHECK(Tcfg::difference(plane(0.0, 0.0, 0.0, 0.0)) == unit<3>(1));
}

TEST_CASE("tcfg: close predictions keep the digits of their difference") {
  // c = u + (0, 10⁻⁹): both at 45° to the eigenvectors, so that c − ũ = d / 2 to first order.
  const double step = 1e-9;
  const double x[] = {1.0, 0.0, 1.0}, y[] = {step, step, 0.0};
  Gram<3> gram;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) gram.product[i][j] = x[i] * x[j] + y[i] * y[j];
  CHECK(static_cast<double>(gram.norm(Tcfg::difference(gram))) == Approx(step / 2).epsilon(1e-6));
}

TEST_CASE("tcfg: scale 1 is the conditional prediction, scale 0 the damped unconditional one") {
  const Gram<3> gram = plane(3.0, 1.0, 1.0, 2.0);
  CHECK(Tcfg{}(gram) == unit<3>(0));
  CHECK(Tcfg{0.0}(gram) == unit<3>(0) - Tcfg::difference(gram));
}

TEST_CASE("tcfg: a scale that is not finite is rejected") {
  CHECK_REJECTS(Tcfg{std::numeric_limits<double>::infinity()}.validate(), "`scale` is inf");
}
