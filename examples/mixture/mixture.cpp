// SPDX-License-Identifier: MIT
// What each method makes of a model without an error: samples of one class of a
// mixture of Gaussians in the plane, whose flow is known exactly.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <eigenguide/core.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include "../likelihood/mixture.hpp"
#include "random.hpp"

namespace {

using namespace eigenguide;

constexpr std::size_t steps = 64;
constexpr double scale = 4.0, variance = 0.04;
constexpr Eigen::Index paths = 16, cells = 48;  // cells a side of the square (-2, 2)
constexpr double extent = 2.0;

// Two of the class that is asked for, four of the others.
const Mixture of_class{{0.5, 0.5}, {{-0.9, 0.5}, {0.8, 0.5}}, variance};
const Mixture of_all{{1, 1, 1, 1, 1, 1}, {{-0.9, 0.5}, {0.8, 0.5}, {-0.9, -0.1}, {0.2, 0.6}, {0.5, -0.8}, {1.2, -0.4}}, variance};

std::ofstream record;  // mixture.csv: kind,method,row,values

/// The flow of a mixture at every sample, a column each.
void predict(const Mixture& mixture, const Eigen::MatrixXd& x, const Level& level, Eigen::MatrixXd& flow) {
  for (Eigen::Index i = 0; i < x.cols(); ++i) mixture.at(x.col(i).data(), 2, level, flow.col(i).data());
}

void write_row(const char* kind, const std::string& name, Eigen::Index row, const Eigen::MatrixXd& values) {
  record << kind << ',' << name << ',' << row << ',';
  for (Eigen::Index i = 0; i < values.size(); ++i) record << (i ? " " : "") << std::round(100.0 * values(i)) / 100.0;
  record << '\n';
}

/// The density of samples by cells.
void write_density(const std::string& name, const Eigen::MatrixXd& x) {
  Eigen::MatrixXd density = Eigen::MatrixXd::Zero(cells, cells);
  const double cell = 2.0 * extent / cells;
  for (const auto& sample : x.colwise()) {
    const Eigen::Vector2d at = ((sample.array() + extent) / cell).floor();
    if (at.minCoeff() >= 0.0 && at.maxCoeff() < cells) density(Eigen::Index(at.y()), Eigen::Index(at.x())) += 1.0;
  }
  density /= double(x.cols()) * cell * cell;
  for (Eigen::Index row = 0; row < cells; ++row) write_row("density", name, row, density.row(row));
}

/// How samples compare with the class: figures for the table.
void print_figures(const std::string& name, const Eigen::MatrixXd& x, double least, double evaluations) {
  constexpr double middle = -0.05;  // between the two of the class
  double outside = 0.0, sure = 0.0, left = 0.0, squares = 0.0;
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    const double* at = x.col(i).data();
    const double ln_class = of_class.log_density(at, 2);
    outside += ln_class < least;
    sure += 2.0 / 6.0 * std::exp(ln_class - of_all.log_density(at, 2) + std::log(6.0));
    const std::vector<double>& nearest = of_class.mean[at[0] < middle ? 0 : 1];
    left += at[0] < middle;
    squares += std::pow(at[0] - nearest[0], 2) + std::pow(at[1] - nearest[1], 2);
  }
  const double n = double(x.cols());
  std::printf("| %s | %.0f | %.1f | %.3f | %.2f | %.2f |\n", name.c_str(), evaluations, 100.0 * outside / n, sure / n, left / n,
              std::sqrt(squares / (2.0 * n * variance)));
}

