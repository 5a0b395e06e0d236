// SPDX-License-Identifier: MIT
#include <eigenguide/likelihood/divergence.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

using namespace eigenguide;

namespace {

/// f(x) = A x with a matrix A for all samples, and vᵀ A.
struct LinearFlow {
  std::size_t size;
  std::vector<double> matrix;

  auto field() const {
    return with_vjp([this](const auto&, const auto& x, const auto& out) { multiply(x, out, false); },
                    [this](const auto&, const auto&, const auto& v, const auto& out) { multiply(v, out, true); });
  }
  template <class In, class Out>
  void multiply(const In& in, const Out& out, bool transposed) const {
    for (std::size_t i = 0; i < in.samples(); ++i)
      for (std::size_t r = 0; r < size; ++r) {
        out.sample(i)[r] = 0.0;
        for (std::size_t c = 0; c < size; ++c)
          out.sample(i)[r] += matrix[transposed ? c * size + r : r * size + c] * in.sample(i)[c];
      }
  }
};

}  // namespace

TEST_CASE("divergence: exact it is the trace, and estimates scatter around it as their variance says") {
  Random random(5);
  const std::size_t size = 6, samples = 400;
  const LinearFlow linear{size, random.normals<double>(size * size)};
  const std::vector<double> x(samples * size, 0.5), t(samples, 0.0);
  const BatchView<const double> batch(x.data(), samples, size);
  LikelihoodWorkspace<double> workspace;
  std::vector<Estimate> found;

  double trace = 0.0, off = 0.0, all = 0.0;
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t c = 0; c < size; ++c) {
      const double both = std::pow(linear.matrix[r * size + c] + linear.matrix[c * size + r], 2);
      all += both;
      if (r == c) trace += linear.matrix[r * size + c];
      else off += both;
    }

  divergence(ExactTrace{}, linear.field(), t, batch, found, workspace);
  CHECK(found[0].value == Approx(trace));
  CHECK(found[0].standard_error == 0.0);

  // Every sample has probes of its own, so these are 400 estimates of one trace.
  for (const Distribution distribution : {Distribution::rademacher, Distribution::gaussian})
    for (const std::size_t k : {4u, 16u, 64u}) {
      divergence(Hutchinson{k, distribution, 11}, linear.field(), t, batch, found, workspace);
      double mean = 0.0, squares = 0.0, reported = 0.0;
      for (const Estimate& one : found) {
        mean += one.value / samples;
        squares += std::pow(one.value - trace, 2) / samples;
        reported += std::pow(one.standard_error, 2) / samples;
      }
      const double variance = (distribution == Distribution::rademacher ? off : all) / (2.0 * static_cast<double>(k));
      CHECK(std::fabs(mean - trace) < 4.0 * std::sqrt(variance / samples));
      CHECK(squares == Approx(variance).epsilon(0.3));  // four of its standard errors, √(2/400)
      CHECK(reported == Approx(variance).epsilon(0.3));
    }
}

TEST_CASE("divergence: the error of one probe is unknown") {
  const LinearFlow linear{2, {1.0, 2.0, 3.0, 4.0}};
  LikelihoodWorkspace<double> workspace;
  std::vector<Estimate> found;
  divergence(Hutchinson{}, linear.field(), {0.0}, std::vector<double>{1.0, 2.0}, found, workspace);
  CHECK(std::isinf(found[0].standard_error));
  CHECK((found[0].value == Approx(0.0) || found[0].value == Approx(10.0)));  // 5 ± 5
}

TEST_CASE("divergence: finite differences err by h²/6 of the third derivative, and by rounding over h") {
  const auto f = [](const auto&, const auto& x, const auto& out) {
    for (std::size_t n = 0; n < x.size(); ++n) out.data()[n] = std::sin(x.data()[n]);
  };
  const std::vector<double> x{0.3, -1.1, 2.0};
  double exact = 0.0, third = 0.0;
  for (const double value : x) {
    exact += std::cos(value);
    third -= std::cos(value);
  }
  LikelihoodWorkspace<double> workspace;
  std::vector<Estimate> found;
  const auto error = [&](double h) {
    divergence(ExactTrace{}, finite_differences(f, h), {0.0}, x, found, workspace);
    return found[0].value - exact;
  };
  CHECK(error(0.1) == Approx(0.01 / 6 * third).epsilon(0.01));
  CHECK(error(0.05) == Approx(0.0025 / 6 * third).epsilon(0.01));
  CHECK(std::fabs(error(0.0)) < 1e-9);
  CHECK(std::fabs(error(1e-10)) < 3.0 * 2.3e-16 / 1e-10);
  CHECK_REJECTS(error(-1.0), "`h` is -1");

  const std::vector<float> narrow(x.begin(), x.end());
  LikelihoodWorkspace<float> in_float;
  divergence(ExactTrace{}, finite_differences(f), {0.0}, narrow, found, in_float);
  CHECK(std::fabs(found[0].value - exact) < 3e-4);
}

TEST_CASE("divergence: bad calls are rejected") {
  const LinearFlow linear{2, {1.0, 2.0, 3.0, 4.0}};
  LikelihoodWorkspace<double> workspace;
  std::vector<Estimate> found(1);
  const std::vector<double> x{1.0, 2.0};
  CHECK_REJECTS(divergence(ExactTrace{}, linear.field(), {0.0, 1.0}, x, found, workspace), "`t` is 2");
  CHECK_REJECTS(divergence(Hutchinson{0}, linear.field(), {0.0}, x, found, workspace), "`probes` is 0");
  CHECK_REJECTS(divergence(ExactTrace{}, linear.field(), {0.0}, std::vector<double>{1.0, NAN}, found, workspace),
                "`x` is nan in sample 0");
}
