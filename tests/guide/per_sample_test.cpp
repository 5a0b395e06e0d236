// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>
#include <eigenguide/method/rescale.hpp>
#include <eigenguide/method/zero_init.hpp>
#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/tensor/tensor.hpp>

#include <support/catch.hpp>

#include <array>
#include <vector>

using namespace eigenguide;

namespace {

const Eigen::MatrixXf cond = Eigen::MatrixXf::Constant(5, 3, 2.0f);
const Eigen::MatrixXf uncond = Eigen::MatrixXf::Constant(5, 3, 1.0f);

Eigen::RowVectorXf guided(const Eigen::MatrixXf& g) { return g.row(0); }

}  // namespace

TEST_CASE("per_sample: each sample has its own scale, from any vector") {
  const Eigen::RowVector3f expected(1.0f, 2.0f, 8.5f);
  const std::vector<double> standard{0.0, 1.0, 7.5};
  const std::array<float, 3> fixed{0.0f, 1.0f, 7.5f};
  const Eigen::Vector3d vector(0.0, 1.0, 7.5);
  Eigen::Tensor<float, 1> tensor(3);
  tensor.setValues({0.0f, 1.0f, 7.5f});
  CHECK(guided(guide(per_sample(Cfg{}, standard), cond, uncond)) == expected);
  CHECK(guided(guide(per_sample(Cfg{}, fixed), cond, uncond)) == expected);
  CHECK(guided(guide(per_sample(Cfg{}, vector), cond, uncond)) == expected);
  CHECK(guided(guide(per_sample(Cfg{}, tensor), cond, uncond)) == expected);
  CHECK(guided(guide(per_sample(Cfg{}, one_sample(fixed.data(), 3)), cond, uncond)) == expected);
}

TEST_CASE("per_sample: in a chain the scales go to the first link that has one") {
  const std::vector<double> scales{0.0, 1.0, 7.5};
  CHECK(guided(guide(per_sample(ZeroInit{} | Cfg{} | Rescale{0.0}, scales), cond, uncond)) ==
        Eigen::RowVector3f(1.0f, 2.0f, 8.5f));
}

TEST_CASE("per_sample: scales that are not one for each sample are rejected") {
  Eigen::Tensor<float, 2> column(3, 1);
  column.setConstant(2.0f);
  Eigen::MatrixXf out = Eigen::MatrixXf::Constant(5, 3, 9.0f);
  CHECK_REJECTS(guide(per_sample(Cfg{}, std::vector<double>(2, 1.0)), cond, uncond, out),
                "`scales` is of shape [2]; expected a vector of one scale for each of 3 samples");
  const Eigen::MatrixXf square(3, 3);
  CHECK_REJECTS(guide(per_sample(Cfg{}, square), cond, uncond, out), "`scales` is of shape [3, 3]");
  CHECK_REJECTS(guide(per_sample(Cfg{}, std::vector<double>{1.0, 2.0, 1.0 / 0.0}), cond, uncond, out),
                "`scale` is inf");
  CHECK((out.array() == 9.0f).all());
}
