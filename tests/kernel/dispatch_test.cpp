// SPDX-License-Identifier: MIT
#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/kernel/reference.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

using namespace eigenguide;
using namespace eigenguide::kernel;

namespace {

// Every tail of a group and of a chain, and both sides of every boundary.
std::vector<std::size_t> sizes() {
  std::vector<std::size_t> all;
  for (std::size_t n = 0; n <= 150; ++n) all.push_back(n);
  for (const std::size_t n : {8191u, 8192u, 8193u, 16384u + 17u, 100000u}) all.push_back(n);
  return all;
}

std::vector<Target> targets() {
  std::vector<Target> all;
  for (const Target target : {Target::portable, Target::avx2, Target::avx512})
    if (supports(target)) all.push_back(target);
  return all;
}

template <class T>
struct Sample {
  std::vector<T> cond, uncond, x;
  Sample(std::size_t size, double closeness, std::uint64_t seed) {
    Random random(seed);
    cond = random.normals<T>(size);
    uncond = random.normals<T>(size, closeness);
    x = random.normals<T>(size, 3.0);
    for (std::size_t i = 0; i < size; ++i) uncond[i] = cond[i] + uncond[i];
  }
  template <std::size_t count>
  Inputs<T, count> inputs(std::size_t offset = 0) const {
    const T* all[] = {cond.data() + offset, uncond.data() + offset, x.data() + offset};
    Inputs<T, count> some{};
    for (std::size_t i = 0; i < count; ++i) some[i] = all[i];
    return some;
  }
};

// Σ|vᵢ vⱼ|, what the bound of a sum is relative to.
template <class Basis, class T>
Sums<Basis> magnitudes(const Inputs<T, Basis::inputs>& inputs, std::size_t size, double shift) {
  Sums<Basis> total{};
  for (std::size_t n = 0; n < size; ++n) {
    const double x = Basis::shifted ? shift * double(inputs[Basis::inputs - 1][n]) : 0.0;
    const double c = double(inputs[0][n]), u = double(inputs[1][n]);
    const double v[] = {c + x, c - u, u + x};
    std::size_t next = 0;
    for (std::size_t i = 0; i < Basis::formed; ++i)
      for (std::size_t j = i; j < Basis::formed; ++j) total[next++] += std::abs(v[i] * v[j]);
    if (Basis::ones)
      for (std::size_t i = 0; i < Basis::formed; ++i) total[next++] += std::abs(v[i]);
  }
  return total;
}

template <class Basis, bool wide, class T>
void check_reduce(double bound) {
  for (const std::size_t size : sizes()) {
    const Sample<T> sample(size, 0.1, 17 + size);
    const auto inputs = sample.template inputs<Basis::inputs>();
    const double shift = -1.75;  // exact in float
    const auto expected = reference::reduce<Basis>(inputs, size, shift);
    const auto scale = magnitudes<Basis>(inputs, size, shift);
    const auto first = reduce<Basis, wide>(Target::portable, inputs, size, shift);
    for (std::size_t i = 0; i < Basis::sums; ++i) {
      INFO("size " << size << ", sum " << i);
      CHECK(std::abs(first[i] - expected[i]) <= bound * scale[i]);
    }
    for (const Target target : targets()) {
      INFO("size " << size << ", target " << int(target));
      CHECK(reduce<Basis, wide>(target, inputs, size, shift) == first);
    }
  }
}

template <class Form, class T, bool wide = false>
void check_combine() {
  Weights<Form> weights;
  weights.constant = 0.375;
  const double some[] = {-2.25, 6.5, -1.375, 0.8125};
  for (std::size_t i = 0; i < Form::terms; ++i) weights.term[i] = some[i];

  for (const std::size_t size : sizes()) {
    const Sample<T> sample(size, 0.1, 40 + size);
    const auto inputs = sample.template inputs<Form::inputs>();
    std::vector<T> expected(size), first(size), out(size);
    reference::combine<Form>(inputs, weights, expected.data(), size);
    combine<Form, wide>(Target::portable, inputs, weights, first.data(), size);
    double worst = 0.0;
    for (std::size_t n = 0; n < size; ++n) {
      // One rounding for each term, relative to the largest.
      const double largest = 0.375 + 2.25 * std::abs(double(sample.cond[n])) +
                             7.875 * (std::abs(double(sample.cond[n])) + std::abs(double(sample.uncond[n]))) +
                             7.3125 * std::abs(double(sample.x[n]));
      worst = std::fmax(worst, std::abs(double(first[n]) - double(expected[n])) / largest);
    }
    INFO("size " << size);
    CHECK(worst <= double(std::numeric_limits<T>::epsilon()));
    for (const Target target : targets()) {
      INFO("target " << int(target));
      combine<Form, wide>(target, inputs, weights, out.data(), size);
      CHECK((size == 0 || std::memcmp(out.data(), first.data(), size * sizeof(T)) == 0));
    }
  }
}

}  // namespace

TEST_CASE("dispatch: sums of float products are within eight roundings") {
  check_reduce<Basis<2, false, false>, false, float>(5e-7);
  check_reduce<Basis<2, true, false>, false, float>(5e-7);
  check_reduce<Basis<2, false, true>, false, float>(5e-7);
  check_reduce<Basis<2, true, true>, false, float>(5e-7);
}

TEST_CASE("dispatch: sums of double products are right to the last digits") {
  check_reduce<Basis<2, false, true, true>, true, float>(1e-14);
  check_reduce<Basis<2, true, true, true>, true, float>(1e-14);
  check_reduce<Basis<2, true, true, true>, false, double>(1e-14);
  check_reduce<Basis<2, false, true>, true, float>(1e-14);
  check_reduce<Basis<2, true, true>, true, float>(1e-14);
  check_reduce<Basis<2, false, true>, false, double>(1e-14);
  check_reduce<Basis<2, true, true>, false, double>(1e-14);
}

TEST_CASE("dispatch: combinations are right to one rounding a term") {
  check_combine<Form<1, false, false, false>, float>();
  check_combine<Form<1, false, false, true>, float>();
  check_combine<Form<2, true, false, false>, float>();
  check_combine<Form<2, false, true, false>, float>();
  check_combine<Form<2, true, true, false>, float>();
  check_combine<Form<2, true, false, true>, float>();
  check_combine<Form<2, false, true, true>, float>();
  check_combine<Form<2, true, true, true>, float>();
  check_combine<Form<2, true, true, true>, double>();
  check_combine<Form<2, true, true, true>, float, true>();
}

TEST_CASE("dispatch: alignment changes no bit") {
  const std::size_t size = 1000;
  const Sample<float> sample(size + 16, 0.1, 3);
  for (std::size_t offset = 0; offset < 16; ++offset) {
    std::vector<float> moved[3];
    const auto there = sample.inputs<3>(offset);
    for (std::size_t i = 0; i < 3; ++i) moved[i].assign(there[i], there[i] + size);
    const Inputs<float, 3> here{moved[0].data(), moved[1].data(), moved[2].data()};
    using Vectors = Basis<2, true, true>;
    CHECK(reduce<Vectors, false>(best_target(), there, size, 0.5) ==
          reduce<Vectors, false>(best_target(), here, size, 0.5));
  }
}

TEST_CASE("dispatch: the best target is one that this processor has") {
  CHECK(supports(best_target()));
  CHECK(supports(Target::portable));
}
