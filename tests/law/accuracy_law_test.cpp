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
#include <vector>

using namespace eigenguide;

namespace {

/// How far a call is from the exact result: its largest error as a share of the
/// largest number that is added up, and each element's as a share of its own.
struct Errors {
  double of_all = 0.0, of_each = 0.0;
  double slack = 0.0;  ///< and how far scalars in double may lead, as a share of that largest number
};

template <class Matrix>
Errors errors_of(const Matrix& got, const ExactCourse& exact) {
  using T = typename Matrix::Scalar;
  constexpr Wide least = (std::numeric_limits<T>::min)();  // beside which a float is rounded as if it were that large
  Wide most = 0, of_each = 0;
  for (std::size_t n = 0; n < exact.guided().size(); ++n) {
    const Wide error = std::fabs(Wide(got(Eigen::Index(n))) - exact.guided()[n]);
    most = std::fmax(most, error);
    of_each = std::fmax(of_each, error / std::fmax(exact.terms()[n], least));
  }
  return {double(most / std::fmax(largest(exact.terms()), least)), double(of_each), 0.0};
}

/// Of two links.
template <class First, class Second, class Matrix>
Errors errors_of(const First& first, const Second& second, const Inputs<Matrix>& in) {
  const Inputs<WideVector> wide = in.map([](const Matrix& m) { return WideVector(m.data(), m.data() + m.size()); });
  ExactCourse exact(wide);
  exact.follow(first, true);
  exact.follow(second, false);
  Errors errors = errors_of(guided(first | second, in), exact);
  if constexpr (std::is_same_v<typename Matrix::Scalar, double>)
    errors.slack = double((slack_of(first, wide) + slack_of(second, wide)) / largest(exact.terms()));
  return errors;
}

/// Every tail, and one past each block of sums, besides `others`.
std::vector<Eigen::Index> sizes(std::vector<Eigen::Index> others) {
  for (const Eigen::Index block : {128, 8192}) others.push_back(block + 1);
  for (Eigen::Index size = 1; size <= 70; ++size) others.push_back(size);
  return others;
}

/// Holds every method, after Cfg and, where it refines the difference, before it,
/// to ten roundings and, in double, its scalars' own; where weights are constant,
/// each element by itself. Prints the largest errors and, in double, what share of
/// the bound is used.
template <class T>
void check(const std::vector<Eigen::Index>& all_sizes) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
  constexpr double ten = 10.0 * double(std::numeric_limits<T>::epsilon()) / 2.0;
  for_all_methods([&](const auto& listed) {
    using Method = std::decay_t<decltype(listed.configured)>;
    const auto measure = [&](const std::string& name, const auto& errors) {
      if (prints()) std::printf("%-24s", name.c_str());
      double used = 0.0;
      for (const Adversary& adversary : adversaries()) {
        double most = 0.0, most_used = -1.0;
        Eigen::Index worst = 0;
        for (const Eigen::Index size : all_sizes) {
          const auto in = adversarial_inputs(adversary, std::uint64_t(size), size);
          const Errors found = errors(in.map([](const Eigen::MatrixXf& m) { return Matrix(m.template cast<T>()); }));
          const double error = is_constant<Method> ? found.of_each : found.of_all, share = error / (ten + found.slack);
          if (!(error <= most)) most = error;
          if (!(share <= most_used)) most_used = share, worst = size;
        }
        INFO(name << ", " << adversary.name << ", size " << worst);
        CHECK(most_used <= 1.0);
        used = std::fmax(used, most_used);
        if (prints()) std::printf(" %9.1e", most);
      }
      if (prints()) std::printf(" %4.0f %%\n", 100.0 * used);
    };
    measure(listed.name, [&](const auto& in) { return errors_of(Cfg{4.0}, listed.configured, in); });
    if constexpr (refines_difference<Method>::value)
      measure(listed.name + ", first", [&](const auto& in) { return errors_of(listed.configured, Cfg{4.0}, in); });
  });
}

}  // namespace

TEST_CASE("law: on hard inputs every method is within ten roundings of the exact result") {
  check<float>(sizes({127, 128, 8191, 8192}));
}

TEST_CASE("law: so it is in double, but for scalars that lose digits where nothing is wider") {
  check<double>(sizes({127, 128}));
}