/// Euler's steps from noise to data under a plan.
template <class Plan>
void sample(const std::string& name, const Plan& plan, const Eigen::MatrixXd& noise, double least, Kind kind = Kind::flow,
            Renoise renoise = Renoise::guided) {
  std::vector<Level> levels;
  for (std::size_t i = 0; i <= steps; ++i) levels.push_back(rectified_flow(1.0 - double(i) / double(steps)));
  Guider<Plan, double> guider(plan, Space{Kind::flow, kind});
  Eigen::MatrixXd x = noise, cond = x, uncond = x;
  Eigen::MatrixXd path(2 * paths, steps / 2 + 1);  // every other step
  std::size_t evaluations = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    if (i % 2 == 0) path.col(Eigen::Index(i / 2)) = x.leftCols(paths).reshaped();
    const Moment now{i, steps, levels[i], {}};
    const Needs needs = guider.needs(now, renoise);
    if (needs.cond()) predict(of_class, x, now.level, cond);
    if (needs.uncond()) predict(of_all, x, now.level, uncond);
    guider.step(now, levels[i + 1], renoise, x, cond, uncond, x);
    guider.advance();
    evaluations += needs.evaluations();
  }
  path.rightCols(1) = x.leftCols(paths).reshaped();
  for (Eigen::Index i = 0; i < paths; ++i) write_row("path", name, i, path.middleRows(2 * i, 2));
  write_density(name, x);
  print_figures(name, x, least, double(evaluations));
}

}  // namespace

// mixture [samples]
int main(int argc, char** argv) try {
  const int count = argc > 1 ? std::stoi(argv[1]) : 40000;
  if (argc > 2 || count < 100) throw std::invalid_argument("expected a number of samples, at least 100");
  record.open("mixture.csv");
  record << "kind,method,row,values\n";
  digits::Random random(3);

  // Drawn from the class itself; one in a hundred is less likely than `least`.
  Eigen::MatrixXd drawn = std::sqrt(variance) * random.normal_matrix(2, count).cast<double>();
  std::vector<double> likelihoods;
  for (Eigen::Index i = 0; i < drawn.cols(); ++i) {
    drawn.col(i) += Eigen::Map<const Eigen::Vector2d>(of_class.mean[std::size_t(i % 2)].data());
    likelihoods.push_back(of_class.log_density(drawn.col(i).data(), 2));
  }
  std::sort(likelihoods.begin(), likelihoods.end());
  const double least = likelihoods[likelihoods.size() / 100];

  for (const auto& [name, mixture] : {std::pair{"class", of_class}, {"all", of_all}})
    for (Eigen::Index row = 0; row < cells; ++row) {
      Eigen::VectorXd density(cells);
      for (Eigen::Index column = 0; column < cells; ++column) {
        const Eigen::Vector2d at = extent * ((Eigen::Array2d(double(column), double(row)) + 0.5) * (2.0 / cells) - 1.0);
        density(column) = std::exp(mixture.log_density(at.data(), 2));
      }
      write_row("exact", name, row, density);
    }

  std::printf("| method | evaluations | outside, %% | p(class) | left | spread |\n|---|---|---|---|---|---|\n");
  print_figures("the class itself", drawn, least, 0.0);
  const Eigen::MatrixXd noise = random.normal_matrix(2, count).cast<double>();
  sample("conditional", Cfg{1.0}, noise, least);
  sample("CFG", Cfg{scale}, noise, least);
  sample("CFG at 0.2 < t ≤ 0.7", scheduled(Cfg{}, within(TimeWindow{0.2, 0.7}, Constant{scale})), noise, least);
  sample("CFG-Zero*", CfgZeroStar{scale}, noise, least);
  sample("CFG + renorm", Cfg{scale} | Renorm::capped(), noise, least);
  sample("APG in x₀", Apg{scale, 0.0}, noise, least, Kind::sample);
  sample("MAMBO-G", MamboG{scale, 1.0}, noise, least);
  sample("TCFG", Tcfg{scale}, noise, least);
  sample("slerp", Slerp{scale}, noise, least);
  sample("CFG++ at s = 0.2", Cfg{0.2}, noise, least, Kind::flow, Renoise::uncond);
  std::printf("Wrote mixture.csv\n");
} catch (const std::exception& error) {
  std::fprintf(stderr, "mixture: %s\n", error.what());
  return 1;
}
