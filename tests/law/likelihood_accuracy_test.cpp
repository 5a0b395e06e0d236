// SPDX-License-Identifier: MIT
#include <law/rounding.hpp>

#include <eigenguide/likelihood/divergence.hpp>
#include <eigenguide/likelihood/log_likelihood.hpp>
#include <eigenguide/likelihood/probability_flow.hpp>

using namespace eigenguide;

namespace {

/// The vjp of x ↦ A x, whose sums are exact but for the rounding to T.
template <class T>
struct LinearField {
  std::size_t size;
  std::vector<T> matrix;

  T product(const T* v, std::size_t column) const {
    Wide sum = 0;
    for (std::size_t n = 0; n < size; ++n) sum += Wide(v[n]) * Wide(matrix[n * size + column]);
    return static_cast<T>(sum);
  }
  auto field() const {
    return with_vjp([](const auto&, const auto&, const auto& out) { std::fill(out.data(), out.data() + out.size(), T{0}); },
                    [this](const auto&, const auto&, const auto& v, const auto& out) {
                      for (std::size_t n = 0; n < size; ++n) out.data()[n] = product(v.data(), n);
                    });
  }
};

/// Data N(0, s² I): along a path a model's prediction is b x, and the ODE's
/// field a x with a = w_p b + w_x.
struct Gaussian {
  static constexpr Wide variance = 0.25L;
  Kind kind;
  bool exploding;  // α = 1, else α = 1 − t; σ = t

  struct Rates {
    Wide prediction, of_prediction, of_x;  // b, w_p, w_x
    Wide field() const { return of_prediction * prediction + of_x; }
  };
  Rates at(Wide t) const {
    const Wide alpha = exploding ? 1 : 1 - t, tau = alpha * alpha * variance + t * t;
    if (exploding) return {variance / tau, -1 / t, 1 / t};  // x₀, and f = (x − x₀) / σ
    return {(t - alpha * variance) / tau, 1, 0};            // ε − x₀, which is f
  }
  MovingLevel level(double t) const { return exploding ? variance_exploding_path(t) : rectified_flow_path(t); }

  auto flow() const {
    const auto multiplied = [*this](const auto& t, const auto& from, const auto& out) {
      using T = std::decay_t<decltype(*out.data())>;
      for (std::size_t n = 0; n < from.size(); ++n) out.data()[n] = static_cast<T>(at(t[0]).prediction * Wide(from.data()[n]));
    };
    const auto vjp = [=](const auto& t, const auto&, const auto& v, const auto& out) { multiplied(t, v, out); };
    return probability_flow(kind, [*this](double t) { return level(t); }, with_vjp(multiplied, vjp));
  }
};

std::vector<double> geometric_times(double from, double to, std::size_t steps) {
  std::vector<double> times;
  for (std::size_t i = 0; i <= steps; ++i)
    times.push_back(from * std::pow(to / from, static_cast<double>(i) / static_cast<double>(steps)));
  return times;
}

/// Runge–Kutta's fourth order in long double, and what its roundings come to:
/// first those of T, then those of double.
struct Integrated {
  Wide growth = 1, divergence = 0, most = 0;  // z / x, ∫ a and the largest that it was
  Wide field = 0, prediction = 0;             // ∫ |w_p b| + 2 |a|, ∫ |w_p b|
  Wide in_double = 0;                         // ∫ 9 (|w_p b| + |w_x|)

