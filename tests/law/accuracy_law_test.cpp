// SPDX-License-Identifier: MIT
#include <law/adversarial.hpp>
#include <law/condition.hpp>
#include <law/exact.hpp>
#include <law/methods.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace eigenguide;

namespace {

/// How far a call is from the exact result: its largest error as a share of the
/// largest number that is added up, and each element's as a share of its own.
struct Errors {
  double of_all = 0.0, of_each = 0.0;
  double slack = 0.0;  ///< and how far scalars in double may lead, as a share of that largest number
};

double worse(double a, double b) { return !(b <= a) ? b : a; }

template <class Matrix>
Errors errors_of(const Matrix& got, const ExactSum& exact) {
  using T = typename Matrix::Scalar;
  constexpr Wide least = (std::numeric_limits<T>::min)();  // beside which a float is rounded as if it were that large
  Wide most = 0, of_each = 0;
  for (std::size_t n = 0; n < exact.value.size(); ++n) {
    const Wide error = std::fabs(Wide(got(Eigen::Index(n))) - exact.value[n]);
    most = std::fmax(most, error);
    of_each = std::fmax(of_each, error / std::fmax(exact.terms[n], least));
  }
  return {double(most / std::fmax(largest(exact.terms), least)), double(of_each), 0.0};
}

template <class Matrix>
Inputs<WideVector> widened(const Inputs<Matrix>& in) {
  return in.map([](const Matrix& m) { return WideVector(m.data(), m.data() + m.size()); });
}
template <class First, class Second, class Matrix>
ExactCourse course_of(const First& first, const Second& second, const Inputs<Matrix>& in) {
  ExactCourse exact(widened(in));
  exact.follow(first, true);
  exact.follow(second, false);
  return exact;
}

/// Of two links.
template <class First, class Second, class Matrix>
Errors errors_of(const First& first, const Second& second, const Inputs<Matrix>& in) {
  const ExactSum exact = course_of(first, second, in).guided();
  Errors errors = errors_of(guided(first | second, in), exact);
  if constexpr (std::is_same_v<typename Matrix::Scalar, double>) {
    const Inputs<WideVector> wide = widened(in);
    errors.slack = double((slack_of(first, wide) + slack_of(second, wide)) / largest(exact.terms));
  }
  return errors;
}

/// The same of the next value of every state that they read, beside the result.
template <class First, class Second, class Matrix>
Errors errors_of_states(const First& first, const Second& second, const Inputs<Matrix>& in) {
  using Chained = decltype(first | second);
  const ExactCourse exact = course_of(first, second, in);
  const Advanced<Matrix> got = advanced(first | second, in);
  Errors errors = errors_of(got.guided, exact.guided());
  for (const Role state : Chained::Vectors::state_roles()) {
    const Errors of_next = errors_of(got.next[state_index(state)], exact.next(state));
    errors = {worse(errors.of_all, of_next.of_all), worse(errors.of_each, of_next.of_each), 0.0};
  }
  return errors;
}

/// Every tail, and one past each block of sums, besides `others`.
std::vector<Eigen::Index> sizes(std::vector<Eigen::Index> others) {
  for (const Eigen::Index block : {128, 8192}) others.push_back(block + 1);
  for (Eigen::Index size = 1; size <= 70; ++size) others.push_back(size);
  return others;
}

/// Holds `errors_of` hard inputs in T to ten roundings and their slack; of `each`
/// element by itself, or of all. Prints the largest errors and what share of the bound is used.
template <class T, class ErrorsOf>
void hold(const std::string& name, const std::vector<Eigen::Index>& all_sizes, bool each, const ErrorsOf& errors_of) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
  constexpr double ten = 10.0 * double(std::numeric_limits<T>::epsilon()) / 2.0;
  double used = 0.0;
  if (prints()) std::printf("%-24s", name.c_str());
  for (const Adversary& adversary : adversaries()) {
    double most = 0.0, most_used = -1.0;
    Eigen::Index worst = 0;
    for (const Eigen::Index size : all_sizes) {
      const auto in = adversarial_inputs(adversary, std::uint64_t(size), size);
      const Errors found = errors_of(in.map([](const Eigen::MatrixXf& m) { return Matrix(m.template cast<T>()); }));
      const double error = each ? found.of_each : found.of_all, share = error / (ten + found.slack);
      if (!(error <= most)) most = error;
      if (!(share <= most_used)) most_used = share, worst = size;
    }
    INFO(name << ", " << adversary.name << ", size " << worst);
    CHECK(most_used <= 1.0);
    used = std::fmax(used, most_used);
    if (prints()) std::printf(" %9.1e", most);
  }
  if (prints()) std::printf(" %4.0f %%\n", 100.0 * used);
}

/// Holds every method, after Cfg and, where it refines the difference, before it,
/// to ten roundings and, in double, its scalars' own; where weights are constant,
/// each element by itself.
template <class T>
void check(const std::vector<Eigen::Index>& all_sizes) {
  for_all_methods([&](const auto& listed) {
    using Method = std::decay_t<decltype(listed.configured)>;
    hold<T>(listed.name, all_sizes, is_constant<Method>,
            [&](const auto& in) { return errors_of(Cfg{4.0}, listed.configured, in); });
    if constexpr (refines_difference<Method>::value)
      hold<T>(listed.name + ", first", all_sizes, is_constant<Method>,
              [&](const auto& in) { return errors_of(listed.configured, Cfg{4.0}, in); });
  });
}

