// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include "dataset.hpp"

namespace digits {

/// A pixel is out of range when it lies outside [−1, 1] by more than one grey
/// step of the data: most pixels are background at exactly −1, around which
/// even perfect samples scatter.
constexpr float out_of_range = 1.0F + 2.0F / grey_levels;

/// Mean and covariance of the columns of a matrix.
struct Gaussian {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;

  explicit Gaussian(const Eigen::MatrixXf& samples)
      : mean(samples.cast<double>().rowwise().mean()) {
    const Eigen::MatrixXd centred = samples.cast<double>().colwise() - mean;
    covariance = centred * centred.transpose() /
                 static_cast<double>(samples.cols() - 1);
  }
};

/// The root of a symmetric positive semidefinite matrix; eigenvalues that
/// rounding made negative count as zero.
inline Eigen::MatrixXd square_root(const Eigen::MatrixXd& matrix) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
  return solver.eigenvectors() *
         solver.eigenvalues().cwiseMax(0.0).cwiseSqrt().asDiagonal() *
         solver.eigenvectors().transpose();
}

/// Fréchet distance of two Gaussians, squared as in the FID:
///   ‖m₁ − m₂‖² + tr(S₁ + S₂ − 2 (S₁^½ S₂ S₁^½)^½)
inline double frechet(const Gaussian& a, const Gaussian& b) {
  const Eigen::MatrixXd root = square_root(a.covariance);
  return (a.mean - b.mean).squaredNorm() +
         (a.covariance + b.covariance -
          2.0 * square_root(root * b.covariance * root))
             .trace();
}

struct Scores {
  double accuracy = 0.0;      // share that k-NN puts into the wanted class
  double frechet = 0.0;       // squared, in pixels of [−1, 1]
  double out_of_range = 0.0;  // share of pixels
};

/// Compares samples with real digits.
class Judge {
 public:
  explicit Judge(const Dataset& real) : real_(real), gaussian_(real.images) {}

  Scores score(const Eigen::MatrixXf& samples,
               const std::vector<int>& wanted) const {
    const Eigen::MatrixXf distances = squared_distances(samples);
    int right = 0;
    for (Eigen::Index i = 0; i < samples.cols(); ++i)
      right += vote(distances.col(i)) == wanted[static_cast<std::size_t>(i)];
    const auto outside = (samples.array().abs() > out_of_range).count();
    return {right / static_cast<double>(samples.cols()),
            frechet(Gaussian(samples), gaussian_),
            static_cast<double>(outside) / static_cast<double>(samples.size())};
  }

 private:
  static constexpr std::size_t neighbours = 5;

  /// [real digits, samples], without the samples' own norms, which do not
  /// change who is nearest.
  Eigen::MatrixXf squared_distances(const Eigen::MatrixXf& samples) const {
    const Eigen::VectorXf norms = real_.images.colwise().squaredNorm();
    return (-2.0F * real_.images.transpose() * samples).colwise() + norms;
  }

  /// The commonest class among the nearest; the lowest of equals.
  int vote(const Eigen::VectorXf& distances) const {
    std::vector<std::size_t> order(real_.labels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::partial_sort(order.begin(), order.begin() + neighbours, order.end(),
                      [&](std::size_t a, std::size_t b) {
                        return distances(static_cast<Eigen::Index>(a)) <
                               distances(static_cast<Eigen::Index>(b));
                      });
    std::array<int, classes> votes{};
    for (std::size_t n = 0; n < neighbours; ++n)
      ++votes[static_cast<std::size_t>(real_.labels[order[n]])];
    return static_cast<int>(std::max_element(votes.begin(), votes.end()) -
                            votes.begin());
  }

  Dataset real_;
  Gaussian gaussian_;
};

}  // namespace digits
