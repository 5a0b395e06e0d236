// SPDX-License-Identifier: MIT
#include <law/adversarial.hpp>
#include <law/exact.hpp>
#include <law/methods.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

/// The largest error of a call, as a share of the largest number that is added
/// up in it, or of the smallest normal float.
template <class Method, class Matrix>
double error_of(const Method& method, const Inputs<Matrix>& in) {
  ExactCourse exact(in.map([](const Matrix& m) { return WideVector(m.data(), m.data() + m.size()); }));
  exact.follow(Cfg{4.0}, true);
  exact.follow(method, false);
  const Matrix got = guided(Cfg{4.0} | method, in);
  Wide most = 0;
  for (Eigen::Index n = 0; n < got.size(); ++n)
    most = std::fmax(most, std::fabs(Wide(got(n)) - exact.guided()[std::size_t(n)]));
  return double(most / std::fmax(exact.terms(), Wide((std::numeric_limits<float>::min)())));
}

/// Every tail, and one past each block of sums.
std::vector<Eigen::Index> sizes() {
  std::vector<Eigen::Index> all{127, 128, 129, 8191, 8192, 8193};
  for (Eigen::Index size = 1; size <= 70; ++size) all.push_back(size);
  return all;
}

/// With EIGENGUIDE_PRINT in the environment the test prints what it measures: docs/numerics.md has it.
bool prints() { return std::getenv("EIGENGUIDE_PRINT") != nullptr; }

template <class T>
void check(double bound) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
  for_all_methods([&](const auto& listed) {
    if (prints()) std::printf("%-24s", listed.name.c_str());
    for (const Adversary& adversary : adversaries()) {
      double most = 0.0;
      Eigen::Index worst = 0;
      for (const Eigen::Index size : sizes()) {
        const auto in = adversarial_inputs(adversary, std::uint64_t(size), size);
        const double error = error_of(listed.configured, in.map([](const Eigen::MatrixXf& m) { return Matrix(m.template cast<T>()); }));
        if (!(error <= most)) most = error, worst = size;
      }
      INFO(listed.name << ", " << adversary.name << ", size " << worst);
      CHECK(most <= bound);
      if (prints()) std::printf(" %9.1e", most);
    }
    if (prints()) std::printf("\n");
  });
}

}  // namespace

TEST_CASE("law: on hard inputs every method is within ten roundings of the exact result") {
  check<float>(10.0 * 0x1p-24);
}
