// SPDX-License-Identifier: MIT
#include <eigenguide/likelihood/log_likelihood.hpp>

#include <eigenguide/likelihood/probability_flow.hpp>

#include <likelihood/mixture.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

using namespace eigenguide;

namespace {

const Mixture mixture;
const std::vector<double> points{0.4, -0.9, 1.2, 0.3, -0.6, 0.5};
const BatchView<const double> batch(points.data(), 3, 2);

/// The exact marginal of the mixture at a level.
auto marginal(const Level& level) {
  return [level](const double* z, std::size_t size) { return mixture.log_density(z, size, level); };
}

template <class Path>
auto flow_of(const Kind& kind, const Path& path) {
  return probability_flow(kind, path, mixture.differentiated<double>(kind, path));
}

template <class Ode, class Field, class... Rest>
std::vector<LogLikelihood> run(const Ode& ode, Field field, const Rest&... x) {
  std::vector<LogLikelihood> found;
  LikelihoodWorkspace<double> workspace;
  log_likelihood(ode, field, x..., found, workspace);
  return found;
}

/// The greatest error of the three points against the density of the data at `level`.
double error(const std::vector<LogLikelihood>& found, const Level& level) {
  double most = 0.0;
  for (std::size_t i = 0; i < 3; ++i)
    most = std::fmax(most, std::fabs(found[i].nats - mixture.log_density(points.data() + 2 * i, 2, level)));
  return most;
}

bool same(const LogLikelihood& a, const LogLikelihood& b) {
  return bits_of(a.nats) == bits_of(b.nats) && bits_of(a.standard_error) == bits_of(b.standard_error) &&
         a.elements == b.elements && a.steps == b.steps && a.evaluations == b.evaluations;
}

}  // namespace

TEST_CASE("log_likelihood: the normal prior is its density, for any σ") {
  const double z[] = {0.5, -2.0, 1.25};
  for (const double sigma : {0.3, 1.0, 80.0}) {
    double want = 0.0;
    for (const double each : z) want += std::log(std::exp(-0.5 * each * each / (sigma * sigma)) / (sigma * std::sqrt(2.0 * 3.141592653589793)));
    CHECK(NormalPrior{sigma}(z, 3) == Approx(want));
  }
}

TEST_CASE("log_likelihood: the error falls at the order of the integrator") {
  const auto path = [](double t) { return rectified_flow_path(t); };
  const auto at = [&](const auto& solver, std::size_t steps) {
    return error(run(LikelihoodOde{solver, ExactTrace{}, NormalPrior{}, even_times(0.0, 1.0, steps)},
                     flow_of(Kind::flow, path), batch), {1.0, 0.0});
  };
  CHECK(at(Euler{}, 200) / at(Euler{}, 400) == Approx(2.0).epsilon(0.05));
  CHECK(at(Heun{}, 100) / at(Heun{}, 200) == Approx(4.0).epsilon(0.1));
  CHECK(at(RungeKutta4{}, 160) / at(RungeKutta4{}, 320) == Approx(16.0).epsilon(0.2));
  CHECK(at(RungeKutta4{}, 80) < 1e-7);
}

TEST_CASE("log_likelihood: Dormand-Prince keeps its tolerance, in fewer evaluations where less is asked") {
  std::size_t last = 0;
  for (const double tolerance : {1e-5, 1e-6, 1e-7, 1e-8, 1e-9}) {
    const auto found = run(LikelihoodOde{DormandPrince{tolerance, tolerance}, ExactTrace{}, marginal({1.0, 20.0}), {0.01, 20.0}},
                           flow_of(Kind::sample, variance_exploding_path), batch);
    CHECK(error(found, {1.0, 0.01}) < 20.0 * tolerance);
    CHECK(found[0].evaluations > last);
    last = found[0].evaluations;
  }
}

