// SPDX-License-Identifier: MIT
#include <eigenguide/method/renorm.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

namespace {

Gram<2> lengths(double c, double g) { return {{{{c * c, c * g}, {c * g, g * g}}}}; }

}  // namespace

TEST_CASE("renorm: exact gives the length of the conditional prediction, up or down") {
  CHECK(Renorm::exact()(lengths(2.0, 8.0)) == Row<2>{{0.0, 0.25}});
  CHECK(Renorm::exact()(lengths(8.0, 2.0)) == Row<2>{{0.0, 4.0}});
}

TEST_CASE("renorm: capped only shortens") {
  CHECK(Renorm::capped()(lengths(2.0, 8.0)) == Row<2>{{0.0, 0.25}});
  CHECK(Renorm::capped()(lengths(8.0, 2.0)) == Row<2>{{0.0, 1.0}});
  CHECK(Renorm::capped(2.0)(lengths(2.0, 8.0)) == Row<2>{{0.0, 0.5}});
}

TEST_CASE("renorm: a floor bounds how much is taken away") {
  CHECK(Renorm::capped(1.0, 0.5)(lengths(2.0, 8.0)) == Row<2>{{0.0, 0.5}});
}

TEST_CASE("renorm: unconfigured it changes nothing") {
  CHECK(Renorm{}(lengths(2.0, 8.0)) == unit<2>(1));
}

TEST_CASE("renorm: lengths of zero") {
  CHECK(Renorm::exact()(lengths(2.0, 0.0)) == unit<2>(1));
  CHECK(Renorm::exact()(lengths(0.0, 2.0)) == Row<2>{{0.0, 0.0}});
}

TEST_CASE("renorm: parameters outside their range are rejected") {
  CHECK_REJECTS(Renorm::capped(0.0).validate(), "`ratio` is 0; expected a positive number");
  CHECK_REJECTS(Renorm::capped(1.0, 1.5).validate(), "`floor` is 1.5; expected a number in [0, `cap`]");
  CHECK_REJECTS((Renorm{1.0, 0.0, -1.0}).validate(), "`cap` is -1");
  CHECK_REJECTS((Renorm{1.0, 0.0, std::numeric_limits<double>::quiet_NaN()}).validate(), "`cap`");
  CHECK_NOTHROW(Renorm::exact().validate());
}
