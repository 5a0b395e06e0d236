// SPDX-License-Identifier: MIT
#include <eigenguide/training/edm_loss.hpp>

#include <eigenguide/tensor/matrix.hpp>
#include <eigenguide/training/mean_squared_error.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

Eigen::MatrixXd normals(Random& random) {
  Eigen::MatrixXd matrix(11, 2);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = random.normal();
  return matrix;
}

}  // namespace

TEST_CASE("edm_loss: noise levels are log-normal") {
  const EdmLoss edm{-0.4, 1.0, 0.5};
  CHECK(std::log(edm.level(0.7).sigma) == Approx(0.3));
  CHECK(edm.level(0.7).alpha == 1.0);
  CHECK(EdmLoss{}.level(0.0).sigma == Approx(std::exp(-1.2)));
}

TEST_CASE("edm_loss: the weight is of sigma over alpha, and e^u divides it") {
  const EdmLoss edm;
  CHECK(edm.weight({1.0, 2.0}) == edm_weight(2.0, 0.5));
  CHECK(edm.weight({0.25, 0.5}) == edm_weight(2.0, 0.5));
  CHECK(edm.weight({1.0, 2.0}, std::log(3.0)) == Approx(edm_weight(2.0, 0.5) / 3));
}

TEST_CASE("edm_loss: the best log variance is that of the weighted error") {
  const EdmLoss edm;
  const Level level{1.0, 0.3};
  const double best = std::log(edm.weight(level) * 0.2);
  CHECK(edm(level, 0.2, best) < edm(level, 0.2, best + 0.01));
  CHECK(edm(level, 0.2, best) < edm(level, 0.2, best - 0.01));
  CHECK(edm(level, 0.2, best) == Approx(1 + best));
}

TEST_CASE("training_loss: element by element, and its mean is that of the mean error") {
  Random random(10);
  const Eigen::MatrixXd denoised = normals(random), x = normals(random);
  const EdmLoss edm{-0.4, 1.0, 0.5};
  const std::vector<Level> levels{edm.level(0.5), edm.level(-1.0)};
  const std::vector<double> u{-0.3, 0.8};
  Eigen::MatrixXd loss(11, 2);
  training_loss(edm, levels, u, denoised, x, loss);
  const auto errors = squared_errors(denoised, x);
  for (Eigen::Index i = 0; i < 2; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const double s = levels[k].sigma, lambda = (s * s + 0.25) / (s * s * 0.25);
    for (Eigen::Index n = 0; n < 11; ++n)
      CHECK(loss(n, i) == Approx(lambda / std::exp(u[k]) * std::pow(denoised(n, i) - x(n, i), 2) + u[k]));
    CHECK(loss.col(i).mean() == Approx(edm(levels[k], errors[k].mean(), u[k])));
  }
  Eigen::MatrixXd aliased = denoised;
  training_loss(edm, levels, u, aliased, x, aliased);
  CHECK(aliased == loss);

  const Eigen::MatrixXf denoised_float = denoised.cast<float>(), x_float = x.cast<float>();
  Eigen::MatrixXf in_float(11, 2);
  training_loss(edm, levels, u, denoised_float, x_float, in_float);
  CHECK(in_float.cast<double>().isApprox(loss, 1e-6));

  const std::vector<half> d_half{half(1.5f)}, x_half{half(1.0f)};
  std::vector<half> loss_half(1);
  training_loss(edm, levels[0], {}, d_half, x_half, loss_half);
  CHECK(loss_half[0].bits == half(0.25 * edm.weight(levels[0])).bits);

  training_loss(edm, levels[0], {}, denoised, x, loss);
  CHECK(loss(3, 1) == Approx(edm.weight(levels[0]) * std::pow(denoised(3, 1) - x(3, 1), 2)));
}

TEST_CASE("edm_loss: bad calls are rejected, and nothing is written") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(EdmLoss{}.level(nan), "`normal`");
  CHECK_REJECTS(EdmLoss{}.level(1000.0), "`sigma` is inf");
  CHECK_REJECTS(EdmLoss{}.level(-1000.0), "`sigma` is 0");
  CHECK_REJECTS((EdmLoss{0.0, -1.0}.level(0.0)), "`p_std` is -1");
  CHECK_REJECTS((EdmLoss{nan, 1.0}.level(0.0)), "`p_mean`");
  CHECK_REJECTS((EdmLoss{0.0, 1.0, 0.0}.weight({1.0, 1.0})), "`sigma_data` is 0");
  CHECK_REJECTS(EdmLoss{}.weight({1.0, 0.0}), "`sigma` is 0");
  CHECK_REJECTS(EdmLoss{}.weight({0.0, 1.0}), "`alpha` is 0");
  CHECK_REJECTS(EdmLoss{}.weight({1.0, 1e-170}), "`weight` is inf");
  CHECK_REJECTS(EdmLoss{}.weight({1.0, 1.0}, -1000.0), "`weight` is inf");

  const Eigen::MatrixXd x = Eigen::MatrixXd::Zero(4, 2), narrow = Eigen::MatrixXd::Zero(3, 2);
  Eigen::MatrixXd out = Eigen::MatrixXd::Constant(4, 2, 9.0);
  const Level level{1.0, 1.0};
  CHECK_REJECTS(training_loss(EdmLoss{}, level, {0.0}, x, x, out), "`log_variance` is 1; expected none");
  CHECK_REJECTS(training_loss(EdmLoss{}, level, {0.0, nan}, x, x, out), "`log_variance` is nan");
  CHECK_REJECTS(training_loss(EdmLoss{}, level, {}, x, narrow, out), "`x` is of shape [2, 3]");
  CHECK_REJECTS(training_loss(EdmLoss{}, Level{1.0, 0.0}, {}, x, x, out), "`sigma` is 0");
  CHECK_REJECTS(training_loss(EdmLoss{}, level, {0.0, -800.0}, x, x, out), "`weight` is inf");
  const std::vector<Level> levels{level, {0.0, 1.0}};
  CHECK_REJECTS(training_loss(EdmLoss{}, levels, {}, x, x, out), "`alpha` is 0");
  CHECK((out.array() == 9.0).all());
}
