// SPDX-License-Identifier: MIT
// Schedules and tables at any parameters: refused by a sentence, or within what
// their headers promise.
#include <eigenguide/core.hpp>

#include <fuzz/bytes.hpp>

#include <algorithm>
#include <type_traits>
#include <vector>

using namespace eigenguide;

namespace {

bool within(const std::vector<double>& list, double low, double high) {
  return std::all_of(list.begin(), list.end(), [&](double x) { return x >= low && x <= high; });
}
bool falls(const std::vector<double>& list) { return std::is_sorted(list.rbegin(), list.rend()); }

/// The levels of a sampler's run: from the first to the last, and never up.
template <class Schedule>
void levels(const char* name, const Schedule& schedule, double low, double high, std::size_t count) {
  std::vector<double> all;
  if (refused([&] { all = values(schedule, count); })) return;
  must(all.size() == count, name, "has as many values as asked for");
  if (all.empty()) return;
  must(all.front() == high, name, "begins at its first level");
  must(count == 1 || all.back() == low, name, "ends at its last level");
  must(within(all, low, high), name, "stays between them");
  must(falls(all), name, "falls");
}

/// Shares of variance: of [0, 1], and a table of them that does not rise.
template <class Schedule>
void training(const char* name, const Schedule& schedule, std::size_t count) {
  std::vector<double> betas;
  if (refused([&] { betas = values(schedule, count); })) return;
  must(within(betas, 0.0, 1.0), name, "is in [0, 1]");
  const std::vector<double> table = alphas_cumprod(betas);
  must(within(table, 0.0, 1.0) && falls(table), name, "has a table that falls");
  must(within(betas_of_alphas_cumprod(table), 0.0, 1.0), name, "has betas again");
  refused([&] { must(within(rescale_zero_terminal_snr(table), 0.0, 1.0), name, "rescaled, is in [0, 1]"); });
  refused([&] { SigmaTable{sigmas_of_alphas_cumprod(table)}; });
}

/// Scales over a run: finite where they are not refused, of parameters that
/// have room for a density's peak.
template <class Schedule>
void guidance(const char* name, const Schedule& schedule, std::size_t count) {
  std::vector<double> scales;
  if (refused([&] { scales = scales_of(schedule, count); })) return;
  for (const double scale : scales) must(is_finite(scale), name, "is finite");
}

void table(Bytes& bytes) {
  std::vector<double> sigmas(bytes.below(12));
  for (double& sigma : sigmas) sigma = bytes.number();
  if (bytes.flag()) std::sort(sigmas.begin(), sigmas.end());
  const double t = bytes.number(), sigma = bytes.number();
  refused([&] {
    const SigmaTable made(sigmas);
    const double least = *std::min_element(sigmas.begin(), sigmas.end()), most = *std::max_element(sigmas.begin(), sigmas.end());
    const double slack = 1.0 + 1e-12;  // of exp and log; denormals round to whole ones
    const auto inside = [&](double s) { return s >= least / slack - 1e-320 && (s <= most || s <= most * slack + 1e-320); };
    must(inside(made.sigma(t)), "a table's sigma lies within it");
    must(inside(made.linear_sigma(t)), "a table's linear sigma lies within it");
    const double at = made.timestep(sigma);
    must(at >= 0.0 && at <= static_cast<double>(sigmas.size() - 1), "a sigma's timestep is one of the table");
  });
}

template <class Window>
void window(const Window& any, const Moment& moment) {
  refused([&] {
    any.validate();
    moment.validate();
    must(any.contains(moment) != outside(any).contains(moment), "a moment is inside or outside");
  });
}

void one(std::uint8_t which, Bytes& bytes) {
  const double a = bytes.number(), b = bytes.number(), c = bytes.number(), d = bytes.number();
  const std::size_t count = bytes.below(40);
  switch (which) {
    case 0: return levels("karras", Karras{a, b, c}, a, b, count);
    case 1: return levels("exponential", Exponential{a, b}, a, b, count);
    case 2: return levels("polyexponential", Polyexponential{a, b, c}, a, b, count);
    case 3: return levels("laplace", LaplaceSigmas{a, b, c, d}, a, b, count);
    case 4: return levels("kl_optimal", KlOptimal{a, b, c}, a, b, count);
    case 5: return training("linear", LinearBetas{a, b}, count);
    case 6: return training("scaled_linear", ScaledLinearBetas{a, b}, count);
    case 7: return training("sqrt", SqrtBetas{a, b}, count);
    case 8: return training("sigmoid", SigmoidBetas{a, b}, count);
    case 9: return training("cosine", BetasOf<CosineAlphaBar>{{a}, b}, count);
    case 10: return training("exponential", BetasOf<ExponentialAlphaBar>{{a}, b}, count);
    case 11: return training("laplace", BetasOf<LaplaceAlphaBar>{{a, b}, c}, count);
    case 12: return training("log_linear", BetasOf<LogLinearAlphaBar>{{a, b}, c}, count);
    case 13: return training("stable_cascade", BetasOf<StableCascadeAlphaBar>{{a}, b}, count);
    case 14: return guidance("constant", Constant{a}, count);
    case 15: return guidance("linear", Linear{a, b}, count);
    case 16: return guidance("cosine", Cosine{a, b, c}, count);
    case 17: return guidance("triangle", Triangle{a, b, c}, count);
    case 18: return guidance("beta", Beta{a > 1e300 || a < -1e300 ? 1.0 : a, {b, c}}, count);
    case 19: return guidance("within", eigenguide::within(StepWindow{a, b}, Linear{c, d}, 2.0), count);
    case 20: return guidance("list", List{{a, b, c, d}}, count);
    case 21:
      return void(refused([&] {
        const auto times = values(FlowTimes{a}, count);
        must(::within(times, 0.0, 1.0), "flow times are in [0, 1]");
        for (std::size_t i = 1; i < count; ++i)  // to rounding: of a shift of 10¹⁶ all but the last are 1
          must(times[i] <= times[i - 1] + 1e-15, "flow times fall");
        must(steps_below(a, b, count) <= count, "no more steps lie below than there are");
        must(::within(stretched_to_terminal(times, c), 0.0, 1.0), "stretched times are in [0, 1]");
      }));
    case 22:
      return void(refused([&] {
        must(shifted_time(a, b) >= 0.0 && shifted_time(a, b) <= 1.0, "a shifted time is in [0, 1]");
        must(unshifted_time(a, b) >= 0.0 && unshifted_time(a, b) <= 1.0, "an unshifted time is in [0, 1]");
      }));
    case 23:
      return void(refused([&] {
        const double x = beta_quantile(a, b, c);
        must(x >= 0.0 && x <= 1.0, "a quantile is in [0, 1]");
      }));
    case 24:
      return void(refused([&] {
        const AncestralStep step = ancestral_step(a, b, c);
        must(step.sigma_down >= 0.0 && step.sigma_down <= b, "sigma_down is at most the level");
        must(step.sigma_up >= 0.0 && step.sigma_up <= b, "sigma_up is at most the level");
      }));
    case 25:
      return void(refused([&] {
        const Posterior found = posterior(a, b);
        must(is_finite(found.variance) && found.variance >= 0.0, "a variance is not negative");
        must(is_finite(found.mean_x0) && is_finite(found.mean_x), "weights are finite");
      }));
    case 26:
      return void(refused([&] {
        for (const auto to : {Coordinates::variance_preserving, Coordinates::variance_exploding, Coordinates::rectified_flow})
          in_coordinates(to, Level{a, b}, c).validate();
      }));
    case 27:
      return void(refused([&] {
        const auto all = values(LinearQuadratic{a, bytes.below(50), c}, count);
        must(::within(all, 0.0, c) && falls(all), "linear-quadratic levels fall");
      }));
    case 28:
      return void(refused([&] {
        const double numbers[] = {a, b, c, d};
        const auto all = values(StepTable{numbers, bytes.below(5)}, count);
        for (const double level : all) must(is_finite(level) && level > 0.0, "levels of a table are positive");
      }));
    case 29:
      return void(refused([&] {
        const auto all = values(VariancePreservingSigmas{a, b, c}, count);
        for (const double sigma : all) must(is_finite(sigma) && sigma >= 0.0, "levels are finite");
      }));
    case 30:
      return void(refused([&] {
        std::vector<double> t{a, b, c, d};
        linear_multistep_weight(t, bytes.below(9), bytes.below(6), bytes.below(9));
      }));
    case 31: {
      const std::size_t train = bytes.raw<std::uint16_t>(), offset = bytes.byte();
      refused([&] { must(::within(values(LinspaceTimesteps{train}, count), 0.0, double(train)), "timesteps are of the run"); });
      refused([&] { must(::within(values(LeadingTimesteps{train, offset}, count), 0.0, double(train + offset)), "timesteps are of the run"); });
      refused([&] { must(::within(values(TrailingTimesteps{train}, count), 0.0, double(train)), "timesteps are of the run"); });
      return;
    }
    case 32: {
      const Moment moment{bytes.below(20), bytes.below(20), {a, b}, {}};
      window(StepWindow{c, d}, moment);
      window(SigmaWindow{c, d}, moment);
      window(TimeWindow{c, d}, moment);
      window(Oscillation{bytes.below(9), bytes.below(5)}, moment);
      return;
    }
    case 33:
      return void(refused([&] {
        const double lambda = half_log_snr(Level{a, b});
        must(is_finite(lambda), "a log-SNR is finite");
        must(is_finite(variance_exploding_sigma(lambda)) && is_finite(rectified_flow_time(lambda)), "its level is finite");
      }));
    case 34:
      return void(refused([&] {
        refused([&] { LinearResolutionShift{a, b, c, d}(1024.0); });
        must(is_finite(resolution_shift(a, b)), "a resolution's shift is finite");
      }));
    default: return table(bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  one(bytes.byte() % 38, bytes);
  return 0;
}
