// SPDX-License-Identifier: MIT
#include <eigenguide/prediction/space.hpp>

#include <support/catch.hpp>

using namespace eigenguide;

TEST_CASE("space: the model's own space changes nothing") {
  const SpaceMap own = map({Kind::v, Kind::v}, {0.8, 0.6});
  CHECK(own.scale == 1.0);
  CHECK(own.shift == 0.0);
}

TEST_CASE("space: a flow in x0 is -t (flow - x / t)") {
  const SpaceMap in_sample = map({Kind::flow, Kind::sample}, rectified_flow(0.25));
  CHECK(in_sample.scale == -0.25);
  CHECK(in_sample.shift == -4.0);
}

TEST_CASE("space: one that cannot be reached or left is rejected") {
  CHECK_REJECTS(map({Kind::epsilon, Kind::sample}, {0.0, 1.0}), "`alpha` is 0");
  CHECK_REJECTS(map({Kind::flow, Kind::sample}, rectified_flow(0.0)), "`sigma` is 0");
  CHECK_REJECTS(map({Kind::flow, Kind::epsilon}, rectified_flow(1.0)), "`alpha` is 0");
}

TEST_CASE("space: one whose weights have squares that leave double is rejected") {
  const Space v{Kind::v, Kind::epsilon}, epsilon{Kind::epsilon, Kind::sample}, score{Kind::score, Kind::epsilon};
  for (const double small : {0.9e-100, 1e-155, 1e-300}) {
    CHECK_REJECTS(map(v, {small, 1.0}), "`alpha` is " + describe(small) + "; expected a level at which the weights");        // ρ
    CHECK_REJECTS(map(epsilon, {1.0, small}), "`sigma` is " + describe(small) + "; expected a level at which the weights");  // ρ
    CHECK_REJECTS(map(epsilon, {small, 1.0}), "`alpha` is " + describe(small));                                              // B ρ
    CHECK_REJECTS(map(score, {1.0, small}), "`sigma` is " + describe(small));                                                // 1 / B
    CHECK_REJECTS(map({Kind::epsilon, Kind::score}, {1.0, small}), "`sigma` is " + describe(small));                         // B
  }
  CHECK(map(v, {1.1e-100, 1.0}).shift == Real(1.0) / 1.1e-100);
  CHECK(map({Kind::v, Kind::v}, {1e-300, 1.0}).scale == 1.0);
}