TEST_CASE("log_likelihood: every path, kind, sign and direction of time gives the exact density") {
  const DormandPrince solver{1e-9, 1e-9};
  const auto check = [&](const auto& path, double data, double noise) {
    for (const Kind kind : {Kind::epsilon, Kind::sample, Kind::v, Kind::flow, Kind::flow_to_data, Kind::score}) {
      const LikelihoodOde ode{solver, ExactTrace{}, marginal(path(noise).level), {data, noise}};
      CHECK(error(run(ode, flow_of(kind, path), batch), path(data).level) < 1e-7);
    }
  };
  check(variance_exploding_path, 0.02, 10.0);
  check(rectified_flow_path, 0.001, 0.99);
  check(trigonometric_path, 0.001, 1.5);
  check(LinearBetaPath{}, 1e-4, 1.0);
  check(FlowMatchingPath{0.01}, 1.0, 0.01);  // the data is at t = 1
}

TEST_CASE("log_likelihood: no stage lies beyond the end, where a path may not be defined") {
  const double from = 0.3, end = 0.9;
  REQUIRE(from + (end - from) > end);
  const auto path = [&](double t) {
    if (t > end) throw std::out_of_range("beyond the end");
    return rectified_flow_path(t);
  };
  const auto flow = flow_of(Kind::sample, path);
  CHECK_NOTHROW(run(LikelihoodOde{RungeKutta4{}, ExactTrace{}, NormalPrior{}, {from, end}}, flow, batch));
  CHECK_NOTHROW(run(LikelihoodOde{DormandPrince{10.0, 10.0}, ExactTrace{}, NormalPrior{}, {from, end}}, flow, batch));
}

TEST_CASE("log_likelihood: a sample drawn from the prior has the likelihood it is found to have") {
  const LikelihoodOde there{DormandPrince{1e-10, 1e-10}, ExactTrace{}, NormalPrior{}, {1.0, 0.0}, Start::prior};
  std::vector<LogLikelihood> drawn, found;
  LikelihoodWorkspace<double> workspace;
  log_likelihood(there, flow_of(Kind::flow, rectified_flow_path), batch, drawn, workspace);
  const BatchView<const double> ended = workspace.ended();
  std::vector<double> samples;
  for (std::size_t i = 0; i < 3; ++i) samples.insert(samples.end(), ended.sample(i), ended.sample(i) + 2);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(drawn[i].nats == Approx(mixture.log_density(samples.data() + 2 * i, 2, {1.0, 0.0})).epsilon(1e-8));
    CHECK(drawn[i].prior == Approx(NormalPrior{}(points.data() + 2 * i, 2)));
  }
  const LikelihoodOde back{DormandPrince{1e-10, 1e-10}, ExactTrace{}, NormalPrior{}, {0.0, 1.0}};
  found = run(back, flow_of(Kind::flow, rectified_flow_path), BatchView<const double>(samples.data(), 3, 2));
  for (std::size_t i = 0; i < 3; ++i) CHECK(found[i].nats == Approx(drawn[i].nats).epsilon(1e-8));
}

TEST_CASE("log_likelihood: the error of k probes falls as 1/√k, and is what is reported") {
  const std::size_t repeats = 300;
  std::vector<double> x;
  for (std::size_t i = 0; i < repeats; ++i) x.insert(x.end(), points.begin(), points.begin() + 2);
  const BatchView<const double> copies(x.data(), repeats, 2);
  const auto times = even_times(0.0, 1.0, 12);
  const double exact = run(LikelihoodOde{RungeKutta4{}, ExactTrace{}, NormalPrior{}, times},
                           flow_of(Kind::flow, rectified_flow_path), copies)[0].nats;
  for (const bool fresh : {false, true}) {
    double first = 0.0;
    for (const std::size_t k : {4u, 16u, 64u}) {
      Hutchinson probes{k, Distribution::gaussian, 17};
      probes.fresh = fresh;
      const auto found = run(LikelihoodOde{RungeKutta4{}, probes, NormalPrior{}, times}, flow_of(Kind::flow, rectified_flow_path), copies);
      double squares = 0.0, reported = 0.0;
      for (const LogLikelihood& one : found) {
        squares += std::pow(one.nats - exact, 2) / repeats;
        reported += std::pow(one.standard_error, 2) / repeats;
      }
      if (k == 4) first = squares;
      CHECK(squares == Approx(4.0 * first / static_cast<double>(k)).epsilon(0.35));
      CHECK(reported == Approx(squares).epsilon(0.35));
    }
  }
}

