// SPDX-License-Identifier: MIT
#include <eigenguide/guide/convert.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/tensor/tensor.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

using namespace eigenguide;

namespace {

constexpr Kind kinds[] = {Kind::epsilon,      Kind::sample, Kind::v,          Kind::flow,
                          Kind::flow_to_data, Kind::score,  Kind::edm(0.5)};

Eigen::MatrixXd normals(Random& random, Eigen::Index size, Eigen::Index samples) {
  Eigen::MatrixXd matrix(size, samples);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = random.normal();
  return matrix;
}

}  // namespace

TEST_CASE("convert: there and back again is where one was") {
  Random random(11);
  const Eigen::MatrixXd x = normals(random, 37, 3), prediction = normals(random, 37, 3);
  const std::vector<Level> levels{variance_preserving(0.3), variance_exploding(5.0), rectified_flow(0.4)};
  for (const Kind from : kinds)
    for (const Kind to : kinds) {
      const auto there = convert({from, to}, levels, x, prediction);
      const auto back = convert({to, from}, levels, x, there);
      INFO(int(from.name) << " to " << int(to.name));
      CHECK((back - prediction).cwiseAbs().maxCoeff() < 1e-12);
    }
}

TEST_CASE("convert: each sample has its own level") {
  Eigen::MatrixXf x(1, 2), flow(1, 2), out(1, 2);
  x << 2.0f, 2.0f;
  flow << 1.0f, 1.0f;
  const std::vector<Level> levels{rectified_flow(0.25), rectified_flow(0.5)};
  convert({Kind::flow, Kind::sample}, levels, x, flow, out);  // x − t·flow
  CHECK(out(0) == 1.75f);
  CHECK(out(1) == 1.5f);
}

TEST_CASE("convert: the output may be the prediction") {
  Random random(12);
  const Eigen::MatrixXd x = normals(random, 20, 2);
  Eigen::MatrixXd v = normals(random, 20, 2);
  const Eigen::MatrixXd apart = convert({Kind::v, Kind::sample}, Level{0.8, 0.6}, x, v);
  convert({Kind::v, Kind::sample}, Level{0.8, 0.6}, x, v, v);
  CHECK(v == apart);
}

TEST_CASE("convert: bad calls are rejected, and nothing is written") {
  Eigen::MatrixXf x(4, 2), prediction(4, 2), out = Eigen::MatrixXf::Constant(4, 2, 9.0f);
  x.setZero();
  prediction.setZero();
  const Level level{0.8, 0.6};
  const Eigen::MatrixXf narrow(3, 2);
  CHECK_REJECTS(convert({Kind::v, Kind::sample}, level, narrow, prediction, out), "`x` is of shape [2, 3]");
  CHECK_REJECTS(convert({Kind::v, Kind::sample}, Level{1.0, -1.0}, x, prediction, out), "`sigma` is -1");
  CHECK_REJECTS(convert({Kind{static_cast<Kind::Name>(9)}, Kind::sample}, level, x, prediction, out), "`kind` is 9");
  CHECK_REJECTS(convert({Kind::v, Kind::sample}, std::vector<Level>(3, level), x, prediction, out),
                "`levels` is 3; expected one level, or one for each sample");
  CHECK_REJECTS(convert({Kind::epsilon, Kind::sample}, std::vector<Level>{level, {0.0, 1.0}}, x, prediction, out),
                "`alpha` is 0");
  CHECK((out.array() == 9.0f).all());
}