  Integrated(const Gaussian& data, const std::vector<double>& times) {
    for (std::size_t i = 0; i + 1 < times.size(); ++i) {
      const double h = times[i + 1] - times[i];
      const Gaussian::Rates rates[3]{data.at(times[i]), data.at(times[i] + 0.5 * h), data.at(times[i + 1])};
      const Wide k1 = rates[0].field(), k2 = rates[1].field() * (1 + h / 2 * k1), k3 = rates[1].field() * (1 + h / 2 * k2),
                 k4 = rates[2].field() * (1 + h * k3);
      growth *= 1 + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
      divergence += h / 6 * (rates[0].field() + 4 * rates[1].field() + rates[2].field());
      most = std::fmax(most, std::fabs(divergence));
      Wide of_a = 0, of_p = 0, of_x = 0;
      for (const auto& rate : rates) {
        of_a = std::fmax(of_a, std::fabs(rate.field()));
        of_p = std::fmax(of_p, std::fabs(rate.of_prediction * rate.prediction));
        of_x = std::fmax(of_x, std::fabs(rate.of_x));
      }
      const Wide share = h * std::exp(4 * h * of_a);  // from the stages of a step to its end
      field += share * (of_p + 2 * of_a);
      prediction += share * of_p;
      in_double += share * 9 * (of_p + of_x);
    }
  }
};

/// ln p of x by these steps, and how far arithmetic may be from it.
template <class T>
Exact exact(const Gaussian& data, double sigma, const std::vector<double>& times, const std::vector<T>& x) {
  const Integrated ode(data, times);
  const Wide size = Wide(x.size()), steps = Wide(times.size());
  Wide squares = 0;  // Σ z² / σ²
  for (const T value : x) squares += Wide(value) * Wide(value);
  squares *= ode.growth * ode.growth / (Wide(sigma) * Wide(sigma));
  const Wide constant = size * (std::log(Wide(sigma)) + 0.918938533204672741780L), divergence = size * ode.divergence;
  const Wide value = -squares / 2 - constant + divergence;
  const Wide of_T = std::is_same_v<T, float> ? 0x1p-24L : roundoff;
  const Wide in_T = ode.field * squares + ode.prediction * size;
  // The fields, and in each step that of the state; sums over the elements, and of the prior.
  const Wide of_state = ode.in_double + 2 * steps + 8 * ode.field, of_sums = (size + 1) * ode.in_double / 9 + ode.in_double;
  const Wide of_divergence = size * (of_sums + 2 * steps * ode.most + 8 * ode.field);
  const Wide of_prior = (size + 4) * squares / 2 + 3 * size * (std::fabs(std::log(Wide(sigma))) + 1) + std::fabs(constant);
  const Wide in_double = of_state * squares + of_divergence + of_prior + std::fabs(value) + squares;
  return {value, std::fmax(squares / 2, std::fmax(size * ode.most, std::fabs(constant))), of_T * in_T + roundoff * in_double};
}

}  // namespace

TEST_CASE("law: a divergence is within as many roundings of double as it has terms") {
  for_each_type([&](auto type, const char* name) {
    using T = decltype(type);
    if constexpr (!std::is_same_v<T, half>) {
      Found found;
      for (const Adversary& adversary : adversaries())
        for (const std::size_t size : Sizes{1, 2, 17, 40}) {
          const Case<T> in(adversary, {1, size, size}), probe(adversary, {1, size});
          const LinearField<T> linear{size, in.cond.values};
          const std::vector<T> x(size, T{0});
          LikelihoodWorkspace<T> workspace;
          std::vector<Estimate> got;
          const auto add = [&](const auto& estimator, const std::vector<std::vector<T>>& vectors, Wide divisor) {
            Wide sum = 0, terms = 0;
            for (const std::vector<T>& v : vectors)
              for (std::size_t n = 0; n < size; ++n) {
                const Wide term = Wide(v[n]) * Wide(linear.product(v.data(), n)) / divisor;
                sum += term;
                terms += std::fabs(term);
              }
            divergence(estimator, linear.field(), {0.0}, x, got, workspace);
            const Wide roundings = Wide(size + vectors.size() + 2);
            found.add(std::vector<double>{got[0].value}, {{sum, terms, roundings * terms * roundoff}}, in.name);
          };
          std::vector<std::vector<T>> units(size, x);
          for (std::size_t n = 0; n < size; ++n) units[n][n] = T{1};
          add(ExactTrace{}, units, 1);
          const std::vector<std::vector<T>> given{probe.cond.values, probe.uncond.values, probe.x.values};
          GivenProbes<T> probes{{}, given.size()};
          for (const std::vector<T>& v : given) probes.given.push_back({v.data(), 1, size});
          add(probes, given, 3);
        }
      found.check("divergence", name);
    }
  });
}

TEST_CASE("law: the arithmetic of a likelihood errs by the roundings of its field, however many the steps") {
  for_each_type([&](auto type, const char* name) {
    using T = decltype(type);
    if constexpr (!std::is_same_v<T, half>) {
      Found found;
      for (const bool exploding : {false, true})
        for (const std::size_t steps : Sizes{20, 2000}) {
          const Gaussian data{exploding ? Kind::sample : Kind::flow, exploding};
          // One probe is exact: the field is diagonal.
          const LikelihoodOde ode{RungeKutta4{}, Hutchinson{1}, NormalPrior{exploding ? 10.0 : 1.0},
                                  exploding ? geometric_times(0.02, 10.0, steps) : even_times(0.0, 1.0, steps)};
          for (const Adversary& adversary : adversaries())
            for (const std::size_t size : Sizes{1, 2, 17}) {
              const Case<T> in(adversary, {1, size});
              LikelihoodWorkspace<T> workspace;
              std::vector<LogLikelihood> got;
              log_likelihood(ode, data.flow(), in.cond.view(), got, workspace);
              const std::string where = (exploding ? ", variance exploding, " : ", rectified flow, ") + std::to_string(steps);
              found.add(std::vector<double>{got[0].nats}, {exact(data, ode.prior.sigma, ode.times, in.cond.values)},
                        in.name + where + " steps");
            }
        }
      found.check("log p", name);
    }
  });
}
