// SPDX-License-Identifier: MIT
#include <eigenguide/algebra/gram.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>
#include <tuple>

using namespace eigenguide;

namespace {

// v₀ = (3, 4), v₁ = (0, 4)
const Gram<2> gram{{{{25.0, 16.0}, {16.0, 16.0}}}};

}  // namespace

TEST_CASE("gram: inner products of combinations need only the matrix") {
  CHECK(gram.inner(unit<2>(0) - unit<2>(1), unit<2>(0)) == 9.0);
  CHECK(gram.square(unit<2>(0) - unit<2>(1)) == 9.0);
  CHECK(gram.norm(unit<2>(0)) == 5.0);
}

TEST_CASE("gram: a square that rounds below zero is zero") {
  const Gram<2> rounded{{{{1.0, 1.0}, {1.0, 1.0 - 1e-16}}}};
  const Row<2> difference = unit<2>(0) - (1.0 + 1e-16) * unit<2>(1);
  CHECK(rounded.square(difference) >= 0.0);
  const Gram<1> negative{{{{-1e-300}}}};
  CHECK(negative.norm(unit<1>(0)) == 0.0);
}

TEST_CASE("gram: NaN stays NaN") {
  const Gram<1> broken{{{{std::numeric_limits<double>::quiet_NaN()}}}};
  CHECK(std::isnan(static_cast<double>(broken.norm(unit<1>(0)))));
}

TEST_CASE("gram: a vector of weight zero is not there") {
  const double inf = std::numeric_limits<double>::infinity();
  const Gram<2> overflowed{{{{4.0, inf}, {inf, inf}}}};
  CHECK(overflowed.norm(unit<2>(0)) == 2.0);
}

TEST_CASE("gram: a change of basis is the matrix of the combinations") {
  const Rows<2, 2> rows{unit<2>(0) - unit<2>(1), 2.0 * unit<2>(1)};  // (3, 0) and (0, 8)
  const Gram<2> changed = gram.of(rows);
  CHECK(changed(0, 0) == 9.0);
  CHECK(changed(0, 1) == 0.0);
  CHECK(changed(1, 0) == 0.0);
  CHECK(changed(1, 1) == 64.0);
}

TEST_CASE("gram: units stand for the rows that they are") {
  const Gram<3> products{{{{14.0, 3.0, -2.0}, {3.0, 5.0, 0.5}, {-2.0, 0.5, 9.0}}}};
  const Row<3> row{{0.3, -0.7, 0.0}};
  const Rows<3, 3> rows{unit<3>(2), row, unit<3>(0)};
  const std::tuple known{Unit<3, 2>{}, row, Unit<3, 0>{}};
  const Gram<3> of_rows = products.of(rows), of_known = products.of(known);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) CHECK(of_known(i, j) == of_rows(i, j));
  const Row<3> outer{{1.5, -2.0, 0.25}};
  CHECK(compose<3>(outer, known) == compose(outer, rows));
}

TEST_CASE("gram: what is left of vectors that cancel to rounding is nothing") {
  const Gram<2> parallel{{{{9.0, 3.0}, {3.0, 1.0}}}};  // v₀ = 3 v₁
  for (const double weight : {0.1, 0.7, 1.3}) {
    CHECK(parallel.norm(weight * unit<2>(0) - 3.0 * weight * unit<2>(1)) == 0.0);
    CHECK(parallel.norm(weight * unit<2>(0) - (3.0 + 1e-6) * weight * unit<2>(1)) > 0.0);
  }
  CHECK(parallel.cancelled);
}
