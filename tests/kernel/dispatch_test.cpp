// SPDX-License-Identifier: MIT
#include <eigenguide/kernel/dispatch.hpp>
#include <eigenguide/kernel/reference.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/targets.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
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

template <class T>
struct Sample {
  std::vector<T> cond, uncond, x, other, state;
  Sample(std::size_t size, double closeness, std::uint64_t seed) {
    Random random(seed);
    cond = random.normals<T>(size);
    uncond = random.normals<T>(size, closeness);
    x = random.normals<T>(size, 3.0);
    other = random.normals<T>(size);
    state = random.normals<T>(size);
    for (std::size_t i = 0; i < size; ++i) uncond[i] = cond[i] + uncond[i];
  }
  template <std::size_t count>
  Inputs<T, count> inputs(std::size_t offset = 0) const {
    const T* all[] = {cond.data() + offset, uncond.data() + offset, x.data() + offset, other.data() + offset,
                      state.data() + offset};
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
    std::vector<double> v{double(inputs[0][n]) + x};
    for (std::size_t j = 1; j < Basis::predictions; ++j) v.push_back(double(inputs[0][n]) - double(inputs[j][n]));
    for (std::size_t k = 0; k < Basis::states; ++k) v.push_back(double(inputs[Basis::predictions + k][n]));
    if (Basis::direct) v.push_back(double(inputs[1][n]) + x);
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
    const auto first = reduce<Basis, wide>(kernel::Target::portable, inputs, size, shift);
    for (std::size_t i = 0; i < Basis::sums; ++i) {
      INFO("size " << size << ", sum " << i);
      CHECK(std::abs(first[i] - expected[i]) <= bound * scale[i]);
    }
    for (const kernel::Target target : targets()) {
      INFO("size " << size << ", target " << int(target));
      CHECK(reduce<Basis, wide>(target, inputs, size, shift) == first);
    }
  }
}

template <class Form, class T>
void check_combine() {
  Weights<Form> weights;
  // Of every difference, of every term, and of the expected value itself.
  const double roundings = double(Form::differences + Form::terms + 1);
  const double some[] = {-2.25, 6.5, -1.375, 0.8125, 3.25, -0.75};
  for (std::size_t m = 0; m < Form::outputs; ++m) {
    weights.constant[m] = 0.375;
    for (std::size_t i = 0; i < Form::terms; ++i) weights.term[m][i] = (m == 0 ? 1.0 : -0.5) * some[i];
  }
  for (const std::size_t size : sizes()) {
    const Sample<T> sample(size, 0.1, 40 + size);
    const auto inputs = sample.template inputs<Form::inputs>();
    std::vector<T> expected[Form::outputs], first[Form::outputs], out[Form::outputs];
    Outputs<T, Form::outputs> to_expected, to_first, to;
    for (std::size_t m = 0; m < Form::outputs; ++m) {
      for (auto* values : {&expected[m], &first[m], &out[m]}) values->resize(size);
      to_expected[m] = expected[m].data(), to_first[m] = first[m].data(), to[m] = out[m].data();
    }
    reference::combine<Form>(inputs, weights, to_expected, size);
    combine<Form, T>(kernel::Target::portable, inputs, weights, to_first, size);
    double worst = 0.0;
    for (std::size_t n = 0; n < size; ++n) {
      // The largest that a partial sum may be.
      double largest = 0.375;
      for (const T* input : inputs) largest += 6.5 * std::abs(double(input[n]));
      if (Form::both) largest += 6.5 * std::abs(double(inputs[1][n]));
      for (std::size_t m = 0; m < Form::outputs; ++m)
        worst = std::fmax(worst, std::abs(double(first[m][n]) - double(expected[m][n])) / largest);
    }
    INFO("size " << size);
    CHECK(worst <= roundings * double(std::numeric_limits<T>::epsilon()) / 2);
    for (const kernel::Target target : targets()) {
      INFO("target " << int(target));
      combine<Form, T>(target, inputs, weights, to, size);
      for (std::size_t m = 0; m < Form::outputs; ++m) CHECK(out[m] == first[m]);
    }
  }
}

// Every third of `size` elements, as a lattice of rows and columns of which a
// mask leaves some out; and the same elements as a run.
struct Scattered {
  std::vector<std::size_t> offsets;
  std::vector<unsigned char> keep;
  Lattice lattice;
  bool keep_all;

  Scattered(std::size_t rows, std::size_t columns, bool masked) : keep(rows * columns, 1), keep_all(!masked) {
    if (masked)
      for (std::size_t i = 0; i < keep.size(); i += 4) keep[i] = 0;
    lattice.rank = 2;
    lattice.extent = {rows, columns};
    lattice.stride = {3 * columns + 1, 3};
    lattice.mask_stride = {columns, 1};
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < columns; ++column)
        if (keep[row * columns + column]) offsets.push_back(row * (3 * columns + 1) + column * 3);
  }
  Elements elements() const { return {offsets.size(), lattice, keep_all ? nullptr : keep.data()}; }
  template <class T>
  std::vector<T> taken(const T* from) const {
    std::vector<T> values;
    for (const std::size_t offset : offsets) values.push_back(from[offset]);
    return values;
  }
};

/// Eight of a chain of products, and one of each factor.
constexpr double ten_roundings = 10.0 * 0x1p-24;

}  // namespace

