// SPDX-License-Identifier: MIT
#include <eigenguide/algebra/projection.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

namespace {

// v₀ = (3, 4), v₁ = (0, 2), v₂ = 0
const Gram<3> gram{{{{25.0, 8.0, 0.0}, {8.0, 4.0, 0.0}, {0.0, 0.0, 0.0}}}};

}  // namespace

TEST_CASE("projection: a vector is its share along another and what is orthogonal to it") {
  CHECK(share_along(gram, unit<3>(0), unit<3>(1)) == 2.0);  // (0, 4) = 2 v₁
  const Row<3> rest = orthogonal_to(gram, unit<3>(0), unit<3>(1));
  CHECK(rest == unit<3>(0) - 2.0 * unit<3>(1));
  CHECK(gram.inner(rest, unit<3>(1)) == 0.0);
  CHECK(gram.norm(rest) == 3.0);
}

TEST_CASE("projection: of a combination on a combination") {
  const Row<3> sum = unit<3>(0) + unit<3>(1), twice = 2.0 * unit<3>(0);  // (3, 6), (6, 8)
  CHECK(share_along(gram, sum, twice) == 66.0 / 100.0);
}

TEST_CASE("projection: nothing lies along a zero vector") {
  CHECK(share_along(gram, unit<3>(0), unit<3>(2)) == 0.0);
  CHECK(orthogonal_to(gram, unit<3>(0), unit<3>(2)) == unit<3>(0));
  CHECK(share_along(gram, unit<3>(2), unit<3>(0)) == 0.0);
}