TEST_CASE("log_likelihood: a batch is its samples one by one, bit for bit") {
  const auto check = [](const auto& solver, const std::vector<double>& times, bool fresh) {
    Hutchinson probes{3, Distribution::gaussian, 1};
    probes.fresh = fresh;
    const auto all = run(LikelihoodOde{solver, probes, NormalPrior{}, times}, flow_of(Kind::flow, rectified_flow_path), batch);
    for (std::size_t i = 0; i < 3; ++i) {
      probes.first_sample = i;
      const BatchView<const double> one(points.data() + 2 * i, 1, 2);
      CHECK(same(run(LikelihoodOde{solver, probes, NormalPrior{}, times}, flow_of(Kind::flow, rectified_flow_path), one)[0], all[i]));
    }
  };
  check(Heun{}, even_times(0.0, 1.0, 5), true);
  check(DormandPrince{}, {0.0, 1.0}, false);
  check(DormandPrince{1e-3, 1e-3}, {0.0, 1.0}, true);
}

namespace {

/// A model that does not look at padding: every element by itself and its own
/// place in time, [samples, 2 channels, length], and NaN wherever there is padding.
struct Elementwise {
  std::size_t length, kept;

  double at(double t, double x, std::size_t n) const {
    const std::size_t place = n % length;
    return place < kept ? std::sin(x + t) * (1.0 + 0.1 * static_cast<double>(place)) : NAN;
  }
  auto predict() const {
    return [*this](const std::vector<double>& t, const auto& x, const auto& out) {
      for (std::size_t n = 0; n < x.size(); ++n) out.data()[n] = at(t[0], x.data()[n], n);
    };
  }
  auto differentiated() const {
    return with_vjp(predict(), [*this](const std::vector<double>& t, const auto& x, const auto& v, const auto& out) {
      for (std::size_t n = 0; n < x.size(); ++n)
        out.data()[n] = n % length < kept ? std::cos(x.data()[n] + t[0]) * (1.0 + 0.1 * static_cast<double>(n % length)) * v.data()[n] : NAN;
    });
  }
};

}  // namespace

TEST_CASE("log_likelihood: a padded sample is the sample without padding, bit for bit") {
  const Elementwise whole{3, 3}, padded{5, 3};
  const std::vector<double> x{0.1, -0.4, 0.7, 1.3, -2.0, 0.6}, mask{1, 1, 1, 0, 0};
  const std::vector<double> longer{0.1, -0.4, 0.7, NAN, 9.0, 1.3, -2.0, 0.6, 1e30, NAN};
  const auto check = [&](const auto& solver, const std::vector<double>& times, const auto& estimator, const auto& model) {
    const LikelihoodOde ode{solver, estimator, NormalPrior{}, times};
    const auto without = run(ode, model(whole), x), with = run(ode, model(padded), longer, mask);
    CHECK(same(with[0], without[0]));
    CHECK(with[0].elements == 6);
  };
  const auto exact = [](const Elementwise& one) { return one.differentiated(); };
  const auto differences = [](const Elementwise& one) { return finite_differences(one.predict()); };
  check(RungeKutta4{}, even_times(0.0, 1.0, 4), Hutchinson{2, Distribution::gaussian}, exact);
  check(DormandPrince{}, {0.0, 1.0}, Hutchinson{2}, exact);
  check(DormandPrince{}, {0.0, 1.0}, ExactTrace{}, differences);

  LikelihoodWorkspace<double> workspace;
  std::vector<LogLikelihood> found;
  auto model = padded.differentiated();
  log_likelihood(LikelihoodOde{Euler{}, ExactTrace{}, NormalPrior{}, {0.0, 1.0}}, model, longer, mask, found, workspace);
  CHECK(workspace.ended().data()[4] == 9.0);  // padding is held
  CHECK(workspace.ended().data()[8] == 1e30);

  const std::vector<double> none(5, 0.0);
  const auto nothing = run(LikelihoodOde{DormandPrince{}, Hutchinson{2}, NormalPrior{}, {0.0, 1.0}}, model, longer, none);
  CHECK(nothing[0].nats == 0.0);  // of no elements the density is 1
  CHECK_REJECTS(nothing[0].bits_per_dimension(1.0), "`elements` is 0");
}

