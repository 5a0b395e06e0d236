// SPDX-License-Identifier: MIT
#include <eigenguide/algebra/row.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

TEST_CASE("row: rows add and scale as their vectors do") {
  const Row<2> a{{1.0, 2.0}}, b{{3.0, -1.0}};
  CHECK(a + b == Row<2>{{4.0, 1.0}});
  CHECK(a - b == Row<2>{{-2.0, 3.0}});
  CHECK(2.0 * a == Row<2>{{2.0, 4.0}});
}

TEST_CASE("row: a unit row is its vector") {
  CHECK(unit<3>(1) == Row<3>{{0.0, 1.0, 0.0}});
}

TEST_CASE("row: rows after rows combine what the inner rows combine") {
  const Rows<2, 3> inner{Row<3>{{1.0, 0.0, 2.0}}, Row<3>{{0.0, 1.0, -1.0}}};
  CHECK(compose(Row<2>{{3.0, 5.0}}, inner) == Row<3>{{3.0, 5.0, 1.0}});
}

TEST_CASE("row: zero times a row is no row, whatever it held") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(0.0 * Row<2>{{inf, 1.0}} == Row<2>{});
  const Rows<2, 2> inner{unit<2>(0), Row<2>{{inf, inf}}};
  CHECK(compose(Row<2>{{3.0, 0.0}}, inner) == Row<2>{{3.0, 0.0}});
}
