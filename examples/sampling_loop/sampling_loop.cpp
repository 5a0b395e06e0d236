// SPDX-License-Identifier: MIT
// A sampler around the library: it owns the loop and the model, a Guider says
// what each step needs, guides it, and reports. Euler, and DPM-Solver++(2M).
#include <eigenguide/eigenguide.hpp>

#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <vector>

#include "network.hpp"
#include "picture.hpp"
#include "weights.hpp"

namespace eg = eigenguide;
using Eigen::MatrixXf;

// The flow of the digits' network; guided where noise is neither all nor nearly gone.
constexpr std::size_t steps = 20;
const auto plan = eg::scheduled(eg::CfgZeroStar{}, eg::within(eg::TimeWindow{0.1, 0.9}, eg::Cosine{5.0, 1.5})) |
                  eg::Rescale{0.5} | eg::ZeroInit{1};

MatrixXf sample(const digits::Network& network, bool second_order, const std::vector<int>& labels, std::ostream& record) {
  std::vector<eg::Level> levels;
  for (std::size_t i = 0; i <= steps; ++i) levels.push_back(eg::rectified_flow(1.0 - double(i) / steps));
  const auto half_log_snr = [&](std::size_t i) { return std::log(levels[i].alpha / levels[i].sigma); };
  const std::vector<int> no_labels(labels.size(), digits::null_class);
  std::vector<eg::Diagnostics> found(labels.size());

  eg::Guider guider(plan, eg::Space{eg::Kind::flow, eg::Kind::flow});
  digits::Random random(7);
  digits::Network::Trace trace;
  MatrixXf x = random.normal_matrix(digits::pixels, Eigen::Index(labels.size()));
  MatrixXf cond = x, uncond = x, guided = x, x0 = x, last_x0 = x;
  std::size_t evaluations = 0;

  for (std::size_t i = 0; i < steps; ++i) {
    const eg::Level level = levels[i], next = levels[i + 1];
    const eg::Moment now{i, steps, level};
    const Eigen::RowVectorXf times = Eigen::RowVectorXf::Constant(x.cols(), float(level.sigma));

    const eg::Needs needs = guider.needs(now);
    if (needs.cond()) cond = network.flow(x, times, labels, trace);
    if (needs.uncond()) uncond = network.flow(x, times, no_labels, trace);
    evaluations += needs.evaluations();
    guider.apply(now, x, cond, uncond, guided, eg::report(found));
    guider.advance();

    // x′ = σ′/σ x + (α′ − α σ′/σ) D, where D is x₀ or, in the second order, x₀ extrapolated to half the step.
    eg::convert(eg::Conversion{eg::Kind::flow, eg::Kind::sample}, level, x, guided, x0);
    MatrixXf data = x0;
    if (second_order && i > 1 && i + 1 < steps) {
      const double h = half_log_snr(i + 1) - half_log_snr(i), last_h = half_log_snr(i) - half_log_snr(i - 1);
      data += float(h / (2.0 * last_h)) * (x0 - last_x0);
    }
    last_x0 = x0;
    const double kept = next.sigma / level.sigma;
    x = float(kept) * x + float(next.alpha - level.alpha * kept) * data;

    record << (second_order ? "DPM-Solver++(2M)," : "Euler,") << i << ',' << level.sigma << ',' << needs.evaluations() << ','
           << found[0].scale << ',' << found[0].relative_difference << ',' << found[0].cosine << ',' << found[0].zero_star << '\n';
  }
  std::printf("%-17s %zu evaluations of %zu\n", second_order ? "DPM-Solver++(2M)" : "Euler", evaluations, 2 * steps);
  return x;
}

int main() try {
  const digits::Network network = digits::read_weights(DIGITS_DATA_DIR "/digits.weights");
  const std::vector<int> labels{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9};
  std::ofstream record("sampling_loop.csv");
  record << "sampler,step,t,evaluations,scale,relative_difference,cosine,zero_star\n";
  const MatrixXf first = sample(network, false, labels, record), second = sample(network, true, labels, record);
  digits::write_picture("sampling_loop.png", {{"Euler", "", "", first}, {"DPM-Solver++(2M)", "", "", second}});
  std::printf("Wrote sampling_loop.csv and sampling_loop.png\n");
} catch (const std::exception& error) {
  std::fprintf(stderr, "sampling_loop: %s\n", error.what());
  return 1;
}
