// SPDX-License-Identifier: MIT
#include <eigenguide/noise/coordinates.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

namespace {

constexpr Coordinates all[] = {Coordinates::variance_preserving, Coordinates::variance_exploding,
                               Coordinates::rectified_flow};

}  // namespace

TEST_CASE("coordinates: the same noise as a share of the data, in each") {
  for (const double ratio : {1e-6, 0.3, 1.0, 14.6, 1e6}) {
    const Level exploding = variance_exploding(ratio);
    const Level preserving = in_coordinates(Coordinates::variance_preserving, exploding);
    const Level flow = in_coordinates(Coordinates::rectified_flow, exploding);
    CHECK(preserving.alpha * preserving.alpha + preserving.sigma * preserving.sigma == Approx(1.0));
    CHECK(flow.alpha + flow.sigma == Approx(1.0));
    for (const Coordinates from : all)
      for (const Coordinates to : all) {
        const Level there = in_coordinates(to, in_coordinates(from, exploding)), want = in_coordinates(to, exploding);
        CHECK(there.alpha == Approx(want.alpha).epsilon(1e-14));
        CHECK(there.sigma == Approx(want.sigma).epsilon(1e-14));
      }
  }
}

TEST_CASE("coordinates: x of variance 1, for data of any spread") {
  const Level level = in_coordinates(Coordinates::variance_preserving, variance_exploding(2.0), 0.5);
  CHECK(level.alpha == Approx(1.0 / std::sqrt(4.25)));
  CHECK(level.alpha * level.alpha * 0.25 + level.sigma * level.sigma == Approx(1.0));
}

TEST_CASE("coordinates: the ends of a schedule") {
  const Level noise{0.0, 3.0}, data{0.5, 0.0};
  CHECK(in_coordinates(Coordinates::variance_preserving, noise).sigma == 1.0);
  CHECK(in_coordinates(Coordinates::rectified_flow, noise).sigma == 1.0);
  CHECK(in_coordinates(Coordinates::rectified_flow, noise).alpha == 0.0);
  CHECK_REJECTS(in_coordinates(Coordinates::variance_exploding, noise), "`alpha` is 0; expected a positive number: pure noise");
  for (const Coordinates coordinates : all) {
    CHECK(in_coordinates(coordinates, data).alpha == 1.0);
    CHECK(in_coordinates(coordinates, data).sigma == 0.0);
  }
  CHECK_REJECTS(in_coordinates(Coordinates::variance_exploding, {1e-300, 1e300}), "`alpha` is 1e-300");
}

TEST_CASE("coordinates: x by a factor") {
  const Level exploding = variance_exploding(3.0);
  CHECK(rescaling(exploding, in_coordinates(Coordinates::rectified_flow, exploding)) == Approx(0.25));
  CHECK(rescaling(exploding, in_coordinates(Coordinates::variance_preserving, exploding)) == Approx(1.0 / std::sqrt(10.0)));
  CHECK(rescaling({0.0, 2.0}, {0.0, 1.0}) == 0.5);
  CHECK(rescaling({2.0, 0.0}, {1.0, 0.0}) == 0.5);
  CHECK(rescaling(exploding, exploding) == 1.0);
  CHECK_REJECTS(rescaling(exploding, variance_exploding(3.1)), "`to` is 3.1; expected a level of the same");
  CHECK_REJECTS(rescaling(exploding, variance_exploding(3.0 + 1e-8)), "expected a level of the same");
  CHECK(rescaling(exploding, variance_exploding(3.0 + 1e-9)) == Approx(1.0));
}

TEST_CASE("coordinates: x by a factor, whose levels have products beyond double") {
  for (const double size : {1e-320, 1e-200, 1e200, 1.7e308}) {
    const Level level{size, size};
    CHECK(rescaling(level, level) == 1.0);
    CHECK_REJECTS(rescaling(level, {size, size / 2}), "; expected a level of the same");
    CHECK_REJECTS(rescaling({size / 2, size}, level), "; expected a level of the same");
  }
  CHECK(rescaling({1e160, 1e-160}, {1.0, 1e-320}) == 1e-160);
  CHECK_REJECTS(rescaling({1e-200, 2e-200}, {3e-200, 1e-200}), "`to` is 1e-200; expected a level of the same");
  CHECK_REJECTS(rescaling({1.0, 1e-320}, {1.0, 0.0}), "`to` is 0; expected a level of the same");
  CHECK_REJECTS(rescaling({1e-309, 1e-309}, {1.0, 1.0}), "; expected a level that a factor within double takes to `to`");
  CHECK_REJECTS(rescaling({1e300, 0.0}, {1e-100, 0.0}), "`from` is 1e+300; expected a level that a factor");
}

TEST_CASE("coordinates: levels by an angle") {
  CHECK(trigonometric(0.0).sigma == 0.0);
  CHECK(trigonometric(1.5707963267948966).alpha == 0.0);
  CHECK(trigonometric(0.5).alpha == std::cos(0.5));
  CHECK_REJECTS(trigonometric(1.6), "`t` is 1.6");
}

TEST_CASE("coordinates: a level beyond what a coordinate holds is rejected") {
  CHECK_REJECTS(in_coordinates(Coordinates::rectified_flow, {1e308, 1e308}), "`alpha` is 1e+308");
}
