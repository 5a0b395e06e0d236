// SPDX-License-Identifier: MIT
// What log-likelihoods along the probability-flow ODE are good for, and what they
// cost: convergence where the density is known, held-out digits under each class,
// and the density of a guided flow.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <eigenguide/likelihood/log_likelihood.hpp>
#include <eigenguide/likelihood/probability_flow.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include "dataset.hpp"
#include "mixture.hpp"
#include "network_flow.hpp"
#include "random.hpp"
#include "training.hpp"

namespace {

using namespace eigenguide;

std::ofstream record;  // likelihood.csv: panel,series,x,y

void point(const char* panel, const std::string& series, double x, double y) {
  record << panel << ',' << series << ',' << x << ',' << y << '\n';
}

template <class Ode, class Model, class X>
std::vector<LogLikelihood> likelihoods(const Ode& ode, Model&& model, const X& x) {
  std::vector<LogLikelihood> found;
  LikelihoodWorkspace<typename Eigen::DenseBase<X>::Scalar> workspace;
  log_likelihood(ode, probability_flow(Kind::flow, rectified_flow_path, model), x, found, workspace);
  return found;
}

/// Errors against the exact density of a mixture in the plane.
void convergence() {
  const Mixture mixture{{0.3, 0.7}, {{1.0, -0.5}, {-0.8, 0.6}}, 0.25};
  digits::Random random(1);
  Eigen::MatrixXd x(2, 64);
  for (double& value : x.reshaped()) value = random.normal();
  const auto errors = [&](const auto& ode, const std::string& series, double probes) {
    const std::vector<LogLikelihood> found = likelihoods(ode, mixture.model(), x);
    double squares = 0.0, reported = 0.0, evaluations = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      squares += std::pow(found[i].nats - mixture.log_density(x.col(Eigen::Index(i)).data(), 2), 2);
      reported += std::pow(found[i].standard_error, 2);
      evaluations += double(found[i].evaluations);
    }
    const double count = double(found.size()), error = std::sqrt(squares / count);
    if (probes == 0.0) return point("solver", series, evaluations / count, error);
    point("probes", series, probes, error);
    if (probes > 1.0) point("probes", series + " (reported)", probes, std::sqrt(reported / count));
  };
  for (std::size_t steps = 4; steps <= 512; steps *= 2) {
    const std::vector<double> times = even_times(0.0, 1.0, steps);
    errors(LikelihoodOde{Euler{}, ExactTrace{}, NormalPrior{}, times}, "Euler", 0.0);
    errors(LikelihoodOde{Heun{}, ExactTrace{}, NormalPrior{}, times}, "Heun", 0.0);
    if (steps <= 256) errors(LikelihoodOde{RungeKutta4{}, ExactTrace{}, NormalPrior{}, times}, "RK4", 0.0);
  }
  for (double tolerance = 1e-2; tolerance > 1e-9; tolerance /= 10.0)
    errors(LikelihoodOde{DormandPrince{tolerance, tolerance}, ExactTrace{}, NormalPrior{}, {0.0, 1.0}}, "Dormand-Prince", 0.0);
  for (std::size_t k = 1; k <= 256; k *= 2)
    for (const Distribution distribution : {Distribution::rademacher, Distribution::gaussian})
      errors(LikelihoodOde{RungeKutta4{}, Hutchinson{k, distribution}, NormalPrior{}, even_times(0.0, 1.0, 24)},
             distribution == Distribution::rademacher ? "Rademacher" : "Gaussian", double(k));
}

/// The density of what a guided flow draws, beside that which its scale is said to stand for.
void guided_density() {
  const Mixture all{{0.5, 0.5}, {{1.0}, {-1.0}}, 0.25}, cond{{1.0}, {{1.0}}, 0.25};
  const Eigen::MatrixXd x = Eigen::RowVectorXd::LinSpaced(241, -2.0, 4.0);
  const double width = 6.0 / 240;
  for (const double scale : {1.0, 3.0}) {
    const auto guided = finite_differences([&](const std::vector<double>& t, const auto& at, const auto& out) {
      for (std::size_t i = 0; i < at.samples(); ++i) {
        double c = 0.0, u = 0.0;
        cond.at(at.sample(i), 1, rectified_flow(t[i]), &c);
        all.at(at.sample(i), 1, rectified_flow(t[i]), &u);
        *out.sample(i) = u + scale * (c - u);
      }
    });
    const auto found = likelihoods(LikelihoodOde{DormandPrince{1e-8, 1e-8}, ExactTrace{}, NormalPrior{}, {0.0, 1.0}}, guided, x);
    std::vector<double> tilted;
    double drawn_mass = 0.0, tilted_mass = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double* const at = x.data() + i;
      tilted.push_back(std::exp(scale * cond.log_density(at, 1) + (1.0 - scale) * all.log_density(at, 1)));
      drawn_mass += width * std::exp(found[i].nats);
      tilted_mass += width * tilted[i];
    }
    double distance = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::string s = "s = " + std::to_string(int(scale));
      const double drawn = std::exp(found[i].nats), wanted = tilted[i] / tilted_mass;
      point("guided", s + ": drawn by the guided flow", x(Eigen::Index(i)), drawn);
      point("guided", s + ": p(x|c)^s p(x)^(1-s)", x(Eigen::Index(i)), wanted);
      distance += 0.5 * width * std::fabs(drawn - wanted);
    }
    std::printf("guided by s = %g    mass %.4f, total variation from p(x|c)^s p(x)^(1-s) %.3f\n", scale, drawn_mass, distance);
  }
}

