// SPDX-License-Identifier: MIT
#include <law/methods.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXf;

constexpr std::uint64_t seed = 2026;

Matrix normals(std::uint64_t stream, Eigen::Index size, Eigen::Index samples, double scale = 1.0) {
  Random random(seed + stream);
  Matrix matrix(size, samples);
  for (Eigen::Index i = 0; i < matrix.size(); ++i) matrix(i) = static_cast<float>(scale * random.normal());
  return matrix;
}

// Guided predictions whose result is not the conditional one.
template <class Method>
auto stacked(const Method& method) {
  return Cfg{4.0} | method;
}

template <class Dense>
bool all_finite(const Dense& matrix) {
  for (Eigen::Index i = 0; i < matrix.size(); ++i)
    if (!is_finite(double(matrix(i)))) return false;
  return true;
}

double relative_error(const Matrix& got, const Matrix& want) {
  return double((got - want).cwiseAbs().maxCoeff()) / std::fmax(1e-30, double(want.cwiseAbs().maxCoeff()));
}

}  // namespace

TEST_CASE("law: unconfigured, every method returns the conditional prediction") {
  const Matrix c = normals(1, 300, 3), u = normals(2, 300, 3);
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    CHECK(guide(listed.unconfigured, c, u) == c);
  });
}

TEST_CASE("law: at scale 1, every method returns the conditional prediction") {
  const Matrix c = normals(1, 300, 3), u = normals(2, 300, 3);
  for_all_methods([&](auto listed) {
    if constexpr (has_scale<decltype(listed.configured)>::value) {
      listed.configured.scale = 1.0;
      INFO(listed.name);
      CHECK(guide(listed.configured, c, u) == c);
    }
  });
}

TEST_CASE("law: equal predictions leave nothing to guide") {
  const Matrix c = normals(1, 300, 3);
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    CHECK(relative_error(guide(listed.configured, c, c), c) < 1e-7);
  });
}

TEST_CASE("law: unconfigured after CFG, every method leaves plain CFG") {
  const Matrix c = normals(1, 300, 3), u = normals(2, 300, 3);
  const Matrix plain = guide(Cfg{4.0}, c, u);
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    CHECK(relative_error(guide(stacked(listed.unconfigured), c, u), plain) < 1e-6);
  });
}

TEST_CASE("law: scaling the inputs scales the result") {
  const Matrix c = normals(1, 300, 3), u = normals(2, 300, 3);
  for_all_methods([&](const auto& listed) {
    if (!listed.homogeneous) return;
    INFO(listed.name);
    for (const float factor : {0.25f, 64.0f}) {  // powers of two: exact
      CHECK(guide(listed.configured, Matrix(factor * c), Matrix(factor * u)) ==
            factor * guide(listed.configured, c, u));
      CHECK(guide(stacked(listed.configured), Matrix(factor * c), Matrix(factor * u)) ==
            factor * guide(stacked(listed.configured), c, u));
    }
  });
}

TEST_CASE("law: a batch equals its samples one by one, bit for bit") {
  const Matrix c = normals(1, 1001, 4), u = normals(2, 1001, 4);
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    const Matrix batch = guide(stacked(listed.configured), c, u);
    for (Eigen::Index i = 0; i < c.cols(); ++i)
      CHECK(guide(stacked(listed.configured), Matrix(c.col(i)), Matrix(u.col(i))) == batch.col(i));
  });
}

TEST_CASE("law: RowMajor equals ColMajor, and in place equals apart") {
  const Matrix c = normals(1, 77, 4), u = normals(2, 77, 4);
  using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  for_all_methods([&](const auto& listed) {
    INFO(listed.name);
    const Matrix apart = guide(stacked(listed.configured), c, u);
    const RowMatrix rows = guide(stacked(listed.configured), RowMatrix(c.transpose()), RowMatrix(u.transpose()));
    CHECK(Matrix(rows.transpose()) == apart);
    Matrix over_cond = c, over_uncond = u;
    guide(stacked(listed.configured), over_cond, u, over_cond);
    guide(stacked(listed.configured), c, over_uncond, over_uncond);
    CHECK(over_cond == apart);
    CHECK(over_uncond == apart);
  });
}

