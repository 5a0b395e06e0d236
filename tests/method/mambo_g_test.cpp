// SPDX-License-Identifier: MIT
#include <eigenguide/method/mambo_g.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using namespace eigenguide;

namespace {

// c = (3, 4), u = (0, 2), d = (3, 2): ‖d‖ / ‖u‖ = √13 / 2.
const Gram<3> gram{{{{25.0, 17.0, 8.0}, {17.0, 13.0, 4.0}, {8.0, 4.0, 4.0}}}};

}  // namespace

TEST_CASE("mambo_g: guidance fades with the length of the difference") {
  const Row<3> row = MamboG{5.0, 2.0}(gram);
  CHECK(row[0] == 1.0);
  CHECK(static_cast<double>(row[1]) == Approx(4.0 * std::exp(-2.0 * std::sqrt(13.0) / 2.0)));
  CHECK(row[2] == 0.0);
}

TEST_CASE("mambo_g: without alpha it is plain guidance") {
  CHECK(MamboG{5.0}(gram) == Row<3>{{1.0, 4.0, 0.0}});
  CHECK(MamboG{}(gram) == unit<3>(0));
}

TEST_CASE("mambo_g: a zero unconditional prediction leaves no guidance") {
  const Gram<3> blank{{{{25.0, 25.0, 0.0}, {25.0, 25.0, 0.0}, {0.0, 0.0, 0.0}}}};
  CHECK(MamboG{5.0, 2.0}(blank) == unit<3>(0));
}

TEST_CASE("mambo_g: parameters outside their range are rejected") {
  CHECK_REJECTS(MamboG{std::numeric_limits<double>::quiet_NaN()}.validate(), "`scale`");
  CHECK_REJECTS((MamboG{1.0, -0.5}).validate(), "`alpha` is -0.5; expected a finite number, at least 0");
}