/// Held-out digits under each class.
void held_out(std::size_t count, int training_steps, std::size_t steps, std::size_t probes) {
  using namespace digits;
  constexpr double bin = 2.0 / grey_levels;
  const Dataset data = read_dataset(DIGITS_DATA_DIR "/digits.csv"), known = data.half(0), held = data.half(1);
  Training training;
  training.steps = training_steps;
  training.dequantisation = bin;
  const Network network = train(known, 0, training);

  const auto shown = Eigen::Index(std::min(count, std::size_t(held.size())));
  Random random(2);
  Eigen::MatrixXf x = held.images.leftCols(shown);
  dequantise(x, bin, random);
  const std::vector<int> labels(held.labels.begin(), held.labels.begin() + shown);
  const LikelihoodOde ode{RungeKutta4{}, Hutchinson{probes}, NormalPrior{}, even_times(0.0, 1.0, steps)};
  const auto under = [&](const std::vector<int>& asked, double scale) {
    NetworkFlow flow(network, asked, scale);
    return likelihoods(ode, flow.model(), x);
  };

  const auto start = std::chrono::steady_clock::now();
  std::vector<std::vector<LogLikelihood>> of_class;
  for (int label = 0; label < classes; ++label) of_class.push_back(under(std::vector<int>(labels.size(), label), 1.0));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;

  std::size_t right = 0, above = 0, nearest_right = 0;
  double bits = 0.0, error = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto own = std::size_t(labels[i]);
    double best = -HUGE_VAL;
    for (std::size_t label = 0; label < classes; ++label) {
      if (label == own) continue;
      best = std::max(best, of_class[label][i].nats);
      above += of_class[own][i].nats > of_class[label][i].nats;
    }
    right += of_class[own][i].nats > best;
    Eigen::Index nearest = 0;
    (known.images.colwise() - held.images.col(Eigen::Index(i))).colwise().squaredNorm().minCoeff(&nearest);
    nearest_right += known.labels[std::size_t(nearest)] == labels[i];
    bits += of_class[own][i].bits_per_dimension(bin);
    error += of_class[own][i].standard_error;
    point("digits", "own class", of_class[own][i].nats, best);
  }
  const double n = double(labels.size());
  std::printf("held-out digits    %zu, %.2f s a class, %zu evaluations and %zu vector-Jacobian products each\n", labels.size(),
              seconds.count() / classes, of_class[0][0].evaluations, probes * of_class[0][0].evaluations);
  std::printf("own class          likelier than another for %.1f %% of the pairs\n", 100.0 * double(above) / (9.0 * n));
  std::printf("classifier         %.1f %% right by likelihood, %.1f %% by the nearest of the other half\n", 100.0 * double(right) / n,
              100.0 * double(nearest_right) / n);
  std::printf("own class          %.3f bits per pixel; standard error of a digit's log-likelihood %.2f nats\n", bits / n, error / n);

  const auto mean = [&](const std::vector<int>& asked, double scale) {
    double sum = 0.0;
    for (const LogLikelihood& one : under(asked, scale)) sum += one.nats / n;
    return sum;
  };
  std::printf("mean, in nats      without class %.1f, own class %.1f", mean(std::vector<int>(labels.size(), null_class), 1.0), mean(labels, 1.0));
  for (const double scale : {2.0, 4.0}) std::printf(", guided by s = %g %.1f", scale, mean(labels, scale));
  std::printf("\n");
}

}  // namespace

// likelihood [held-out digits [steps of training [steps of the ODE [probes]]]]
int main(int argc, char** argv) try {
  const auto number = [&](int place, int otherwise) { return argc > place ? std::atoi(argv[place]) : otherwise; };
  const int count = number(1, 898), training = number(2, 20000), steps = number(3, 16), probes = number(4, 4);
  if (argc > 5 || std::min({count, training, steps, probes}) < 1) throw std::invalid_argument("expected up to four positive numbers");
  record.open("likelihood.csv");
  record << "panel,series,x,y\n";
  convergence();
  guided_density();
  held_out(std::size_t(count), training, std::size_t(steps), std::size_t(probes));
  std::printf("Wrote likelihood.csv\n");
} catch (const std::exception& error) {
  std::fprintf(stderr, "likelihood: %s\n", error.what());
  return 1;
}
