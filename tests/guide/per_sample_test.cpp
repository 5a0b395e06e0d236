// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/renorm.hpp>
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
  const Eigen::MatrixXf column_matrix = Eigen::MatrixXf::Constant(3, 1, 2.0f);
  Eigen::MatrixXf out = Eigen::MatrixXf::Constant(5, 3, 9.0f);
  CHECK_REJECTS(guide(per_sample(Cfg{}, std::vector<double>(2, 1.0)), cond, uncond, out),
                "`scales` is of shape [2]; expected a vector of one scale for each of 3 samples");
  CHECK_REJECTS(guide(per_sample(Cfg{}, column), cond, uncond, out), "`scales` is of shape [1, 3]");
  CHECK_REJECTS(guide(per_sample(Cfg{}, column_matrix), cond, uncond, out), "`scales` is of shape [1, 3]");
  const Eigen::MatrixXf square = Eigen::MatrixXf::Ones(3, 3);
  CHECK_REJECTS(guide(per_sample(Cfg{}, square), cond, uncond, out), "`scales` is of shape [3, 3]");
  CHECK_REJECTS(guide(per_sample(Cfg{}, std::vector<double>{1.0, 2.0, 1.0 / 0.0}), cond, uncond, out),
                "`scale` is inf");
  CHECK((out.array() == 9.0f).all());
}

TEST_CASE("per_sample: links may follow") {
  const std::vector<double> scales{0.0, 1.0, 7.5};
  CHECK(guide(per_sample(Cfg{}, scales) | Renorm::exact(), cond, uncond) ==
        guide(per_sample(Cfg{} | Renorm::exact(), scales), cond, uncond));
}

TEST_CASE("per_sample: scales are not written over") {
  std::vector<float> memory(18, 1.0f);
  CHECK_REJECTS(guide(per_sample(Cfg{}, one_sample(memory.data() + 1, 3)), cond, uncond,
                      BatchView<float>(memory.data(), 3, 5)),
                "`out` is partly in the memory of `scales`");
}

TEST_CASE("per_sample: levels are one for all, or one for each") {
  std::vector<double> seen;
  const auto note = [&](const Level& level) { seen.push_back(level.sigma); };
  Levels(rectified_flow(0.5)).for_each(3, note);
  CHECK(seen == std::vector<double>{0.5});
  seen.clear();
  const std::array<Level, 2> two{rectified_flow(0.1), rectified_flow(0.2)};
  Levels(two).for_each(2, note);
  CHECK(seen == std::vector<double>{0.1, 0.2});
  CHECK(Levels(two)[1].sigma == 0.2);
  CHECK_REJECTS(Levels(two).for_each(3, note), "`levels` is 2; expected one level, or one for each sample");
  CHECK_REJECTS(Levels(nullptr, 2).for_each(2, note), "`levels` is null");
}
