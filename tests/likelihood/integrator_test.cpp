// SPDX-License-Identifier: MIT
#include <eigenguide/likelihood/integrator.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

/// Σ bᵢ cᵢ^p = 1/(p + 1), and Σ bᵢ aᵢⱼ cⱼ = 1/6: a part of the order conditions.
template <class Solver>
void check_conditions(std::size_t order) {
  constexpr auto& t = Solver::tableau;
  for (std::size_t p = 0; p < order; ++p) {
    double sum = 0.0;
    for (std::size_t i = 0; i < t.stages; ++i) sum += t.b[i] * std::pow(t.c[i], static_cast<double>(p));
    CHECK(sum == Approx(1.0 / static_cast<double>(p + 1)).epsilon(1e-14));
  }
  double third = 0.0;
  for (std::size_t i = 0; i < t.stages; ++i) {
    double row = 0.0;
    for (std::size_t j = 0; j < i; ++j) {
      row += t.a[i][j];
      third += t.b[i] * t.a[i][j] * t.c[j];
    }
    CHECK(row == Approx(t.c[i]).margin(1e-14));
  }
  if (order >= 3) CHECK(third == Approx(1.0 / 6).epsilon(1e-14));
}

/// Slopes of a step of y′ = −2 t y² from t = 0.8 on the solution 1 / (1 + t²).
template <class Solver>
std::vector<double> slopes(double h) {
  constexpr auto& t = Solver::tableau;
  std::vector<double> k;
  for (std::size_t i = 0; i < t.stages; ++i) {
    double y = 1.0 / 1.64;
    for (std::size_t j = 0; j < i; ++j) y += h * t.a[i][j] * k[j];
    k.push_back(-2.0 * (0.8 + t.c[i] * h) * y * y);
  }
  return k;
}

/// By which power of h the error of one step falls.
template <class Solver>
double power() {
  const auto error = [](double h) {
    const std::vector<double> k = slopes<Solver>(h);
    double y = 1.0 / 1.64 - 1.0 / (1.0 + (0.8 + h) * (0.8 + h));
    for (std::size_t i = 0; i < k.size(); ++i) y += h * Solver::tableau.b[i] * k[i];
    return std::fabs(y);
  };
  return std::log2(error(0.05) / error(0.025));
}

}  // namespace

TEST_CASE("integrator: a step errs by the power of h that follows its order") {
  CHECK(power<Euler>() == Approx(2.0).margin(0.2));
  CHECK(power<Heun>() == Approx(3.0).margin(0.2));
  CHECK(power<RungeKutta4>() == Approx(5.0).margin(0.2));
  CHECK(power<DormandPrince>() == Approx(6.0).margin(0.2));
  const auto estimate = [](double h) {
    const std::vector<double> k = slopes<DormandPrince>(h);
    double sum = 0.0;
    for (std::size_t i = 0; i < k.size(); ++i) sum += h * DormandPrince::error[i] * k[i];
    return std::fabs(sum);
  };
  CHECK(std::log2(estimate(0.05) / estimate(0.025)) == Approx(5.0).margin(0.2));
}

TEST_CASE("integrator: the tableaus satisfy their order conditions") {
  check_conditions<Euler>(1);
  check_conditions<Heun>(2);
  check_conditions<RungeKutta4>(4);
  check_conditions<DormandPrince>(5);
  // b − b* is orthogonal to what both integrate exactly.
  for (std::size_t p = 0; p < 4; ++p) {
    double sum = 0.0;
    for (std::size_t i = 0; i < 7; ++i) sum += DormandPrince::error[i] * std::pow(DormandPrince::tableau.c[i], static_cast<double>(p));
    CHECK(sum == Approx(0.0).margin(1e-15));
  }
}

TEST_CASE("integrator: steps grow and shrink within bounds") {
  CHECK(DormandPrince::growth(0.0) == 10.0);
  CHECK(DormandPrince::growth(1.0) == 0.9);
  CHECK(DormandPrince::growth(std::numeric_limits<double>::infinity()) == 0.2);
  CHECK_REJECTS((DormandPrince{0.0, 0.0}.validate()), "`atol` is 0");
  CHECK_REJECTS((DormandPrince{-1.0, 0.0}.validate()), "`rtol` is -1");
  CHECK_REJECTS((DormandPrince{1.0, 1.0, 0}.validate()), "`max_steps` is 0");
}

TEST_CASE("integrator: even times have exact ends") {
  const auto times = even_times(0.1, 0.7, 3);
  REQUIRE(times.size() == 4);
  CHECK(times.front() == 0.1);
  CHECK(times[1] == Approx(0.3));
  CHECK(times.back() == 0.7);
  CHECK_REJECTS(even_times(0.0, 1.0, 0), "`steps` is 0");
  CHECK_REJECTS(even_times(0.0, 1.0, std::numeric_limits<std::size_t>::max()), "expected fewer than 1e9");
  CHECK_REJECTS(even_times(1.0, 1.0, 4), "`to` is 1");
  CHECK_REJECTS(even_times(-1e308, 1e308, 4), "`to` is 1e+308");
}