/// Every method that carries a state, after one that reads the data and before
/// Cfg, with the next value of its state.
template <class T>
void check_states(const std::vector<Eigen::Index>& all_sizes) {
  for_all_methods([&](const auto& listed) {
    using Method = std::decay_t<decltype(listed.configured)>;
    if constexpr (Method::Vectors::states > 0) {
      hold<T>(listed.name, all_sizes, false,
              [&](const auto& in) { return errors_of_states(CfgZeroStar{4.0}, listed.configured, in); });
      if constexpr (refines_difference<Method>::value)
        hold<T>(listed.name + ", first", all_sizes, is_constant<Method>,
                [&](const auto& in) { return errors_of_states(listed.configured, Cfg{4.0}, in); });
    }
  });
}

}  // namespace

TEST_CASE("law: on hard inputs every method is within ten roundings of the exact result") {
  check<float>(sizes({127, 128, 8191, 8192}));
}

TEST_CASE("law: so it is in double, but for scalars that lose digits where nothing is wider") {
  check<double>(sizes({127, 128}));
}

TEST_CASE("law: the next values of states are as close as the result") {
  check_states<float>(sizes({127, 128, 8191, 8192}));
  check_states<double>({1, 2, 17, 70, 129, 8193});
}

TEST_CASE("law: so is a result in a space that is large or small beside the predictions, whose products leave float") {
  using Matrix = Eigen::MatrixXf;
  const Level level = variance_exploding(1e-6);  // a score is epsilon, a million times as large
  const Space large{Kind::epsilon, Kind::score}, small{Kind::score, Kind::epsilon};
  for (const auto& [space, magnitude] : {std::pair{large, 1e-20}, {large, 1e-21}, {large, 3e-22}, {small, 1e-21}, {small, 1e21}})
    for (const Eigen::Index size : {1, 17, 129, 1000}) {
      const auto normal = normal_inputs<Matrix>(std::uint64_t(size), size, 1);
      const Inputs<Matrix> in{Matrix(float(magnitude) * normal.cond), Matrix(float(magnitude) * normal.uncond), {}};
      ExactCourse exact(widened(in));
      exact.follow(CfgZeroStar{7.5}, false);  // the same of its vectors times any number
      INFO((space.method == Kind::score ? "large, " : "small, ") << magnitude << ", size " << size);
      CHECK(errors_of(guided(CfgZeroStar{7.5}, space, level, normal.cond, in), exact.guided()).of_all <= 10.0 * 0x1p-24);
    }
}

TEST_CASE("law: so are a conversion, guidance in another space, and a step") {
  using Matrix = Eigen::MatrixXf;
  const Level at{0.8, 0.6}, to{0.9, 0.43588989435406735};
  const Wide alpha = at.alpha, sigma = at.sigma, one = alpha * alpha + sigma * sigma;
  const auto whole = [](const Matrix& m) { return ExactSum{WideVector(m.data(), m.data() + m.size()), WideVector(std::size_t(m.size()), Wide(0))}; };
  const auto mixed = [](Wide p, const ExactSum& x, Wide q, const ExactSum& v) {
    ExactSum sum = x;
    for (std::size_t n = 0; n < sum.value.size(); ++n) {
      sum.value[n] = p * x.value[n] + q * v.value[n];
      sum.terms[n] = std::fmax(std::fabs(p) * std::fmax(std::fabs(x.value[n]), x.terms[n]),
                               std::fabs(q) * std::fmax(std::fabs(v.value[n]), v.terms[n]));
    }
    return sum;
  };
  const auto x0_of = [&](const ExactSum& x, const ExactSum& v) { return mixed(alpha / one, x, -sigma / one, v); };
  const auto epsilon_of = [&](const ExactSum& x, const ExactSum& v) { return mixed(sigma / one, x, alpha / one, v); };
  const auto all_sizes = sizes({127, 128, 8191, 8192});
  const auto x_of = [](const auto& in) { return in.others[in.place(Role::momentum)]; };

  hold<float>("v as x0", all_sizes, true, [&](const auto& in) {
    Matrix out(in.cond.rows(), 1);
    convert(Conversion{Kind::v, Kind::sample}, at, x_of(in), in.cond, out);
    return errors_of(out, x0_of(whole(x_of(in)), whole(in.cond)));
  });
  hold<float>("cfg_zero_star in x0", all_sizes, false, [&](const auto& in) {
    const ExactSum x = whole(x_of(in));
    ExactCourse exact(Inputs<WideVector>{x0_of(x, whole(in.cond)).value, x0_of(x, whole(in.uncond)).value, {}});
    exact.follow(CfgZeroStar{7.5}, false);
    return errors_of(guided(CfgZeroStar{7.5}, Space{Kind::v, Kind::sample}, at, x_of(in), in),
                     mixed(alpha / sigma, x, -one / sigma, exact.guided()));
  });
  hold<float>("a step of cfg", all_sizes, true, [&](const auto& in) {
    Matrix out(in.cond.rows(), 1);
    step(Cfg{7.5}, Update{{Kind::v, Kind::v}}, at, to, x_of(in), in.cond, in.uncond, out);
    ExactCourse exact(widened(in));
    exact.follow(Cfg{7.5}, false);
    const ExactSum x = whole(x_of(in)), g = exact.guided();
    return errors_of(out, mixed(to.alpha, x0_of(x, g), to.sigma, epsilon_of(x, g)));
  });
}
