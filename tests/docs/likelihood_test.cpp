// SPDX-License-Identifier: MIT
// The code that docs/likelihood.md quotes.
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/likelihood/divergence.hpp>
#include <eigenguide/likelihood/log_likelihood.hpp>
#include <eigenguide/likelihood/probability_flow.hpp>
#include <eigenguide/tensor/matrix.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace eigenguide;

namespace {

// A "network" whose flow is that of data from N(0, ¼ I).
struct Network {
  void operator()(const std::vector<double>& t, const BatchView<const float>& x, const BatchView<float>& out) const {
    multiply(t, x, out);
  }
  static void multiply(const std::vector<double>& t, const BatchView<const float>& x, const BatchView<float>& out) {
    for (std::size_t i = 0; i < x.samples(); ++i) {
      const double a = 1.0 - t[i], slope = (t[i] - 0.25 * a) / (0.25 * a * a + t[i] * t[i]);
      for (std::size_t n = 0; n < x.size(); ++n) out.sample(i)[n] = static_cast<float>(slope) * x.sample(i)[n];
    }
  }
};

}  // namespace

TEST_CASE("likelihood: the calls") {
  const Network network;
  const auto pullback = [](const std::vector<double>& t, const auto&, const BatchView<const float>& v,
                           const BatchView<float>& out) { Network::multiply(t, v, out); };
  const Eigen::MatrixXf x = Eigen::MatrixXf::Constant(6, 2, 0.5f);
  const Eigen::MatrixXf mask = Eigen::MatrixXf::Ones(6, 2);

  auto flow = probability_flow(Kind::flow, rectified_flow_path, with_vjp(network, pullback));
  const LikelihoodOde ode{RungeKutta4{}, Hutchinson{8}, NormalPrior{}, even_times(0.0, 1.0, 32)};
  std::vector<LogLikelihood> found;
  LikelihoodWorkspace<float> workspace;
  log_likelihood(ode, flow, x, found, workspace);        // found[i].nats, .standard_error, …
  const double bits = found[0].bits_per_dimension(2.0 / 256);  // bytes in [−1, 1): an offset of 7 bits
  const double exact = NormalPrior{0.5}(std::vector<double>(6, 0.5).data(), 6);
  CHECK(found[0].nats == Approx(exact).epsilon(1e-4));
  CHECK(bits == Approx(-exact / 6 / std::log(2.0) + 7.0).epsilon(1e-4));

  log_likelihood(ode, flow, x, mask, found, workspace);  // a padded batch
  CHECK(found[1].nats == Approx(exact).epsilon(1e-4));

  auto differences = probability_flow(Kind::flow, rectified_flow_path, finite_differences(network));
  log_likelihood(ode, differences, x, found, workspace);
  CHECK(found[0].nats == Approx(exact).epsilon(1e-2));

  const LikelihoodOde sampling{DormandPrince{1e-5, 1e-5}, ExactTrace{}, NormalPrior{}, {1.0, 0.0}, Start::prior};
  log_likelihood(sampling, flow, x, found, workspace);   // x is noise; the samples are workspace.ended()
  CHECK(workspace.ended().data()[0] == Approx(0.25).epsilon(1e-3));

  std::vector<Estimate> traces;
  divergence(ExactTrace{}, flow, {0.5, 0.5}, x, traces, workspace);
  CHECK(traces[0].value == Approx(6 * (0.5 - 0.125) / 0.3125));
}

TEST_CASE("likelihood: the paths") {
  const auto network = [](const auto&, const auto&, const BatchView<float>& out) {
    for (std::size_t n = 0; n < out.size(); ++n) out.data()[n] = 0.0f;
  };
  const auto model = finite_differences(network);
  auto ve = probability_flow(Kind::sample, variance_exploding_path, model);       // a denoiser of σ; NormalPrior{σ_max}
  auto vp = probability_flow(Kind::epsilon, LinearBetaPath{0.1, 20.0}, model);    // score_sde's, from t = 1e-5 to 1
  auto voiceflow = probability_flow(Kind::flow_to_data, FlowMatchingPath{}, model);  // the data is at t = 1
  LikelihoodWorkspace<float> workspace;
  std::vector<Estimate> found;
  const auto of = [&](auto& ode) {
    divergence(ExactTrace{}, ode, {0.5}, std::vector<float>{0.3f, -0.2f}, found, workspace);
    return found[0].value;
  };
  CHECK(of(ve) == Approx(2 / 0.5));               // x / σ
  CHECK(of(vp) == Approx(-0.1 - 0.5 * 19.9));  // −β/2 x
  CHECK(of(voiceflow) == Approx(0.0).margin(1e-6));
}
