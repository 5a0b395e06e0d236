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

TEST_CASE("scales: each sample has its own scale, from any vector") {
  const Eigen::RowVector3f expected(1.0f, 2.0f, 8.5f);
  const std::vector<double> standard{0.0, 1.0, 7.5};
  const std::array<float, 3> fixed{0.0f, 1.0f, 7.5f};
  const Eigen::Vector3d vector(0.0, 1.0, 7.5);
  Eigen::Tensor<float, 1> tensor(3);
  tensor.setValues({0.0f, 1.0f, 7.5f});
  CHECK(guided(guide(with(Cfg{}, scales(standard)), cond, uncond)) == expected);
  CHECK(guided(guide(with(Cfg{}, scales(fixed)), cond, uncond)) == expected);
  CHECK(guided(guide(with(Cfg{}, scales(vector)), cond, uncond)) == expected);
  CHECK(guided(guide(with(Cfg{}, scales(tensor)), cond, uncond)) == expected);
  CHECK(guided(guide(with(Cfg{}, scales(one_sample(fixed.data(), 3))), cond, uncond)) == expected);
}

TEST_CASE("scales: in a chain the scales go to the first link that has one") {
  const std::vector<double> requests{0.0, 1.0, 7.5};
  CHECK(guided(guide(with(ZeroInit{} | Cfg{} | Rescale{0.0}, scales(requests)), cond, uncond)) ==
        Eigen::RowVector3f(1.0f, 2.0f, 8.5f));
}

TEST_CASE("scales: any that are not one for each sample are rejected") {
  Eigen::Tensor<float, 2> column(3, 1);
  column.setConstant(2.0f);
  const Eigen::MatrixXf column_matrix = Eigen::MatrixXf::Constant(3, 1, 2.0f);
  Eigen::MatrixXf out = Eigen::MatrixXf::Constant(5, 3, 9.0f);
  CHECK_REJECTS(guide(with(Cfg{}, scales(std::vector<double>(2, 1.0))), cond, uncond, out),
                "`scales` is of shape [2]; expected a vector of one scale for each of 3 samples");
  CHECK_REJECTS(guide(with(Cfg{}, scales(column)), cond, uncond, out), "`scales` is of shape [1, 3]");
  CHECK_REJECTS(guide(with(Cfg{}, scales(column_matrix)), cond, uncond, out), "`scales` is of shape [1, 3]");
  const Eigen::MatrixXf square = Eigen::MatrixXf::Ones(3, 3);
  CHECK_REJECTS(guide(with(Cfg{}, scales(square)), cond, uncond, out), "`scales` is of shape [3, 3]");
  CHECK_REJECTS(guide(with(Cfg{}, scales(std::vector<double>{1.0, 2.0, 1.0 / 0.0})), cond, uncond, out),
                "`scale` is inf");
  CHECK((out.array() == 9.0f).all());
}

TEST_CASE("scales: they are not written over") {
  std::vector<float> memory(18, 1.0f);
  CHECK_REJECTS(guide(with(Cfg{}, scales(one_sample(memory.data() + 1, 3))), cond, uncond,
                      BatchView<float>(memory.data(), 3, 5)),
                "`out` is partly in the memory of `scales`");
}

TEST_CASE("scales: of groups, one for each in all samples, or one for each in each") {
  // [2, 3, 2], three frames of two elements.
  const std::vector<float> c(12, 2.0f), u(12, 1.0f);
  std::vector<float> out(12);
  const auto batch = [](auto& values) { return BatchView(values.data(), 2, 6, 6, Shape{{2, 3, 2}, 3}); };
  const auto guided_by = [&](const auto& values) {
    guide(with(Cfg{}, per_frame("btn"), scales(values)), batch(c), batch(u), batch(out));
    return out;
  };
  CHECK(guided_by(std::vector<double>{0.0, 1.0, 3.0}) ==
        std::vector<float>{1, 1, 2, 2, 4, 4, 1, 1, 2, 2, 4, 4});
  Eigen::Matrix<float, 2, 3, Eigen::RowMajor> each;
  each << 0, 1, 3, 4, 5, 6;
  CHECK(guided_by(each) == std::vector<float>{1, 1, 2, 2, 4, 4, 5, 5, 6, 6, 7, 7});
  CHECK_REJECTS(guided_by(std::vector<double>(2, 1.0)),
                "`scales` is of shape [2]; expected a vector of one scale for each of 3 groups, or such a vector "
                "for each of 2 samples");
}