TEST_CASE("log_likelihood: a model in float, and one without derivatives, come close to that in double") {
  const std::vector<float> narrow(points.begin(), points.end());
  const LikelihoodOde ode{RungeKutta4{}, ExactTrace{}, NormalPrior{}, even_times(0.0, 1.0, 40)};
  std::vector<LogLikelihood> found;
  LikelihoodWorkspace<float> workspace;
  log_likelihood(ode, mixture.differentiated<float>(Kind::flow, rectified_flow_path), BatchView<const float>(narrow.data(), 3, 2), found, workspace);
  CHECK(error(found, {1.0, 0.0}) < 2e-6);
  log_likelihood(ode, finite_differences(mixture.predict<float>(Kind::flow, rectified_flow_path)),
                 BatchView<const float>(narrow.data(), 3, 2), found, workspace);
  CHECK(error(found, {1.0, 0.0}) < 2e-4);
  const auto differences = run(ode, finite_differences(mixture.predict<double>(Kind::flow, rectified_flow_path)), batch);
  CHECK(error(differences, {1.0, 0.0}) < 1e-5);
}

TEST_CASE("log_likelihood: given probes are those that a generator would give") {
  const Hutchinson generator{2, Distribution::gaussian, 23};
  std::vector<double> values(12, 0.0);
  const std::vector<unsigned char> keep(2, 1);
  GivenProbes<double> given{{}, 2};
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t i = 0; i < 3; ++i) generator.fill(0, k, i, keep.data(), 2, values.data() + 6 * k + 2 * i);
    given.given.emplace_back(values.data() + 6 * k, 3, 2);
  }
  const auto flow = flow_of(Kind::flow, rectified_flow_path);
  const auto times = even_times(0.0, 1.0, 6);
  const auto a = run(LikelihoodOde{Heun{}, generator, NormalPrior{}, times}, flow, batch);
  const auto b = run(LikelihoodOde{Heun{}, given, NormalPrior{}, times}, flow, batch);
  for (std::size_t i = 0; i < 3; ++i) CHECK(same(a[i], b[i]));
}

TEST_CASE("log_likelihood: bits per dimension, with the offset of the bins") {
  LogLikelihood uniform;  // the density ½ of [−1, 1), which is 256 equal bins
  uniform.elements = 12;
  uniform.nats = -12.0 * std::log(2.0);
  CHECK(uniform.bits_per_dimension(2.0 / 256) == Approx(8.0));
  CHECK(uniform.bits_per_dimension(1.0) == Approx(1.0));
  CHECK_REJECTS(uniform.bits_per_dimension(0.0), "`bin_width` is 0");
  CHECK_REJECTS(LogLikelihood{}.bits_per_dimension(1.0), "`elements` is 0");
}