TEST_CASE("law: results are finite for every finite input, zero included") {
  const Matrix normal = normals(1, 64, 1), zero = Matrix::Zero(64, 1), one = Matrix::Ones(64, 1);
  Matrix single = zero;
  single(5) = 3.0f;
  const std::vector<Matrix> inputs{normal, zero, one, single, Matrix(-normal), Matrix(2.0f * normal),
                                   Matrix(normal + 1e-7f * normals(2, 64, 1)), Matrix(1e-30f * normal),
                                   Matrix(1e30f * normal), Matrix(1e-42f * one), normals(3, 64, 1)};
  for_all_methods([&](const auto& listed) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      for (std::size_t j = 0; j < inputs.size(); ++j) {
        INFO(listed.name << ", cond " << i << ", uncond " << j);
        CHECK(all_finite(guide(listed.configured, inputs[i], inputs[j])));
        CHECK(all_finite(guide(stacked(listed.configured), inputs[i], inputs[j])));

        // The same, and far beyond float's range, in double.
        for (const double magnitude : {1.0, 1e-100, 1e100}) {
          const Eigen::MatrixXd c = magnitude * inputs[i].cast<double>(), u = magnitude * inputs[j].cast<double>();
          CHECK(all_finite(guide(listed.configured, c, u)));
          CHECK(all_finite(guide(stacked(listed.configured), c, u)));
        }
      }
  });
}

TEST_CASE("law: one element, and every tail of a group, is guided like the rest") {
  // In double, where the order of a sum shows in the fifteenth digit only.
  for_all_methods([&](const auto& listed) {
    for (Eigen::Index size = 1; size <= 70; ++size) {
      const Eigen::MatrixXd c = normals(1, size, 1).cast<double>(), u = normals(2, size, 1).cast<double>();
      const Eigen::MatrixXd alone = guide(stacked(listed.configured), c, u);
      INFO(listed.name << ", size " << size);
      CHECK(all_finite(alone));
      CHECK(all_finite(guide(stacked(listed.configured), Matrix(c.cast<float>()), Matrix(u.cast<float>()))));
      // The same elements followed by zeros have the same products and sums,
      // but for the count that a spread divides by.
      if constexpr (!decltype(listed.configured)::Vectors::contains(Role::one)) {
        Eigen::MatrixXd longer_c = Eigen::MatrixXd::Zero(size + 128, 1), longer_u = longer_c;
        longer_c.topRows(size) = c;
        longer_u.topRows(size) = u;
        const Eigen::MatrixXd longer = guide(stacked(listed.configured), longer_c, longer_u);
        CHECK((longer.topRows(size) - alone).cwiseAbs().maxCoeff() <= 1e-12 * alone.cwiseAbs().maxCoeff());
        CHECK(longer.bottomRows(128).isZero(0));
      }
    }
  });
}

TEST_CASE("law: what is wrong in one sample stays in it") {
  const Matrix c = normals(1, 100, 3), u = normals(2, 100, 3);
  for_all_methods([&](const auto& listed) {
    const Matrix clean = guide(stacked(listed.configured), c, u);
    for (const float wrong : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
      Matrix bad_c = c, bad_u = u;
      bad_c(7, 1) = wrong;
      bad_u(8, 1) = -wrong;
      const Matrix guided = guide(stacked(listed.configured), bad_c, bad_u);
      INFO(listed.name);
      CHECK(guided.col(0) == clean.col(0));
      CHECK(guided.col(2) == clean.col(2));
    }
  });
}

TEST_CASE("law: float follows double to rounding") {
  const Matrix c = normals(1, 4096, 2);
  const std::vector<Matrix> others{c + normals(2, 4096, 2, 0.05), normals(3, 4096, 2), c + normals(4, 4096, 2, 1e-5),
                                   normals(5, 4096, 2, 1e-3), Matrix(-0.5f * c + normals(6, 4096, 2, 0.5))};
  for_all_methods([&](const auto& listed) {
    for (std::size_t i = 0; i < others.size(); ++i) {
      INFO(listed.name << ", uncond " << i);
      const Eigen::MatrixXd exact = guide(stacked(listed.configured), Eigen::MatrixXd(c.cast<double>()),
                                          Eigen::MatrixXd(others[i].cast<double>()));
      CHECK(relative_error(guide(stacked(listed.configured), c, others[i]), exact.cast<float>()) < 3e-7);
    }
  });
}

TEST_CASE("law: any two methods compose to something finite, and to cond unconfigured") {
  const Matrix c = normals(1, 200, 2), u = normals(2, 200, 2);
  for_all_methods([&](const auto& first) {
    for_all_methods([&](const auto& second) {
      INFO(first.name << " | " << second.name);
      CHECK(all_finite(guide(first.configured | second.configured, c, u)));
      CHECK(guide(first.unconfigured | second.unconfigured, c, u) == c);
    });
  });
}
