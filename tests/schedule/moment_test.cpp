// SPDX-License-Identifier: MIT
#include <eigenguide/schedule/moment.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("moment: shares of a run") {
  CHECK(Moment{0, 4, {}}.done() == 0.0);
  CHECK(Moment{3, 4, {}}.done() == 0.75);
  for (const std::size_t count : {std::size_t{1} << 60, ~std::size_t{0}}) {
    CHECK(Moment{count - 1, count, {}}.done() < 1.0);
    CHECK(Moment{count / 4, count, {}}.done() == 0.25);
  }
  CHECK(Moment{0, 5, {}}.progress() == 0.0);
  CHECK(Moment{2, 5, {}}.progress() == 0.5);
  CHECK(Moment{4, 5, {}}.progress() == 1.0);
  CHECK(Moment{}.progress() == 0.0);  // one step
}

TEST_CASE("moment: time is that of a flow with as much noise") {
  CHECK(Moment{0, 1, rectified_flow(0.3)}.time() == Approx(0.3));
  CHECK(Moment{0, 1, variance_exploding(4.0)}.time() == Approx(0.8));
  CHECK(Moment{0, 1, variance_preserving(0.0)}.time() == 1.0);
  CHECK(Moment{0, 1, variance_exploding(0.0)}.time() == 0.0);
  CHECK(Moment{0, 1, {1e308, 1e308}}.time() == 0.5);  // whose sum is not a double
  CHECK(Moment{0, 1, {5e-324, 5e-324}}.time() == 0.5);
}

TEST_CASE("moment: one for each level of a run") {
  const auto run = moments({variance_exploding(3.0), variance_exploding(1.0)});
  REQUIRE(run.size() == 2);
  CHECK(run[1].step == 1);
  CHECK(run[1].count == 2);
  CHECK(run[0].level.sigma == 3.0);
  CHECK(moments({}).empty());
}

TEST_CASE("moment: bad ones are rejected") {
  CHECK_REJECTS((Moment{4, 4, {}}.validate()), "`step` is 4; expected a step of the run");
  CHECK_REJECTS((Moment{0, 0, {}}.validate()), "`step` is 0");
  CHECK_REJECTS((Moment{0, 1, {0.0, 0.0}}.validate()), "`alpha` is 0");
}
