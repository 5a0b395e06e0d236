// SPDX-License-Identifier: MIT
#include <eigenguide/training/flow_matching.hpp>

#include <eigenguide/guide/convert.hpp>
#include <eigenguide/prediction/noising.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cstddef>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

Eigen::MatrixXd normals(Random& random) {
  Eigen::MatrixXd matrix(17, 2);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = random.normal();
  return matrix;
}

}  // namespace

TEST_CASE("flow_matching: x_t and the velocity along the path of one data point") {
  Random random(5);
  const Eigen::MatrixXd data = normals(random), noise = normals(random);
  const double sigma_min = 0.1, t = 0.3, sigma_t = 1 - (1 - sigma_min) * t;
  const FlowMatching flow{sigma_min};
  const auto x_t = convert(Noising{}, flow.level(t), data, noise);
  const auto u = convert(flow, flow.level(t), data, noise);
  CHECK((x_t - (t * data + sigma_t * noise)).cwiseAbs().maxCoeff() < 1e-14);
  CHECK((u - ((sigma_min - 1) / sigma_t * (x_t - t * data) + data)).cwiseAbs().maxCoeff() < 1e-14);
  const auto later = convert(Noising{}, flow.level(t + 0.5), data, noise);  // the path is straight
  CHECK(((later - x_t) / 0.5 - u).cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("flow_matching: without noise in the data it is rectified flow") {
  const FlowMatching flow;
  CHECK(flow.level(0.25).alpha == rectified_flow(0.75).alpha);
  CHECK(flow.level(0.25).sigma == rectified_flow(0.75).sigma);
  const Row<2> target = flow(flow.level(0.25)), kind = Target{Kind::flow_to_data}(flow.level(0.25));
  CHECK(target[FlowMatching::noise] == kind[Target::noise]);
  CHECK(target[FlowMatching::x1] == kind[Target::x0]);
}

TEST_CASE("flow_matching: reflow ends at the pair, and its velocity goes from one to the other") {
  Random random(6);
  const Eigen::MatrixXd noise = normals(random), generated = normals(random);
  const FlowMatching flow;
  const auto u = convert(flow, flow.level(0.4), generated, noise);
  CHECK(convert(Noising{}, flow.level(0.0), generated, noise) == noise);
  CHECK(convert(Noising{}, flow.level(1.0), generated, noise) == generated);
  CHECK((noise + u - generated).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("noised: conditional flow matching between two samples, a time for each") {
  Random random(7);
  const Eigen::MatrixXd x1 = normals(random), x0 = normals(random), noise = normals(random);
  const ConditionalFlowMatching flow{0.1};
  const std::vector<Level> levels{flow.level(0.2), flow.level(0.9)};
  Eigen::MatrixXd x_t(17, 2);
  noised(flow, levels, x1, x0, noise, x_t);
  CHECK((x_t.col(0) - (0.2 * x1 + 0.8 * x0 + 0.1 * noise).col(0)).cwiseAbs().maxCoeff() < 1e-14);
  CHECK((x_t.col(1) - (0.9 * x1 + 0.1 * x0 + 0.1 * noise).col(1)).cwiseAbs().maxCoeff() < 1e-14);

  for (Eigen::Index i = 0; i < 2; ++i) {  // a batch is its samples
    Eigen::VectorXd alone(17);
    const Eigen::VectorXd a = x1.col(i), b = x0.col(i), c = noise.col(i);
    noised(flow, levels[static_cast<std::size_t>(i)], a, b, c, alone);
    CHECK(alone == x_t.col(i));
  }
  Eigen::MatrixXd aliased = x0;
  noised(flow, levels, x1, aliased, noise, aliased);
  CHECK(aliased == x_t);
}

TEST_CASE("noised: float follows double, and what has no weight is not read") {
  Random random(8);
  const Eigen::MatrixXd x1 = normals(random), x0 = normals(random), noise = normals(random);
  const ConditionalFlowMatching flow{0.3};
  Eigen::MatrixXd in_double(17, 2);
  Eigen::MatrixXf in_float(17, 2);
  const Eigen::MatrixXf x1f = x1.cast<float>(), x0f = x0.cast<float>(), noisef = noise.cast<float>();
  noised(flow, flow.level(0.6), x1, x0, noise, in_double);
  noised(flow, flow.level(0.6), x1f, x0f, noisef, in_float);
  CHECK((in_float.cast<double>() - in_double).cwiseAbs().maxCoeff() < 1e-6);

  const Eigen::MatrixXd nan = Eigen::MatrixXd::Constant(17, 2, std::numeric_limits<double>::quiet_NaN());
  noised(ConditionalFlowMatching{}, ConditionalFlowMatching::level(1.0), x1, nan, nan, in_double);
  CHECK(in_double == x1);
}

TEST_CASE("flow_matching: times are kept from the ends") {
  CHECK(clamp_flow_time(0.0) == 1e-5);
  CHECK(clamp_flow_time(1.0) == 1.0 - 1e-5);
  CHECK(clamp_flow_time(0.3) == 0.3);
  CHECK(clamp_flow_time(0.0, 0.0) == 0.0);
  CHECK(clamp_flow_time(0.1, 0.5) == 0.5);
}

TEST_CASE("flow_matching: bad calls are rejected, and nothing is written") {
  CHECK_REJECTS(clamp_flow_time(1.5), "`t` is 1.5");
  CHECK_REJECTS(clamp_flow_time(0.5, 0.6), "`margin` is 0.6");
  CHECK_REJECTS(FlowMatching{1.5}.level(0.5), "`sigma_min` is 1.5");
  CHECK_REJECTS(FlowMatching{}.level(-0.1), "`t` is -0.1");
  CHECK_REJECTS(FlowMatching{}(Level{0.0, 0.0}), "`alpha` is 0");
  CHECK_REJECTS(ConditionalFlowMatching::level(2.0), "`t` is 2");

  const Eigen::MatrixXd x = Eigen::MatrixXd::Zero(4, 2), narrow = Eigen::MatrixXd::Zero(3, 2);
  Eigen::MatrixXd out = Eigen::MatrixXd::Constant(4, 2, 9.0);
  const Level level = ConditionalFlowMatching::level(0.5);
  CHECK_REJECTS(noised(ConditionalFlowMatching{-1.0}, level, x, x, x, out), "`sigma_min` is -1");
  CHECK_REJECTS(noised(ConditionalFlowMatching{}, level, x, narrow, x, out), "`x0` is of shape [2, 3]");
  CHECK_REJECTS(noised(ConditionalFlowMatching{}, level, x, x, narrow, out), "`noise` is of shape [2, 3]");
  CHECK_REJECTS(noised(ConditionalFlowMatching{}, std::vector<Level>(3, level), x, x, x, out), "`levels` is 3");
  CHECK((out.array() == 9.0).all());
}
