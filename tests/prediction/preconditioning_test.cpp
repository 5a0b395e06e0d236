// SPDX-License-Identifier: MIT
#include <eigenguide/prediction/preconditioning.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <vector>

using namespace eigenguide;

namespace {

void check(const Preconditioning& wrapper, double sigma, double c_skip, double c_out, double c_in) {
  const Preconditioning::Weights got = wrapper.weights(variance_exploding(sigma));
  INFO("sigma " << sigma);
  CHECK(static_cast<double>(got.c_skip) == Approx(c_skip).epsilon(1e-13).margin(1e-15));
  CHECK(static_cast<double>(got.c_out) == Approx(c_out).epsilon(1e-13));
  CHECK(static_cast<double>(got.c_in) == Approx(c_in).epsilon(1e-13));
}

}  // namespace

TEST_CASE("preconditioning: the wrappers of the field") {
  for (const double s : {1e-3, 0.3, 1.0, 14.6, 700.0}) {
    const double root = std::sqrt(s * s + 1.0), data = 0.5, wide = std::sqrt(s * s + data * data);
    check({Kind::edm(data), Coordinates::variance_preserving, data}, s, data * data / (wide * wide), s * data / wide, 1.0 / wide);
    check({Kind::v, Coordinates::variance_preserving}, s, 1.0 / (root * root), -s / root, 1.0 / root);
    check({Kind::epsilon, Coordinates::variance_preserving}, s, 1.0, -s, 1.0 / root);
    check({Kind::flow, Coordinates::rectified_flow}, s, 1.0 / (s + 1.0), -s / (s + 1.0), 1.0 / (s + 1.0));  // Cosmos
    check({Kind::sample, Coordinates::variance_preserving}, s, 0.0, 1.0, 1.0 / root);
  }
  // x in the network's own coordinates: ComfyUI's CONST.
  const Preconditioning::Weights flow = Preconditioning{Kind::flow, Coordinates::rectified_flow}.weights(rectified_flow(0.3));
  CHECK(static_cast<double>(flow.c_in) == Approx(1.0));
  CHECK(static_cast<double>(flow.c_skip) == Approx(1.0));
  CHECK(static_cast<double>(flow.c_out) == Approx(-0.3));
}

TEST_CASE("preconditioning: a true prediction gives x₀ back, whatever the coordinates of x and of the network") {
  const double x0 = 1.3, epsilon = -0.4;
  const std::vector<Level> levels{variance_preserving(0.2), variance_exploding(5.0), rectified_flow(0.6), {0.5, 2.0}};
  for (const Level& level : levels)
    for (const Coordinates coordinates :
         {Coordinates::variance_preserving, Coordinates::variance_exploding, Coordinates::rectified_flow})
      for (const Kind kind : {Kind::epsilon, Kind::sample, Kind::v, Kind::flow, Kind::flow_to_data, Kind::score, Kind::edm(0.5)}) {
        const Level own = in_coordinates(coordinates, level);
        const KindWeights p = weights(kind, own);
        const Real predicted = epsilon * p.epsilon + x0 * p.sample, x = level.alpha * x0 + level.sigma * epsilon;
        const Row<2> row = Preconditioning{kind, coordinates}(level);
        CHECK(static_cast<double>(row[Preconditioning::prediction] * predicted + row[Preconditioning::x] * x) ==
              Approx(x0).epsilon(1e-12));
      }
}

TEST_CASE("preconditioning: the ends, and what has none") {
  check({Kind::edm(0.5), Coordinates::variance_preserving, 0.5}, 0.0, 1.0, 0.0, 2.0);
  check({Kind::epsilon, Coordinates::variance_preserving}, 0.0, 1.0, 0.0, 1.0);
  const auto at_noise = [](const Preconditioning& wrapper) { return wrapper.weights({0.0, 1.0}); };
  CHECK(static_cast<double>(at_noise({Kind::v, Coordinates::variance_preserving}).c_out) == -1.0);
  CHECK(static_cast<double>(at_noise({Kind::flow, Coordinates::rectified_flow}).c_skip) == 1.0);
  CHECK_REJECTS(at_noise({Kind::epsilon, Coordinates::variance_preserving}), "`alpha` is 0");
  CHECK_REJECTS(at_noise({Kind::v, Coordinates::variance_preserving, -1.0}), "`sigma_data` is -1");
}

TEST_CASE("preconditioning: levels at the ends of double have their weights, or an error") {
  const Preconditioning exploding{Kind::epsilon, Coordinates::variance_exploding};
  CHECK(static_cast<double>(exploding.weights({1e160, 1e-160}).c_in) == 1e-160);
  CHECK(static_cast<double>(exploding.weights({1e160, 1e-160}).c_skip) == 1e-160);
  CHECK_REJECTS(exploding.weights({1e-309, 1e-309}), "; expected a level that a factor within double");
  // c_in of 1e100 to a level at which x₀ has x over an α of 1e-209.
  CHECK_REJECTS(Preconditioning{}.weights({1e-309, 1e-100}), "expected a level at which c_skip is within double");
}

TEST_CASE("preconditioning: what a network is told of the noise") {
  CHECK(edm_c_noise(std::exp(2.0)) == Approx(0.5));
  CHECK(v_time(1.0) == Approx(0.5));
  CHECK(v_time(0.0) == 0.0);
  CHECK_REJECTS(edm_c_noise(0.0), "`sigma` is 0; expected a positive number");
  CHECK_REJECTS(v_time(-1.0), "`sigma` is -1");
}

TEST_CASE("consistency boundary: x without noise, the prediction with much") {
  const ConsistencyBoundary boundary{0.5};
  CHECK(boundary(0.0) == Row<2>{{0.0, 1.0}});
  CHECK(static_cast<double>(boundary(1.2)[ConsistencyBoundary::x]) == Approx(0.25 / (1.44 + 0.25)));
  CHECK(static_cast<double>(boundary(1.2)[ConsistencyBoundary::x0]) == Approx(1.2 / std::sqrt(1.44 + 0.25)));
  CHECK_REJECTS(boundary(-1.0), "`t` is -1");
  CHECK_REJECTS(ConsistencyBoundary{0.0}(1.0), "`sigma_data` is 0");
  CHECK_REJECTS(ConsistencyBoundary{1.7e308}(1.7e308), "`t` is 1.7e+308; expected a number whose length with `sigma_data`");
  CHECK(ConsistencyBoundary{1e-300}(1e300) == Row<2>{{1.0, 0.0}});
}