TEST_CASE("dispatch: sums of float products are within ten roundings") {
  check_reduce<Basis<2, false, false>, false, float>(ten_roundings);
  check_reduce<Basis<2, true, false>, false, float>(ten_roundings);
  check_reduce<Basis<2, false, true>, false, float>(ten_roundings);
  check_reduce<Basis<2, true, true>, false, float>(ten_roundings);
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

TEST_CASE("dispatch: further predictions and states are summed like the first two") {
  check_reduce<Basis<3, false, false>, false, float>(ten_roundings);
  check_reduce<Basis<3, true, true, false, 1>, false, float>(ten_roundings);
  check_reduce<Basis<3, true, true, true, 1>, true, float>(1e-14);
  check_reduce<Basis<2, false, false, true, 1>, true, float>(1e-14);
  check_reduce<Basis<2, true, true, false, 2>, false, double>(1e-14);
}

TEST_CASE("dispatch: combinations are right to one rounding a term") {
  check_combine<Form<0, 0>, float>();
  check_combine<Form<0, 1>, float>();
  check_combine<Form<1, 0>, float>();
  check_combine<Form<1, 0, true>, float>();
  check_combine<Form<1, 1>, float>();
  check_combine<Form<1, 1, true>, float>();
  check_combine<Form<2, 2, true>, float>();
  check_combine<Form<3, 0>, float>();
  check_combine<Form<1, 1, true>, double>();
}

TEST_CASE("dispatch: several outputs are the same as one by one") {
  check_combine<Form<1, 1, false, 2>, float>();
  check_combine<Form<1, 2, true, 2>, float>();
  check_combine<Form<1, 1, true, 3>, double>();
}

TEST_CASE("dispatch: a lattice has the bits of the same elements as a run") {
  using Vectors = Basis<2, true, true>;
  using Both = Form<1, 1, true, 2>;
  Weights<Both> weights;
  weights.constant = {0.25, -0.5};
  weights.term = {{{1.5, -2.25, 0.5, 3.0}, {-0.5, 1.25, 2.5, -0.125}}};
  for (const bool masked : {false, true})
    for (const std::size_t rows : {1u, 2u, 7u, 130u})
      for (const std::size_t columns : {1u, 5u, 16u, 129u}) {
        const Scattered some(rows, columns, masked);
        const Sample<float> sample(rows * (3 * columns + 1), 0.1, 5);
        const auto inputs = sample.inputs<3>();
        std::vector<float> run[3];
        for (std::size_t i = 0; i < 3; ++i) run[i] = some.taken(inputs[i]);
        const Inputs<float, 3> side_by_side{run[0].data(), run[1].data(), run[2].data()};
        INFO(rows << " rows, " << columns << " columns, masked " << masked);
        CHECK(reduce<Vectors, false, float>(best_target(), inputs, some.elements(), 0.5) ==
              reduce<Vectors, false, float>(best_target(), side_by_side, some.offsets.size(), 0.5));

        std::vector<float> out[2] = {sample.cond, sample.uncond}, want[2] = {run[0], run[1]};
        combine<Both, float>(best_target(), inputs, weights, {out[0].data(), out[1].data()}, some.elements());
        combine<Both, float>(best_target(), side_by_side, weights, {want[0].data(), want[1].data()},
                                    some.offsets.size());
        for (std::size_t m = 0; m < 2; ++m) {
          CHECK(some.taken(out[m].data()) == want[m]);
          // And what does not belong to it is not written.
          std::vector<float> restored = out[m];
          for (const std::size_t offset : some.offsets) restored[offset] = inputs[m][offset];
          CHECK(restored == (m == 0 ? sample.cond : sample.uncond));
        }
      }
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
    CHECK(reduce<Vectors, false, float>(best_target(), there, size, 0.5) ==
          reduce<Vectors, false, float>(best_target(), here, size, 0.5));
  }
}

TEST_CASE("dispatch: what goes past the cache has the same bits, wherever its outputs begin") {
  using Both = Form<1, 1, false, 2>;
  Weights<Both> weights;
  weights.constant = {0.25, -0.5};
  weights.term = {{{1.5, -2.25, 0.5}, {-0.5, 1.25, 2.5}}};
  const std::size_t size = 300;
  const Sample<float> sample(size, 0.1, 3);
  const auto inputs = sample.inputs<3>();
  Elements past_cache(size);
  past_cache.past_cache = true;
  std::vector<float> want[2] = {std::vector<float>(size), std::vector<float>(size)};
  combine<Both, float>(kernel::Target::portable, inputs, weights, {want[0].data(), want[1].data()}, size);
  for (const kernel::Target target : targets())
    for (std::size_t first = 0; first < 17; ++first)
      for (const std::size_t second : {first, std::size_t{0}, std::size_t{1}, std::size_t{4}}) {
        std::vector<float> out[2] = {std::vector<float>(size + 32, 9.0f), std::vector<float>(size + 32, 9.0f)};
        combine<Both, float>(target, inputs, weights, {out[0].data() + first, out[1].data() + second}, past_cache);
        const std::size_t begins[2] = {first, second};
        for (std::size_t m = 0; m < 2; ++m) {
          INFO("target " << int(target) << ", output " << m << " of " << first << " and " << second);
          std::vector<float> expected(size + 32, 9.0f);
          std::copy(want[m].begin(), want[m].end(), expected.begin() + std::ptrdiff_t(begins[m]));
          CHECK(out[m] == expected);
        }
      }
}

TEST_CASE("dispatch: the best target is one that this processor has") {
  CHECK(supports(best_target()));
  CHECK(supports(kernel::Target::portable));
}