TEST_CASE("log_likelihood: what is not finite is named by sample, step and time, and nothing is written") {
  const auto spoilt = [](const std::vector<double>& t, const auto& x, const auto& out) {
    for (std::size_t i = 0; i < x.samples(); ++i)
      for (std::size_t n = 0; n < x.size(); ++n) out.sample(i)[n] = i == 1 && t[i] > 0.4 ? NAN : -x.sample(i)[n];
  };
  const auto fine = [](const auto&, const auto&, const auto& v, const auto& out) {
    for (std::size_t i = 0; i < v.samples(); ++i)
      for (std::size_t n = 0; n < v.size(); ++n) out.sample(i)[n] = -v.sample(i)[n];
  };
  const auto infinite = [](const auto& t, const auto&, const auto& v, const auto& out) {
    for (std::size_t i = 0; i < v.samples(); ++i)
      for (std::size_t n = 0; n < v.size(); ++n) out.sample(i)[n] = i == 2 && t[i] > 0.7 ? HUGE_VAL * v.sample(i)[n] : v.sample(i)[n];
  };
  const auto decay = [](const auto&, const auto& x, const auto& out) {
    for (std::size_t i = 0; i < x.samples(); ++i)
      for (std::size_t n = 0; n < x.size(); ++n) out.sample(i)[n] = -x.sample(i)[n];
  };
  const LikelihoodOde ode{Euler{}, Hutchinson{}, NormalPrior{}, even_times(0.0, 1.0, 4)};
  std::vector<LogLikelihood> found(7);
  LikelihoodWorkspace<double> workspace;
  CHECK_REJECTS(log_likelihood(ode, with_vjp(spoilt, fine), batch, found, workspace),
                "`f` is nan in sample 1, in step 2 at t = 0.5; expected finite numbers");
  CHECK_REJECTS(log_likelihood(ode, with_vjp(decay, infinite), batch, found, workspace),
                "`divergence` is inf in sample 2, in step 3 at t = 0.75");
  std::vector<double> bad = points;
  bad[3] = HUGE_VAL;
  CHECK_REJECTS(log_likelihood(ode, with_vjp(decay, fine), BatchView<const double>(bad.data(), 3, 2), found, workspace),
                "`x` is inf in sample 1");
  const auto no_prior = [](const double*, std::size_t) { return -HUGE_VAL; };
  CHECK_REJECTS(run(LikelihoodOde{Euler{}, Hutchinson{}, no_prior, {0.0, 1.0}}, with_vjp(decay, fine), batch),
                "`prior` is -inf in sample 0");
  CHECK(found.size() == 7);
}

TEST_CASE("log_likelihood: bad calls are rejected") {
  const auto flow = flow_of(Kind::flow, rectified_flow_path);
  const auto with = [&](const auto& solver, const std::vector<double>& times) {
    return run(LikelihoodOde{solver, ExactTrace{}, NormalPrior{}, times}, flow, batch);
  };
  CHECK_REJECTS(with(Euler{}, {0.0}), "`times` is 1");
  CHECK_REJECTS(with(Euler{}, {0.0, 0.5, 0.5}), "`times` is 0.5");
  CHECK_REJECTS(with(Euler{}, {1.0, 0.5, 0.7}), "`times` is 0.7");
  CHECK_REJECTS(with(Euler{}, {0.0, NAN}), "`times` is nan");
  CHECK_REJECTS(with(DormandPrince{}, {0.0, 0.5, 1.0}), "`times` is 3");
  CHECK_REJECTS(with(DormandPrince{0.0, 0.0}, {0.0, 1.0}), "`atol` is 0");
  CHECK_REJECTS(with(DormandPrince{1e-9, 1e-9, 3}, {0.0, 1.0}), "`max_steps` is 3; expected enough to reach the end: sample 0 is at t = ");
  // Before the model is asked.
  const auto never = finite_differences([](const auto&, const auto&, const auto&) { throw std::logic_error("asked"); });
  const std::vector<double> times{0.0, 0.5, 1.0};
  CHECK_REJECTS(run(LikelihoodOde{Euler{}, ExactTrace{}, NormalPrior{0.0}, times}, never, batch), "`sigma` is 0");
  CHECK_REJECTS(run(LikelihoodOde{Euler{}, GivenProbes<double>{{batch}, 1, true}, NormalPrior{}, times}, never, batch), "`given` is 1");
  CHECK_REJECTS(run(LikelihoodOde{Euler{}, ExactTrace{}, NormalPrior{}, times, static_cast<Start>(2)}, never, batch), "`start` is 2");

  const LikelihoodOde ode{Euler{}, ExactTrace{}, NormalPrior{}, {0.0, 1.0}};
  const std::vector<double> half{1.0, 0.5, 1.0, 1.0, 1.0, 1.0};
  CHECK_REJECTS(run(ode, flow, batch, BatchView<const double>(half.data(), 3, 2)), "`mask` is 0.5");
  CHECK_REJECTS(run(ode, flow, batch, std::vector<double>(2, 1.0)), "`mask` is of shape [2]");
  const Spatial<double> video({3, 2, 2}, 1), frames({3, 2, 1}, 1);
  CHECK_REJECTS(run(ode, flow, video.view(), frames.view()), "`mask` is of shape [3, 2, 1]; expected one for each sample, that repeats");
  CHECK(run(ode, flow, BatchView<const double>(nullptr, 0, 2)).empty());
}
