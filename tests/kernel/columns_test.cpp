// SPDX-License-Identifier: MIT
#include <eigenguide/core.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>
#include <support/targets.hpp>

#include <cstddef>
#include <limits>
#include <type_traits>
#include <vector>

using namespace eigenguide;

namespace {

// [2, 301, 89]: of 89 columns side by side 64 are taken together, then 16, and
// the rest one by one; 301 elements are two chains, two groups and a rest.
constexpr std::size_t samples = 2, rows = 301, channels = 89, size = rows * channels;

template <class T>
struct Tensor {
  std::vector<T> values;
  explicit Tensor(std::uint64_t seed) {
    Random random(seed);
    for (const float value : random.normals<float>(samples * size)) values.push_back(static_cast<T>(value));
  }
  BatchView<T> view() { return {values.data(), samples, size, size, Shape{{samples, rows, channels}, 3}}; }
  BatchView<const T> view() const { return {values.data(), samples, size, size, Shape{{samples, rows, channels}, 3}}; }
  T& at(std::size_t sample, std::size_t row, std::size_t channel) { return values[(sample * rows + row) * channels + channel]; }
};

template <class T>
bool same_bits(const Tensor<T>& a, const Tensor<T>& b) {
  return ::same_bits(a.values, b.values);
}

// A scale for each group, all the same: groups are then taken one by one.
const std::vector<double> each(channels, 5.0);

template <class T>
struct Step {
  Tensor<T> c{1}, u{2}, x{3}, m{4};
  std::vector<unsigned char> keep = std::vector<unsigned char>(samples * rows, 1);

  // Channels of every kind among the others.
  Step() {
    for (std::size_t row = 0; row < rows; ++row) {
      c.at(0, row, 3) = T(0.0f);                        // nothing
      c.at(1, row, 3) = T(-0.0f);
      u.at(0, row, 5) = c.at(0, row, 5);                // no difference
      c.at(1, row, 70) = static_cast<T>(static_cast<float>(c.at(1, row, 70)) * 1e-30f);
      u.at(1, row, 70) = static_cast<T>(static_cast<float>(u.at(1, row, 70)) * 1e-30f);
      u.at(1, row, 33) = c.at(1, row, 33);              // all of which agree: a copy, to AdaptiveGate
      u.at(1, row, 75) = static_cast<T>(static_cast<float>(c.at(1, row, 75)) * 1e-33f);  // a weight beyond floats', to CFG-Zero*
      c.at(1, row, 20) = static_cast<T>(1000.0f + static_cast<float>(row % 7));  // a spread far below the mean
    }
    c.at(0, 17, 40) = static_cast<T>(std::numeric_limits<float>::quiet_NaN());
    u.at(0, 300, 67) = static_cast<T>(std::numeric_limits<float>::infinity());
    for (std::size_t row = 200; row < rows; ++row) keep[rows + row] = 0;
  }
  BatchView<const unsigned char> mask_of() const { return {keep.data(), samples, rows, rows, Shape{{samples, rows}, 2}}; }
};

const Group group = per_channel("btc");

template <class T, class Method>
void check(const Method& method) {
  const Step<T> step;
  const auto guided = [&](const auto& bound) {
    Tensor<T> out(9);
    guide(bound, step.c.view(), step.u.view(), out.view());
    return out;
  };
  CHECK(same_bits(guided(with(method, group)), guided(with(method, group, scales(each)))));
  CHECK(same_bits(guided(with(method, group, mask(step.mask_of(), "bt"))),
                  guided(with(method, group, mask(step.mask_of(), "bt"), scales(each)))));
  const auto in_x0 = [&](const auto& bound) {
    Tensor<T> out = step.u;  // over an input
    guide(bound, Space{Kind::v, Kind::sample}, Level{0.8, 0.6}, step.x.view(), step.c.view(), out.view(), out.view());
    return out;
  };
  CHECK(same_bits(in_x0(with(method, group)), in_x0(with(method, group, scales(each)))));
}

// Groups side by side of two dimensions and a mask, in rows a little wider than they.
template <class Form, std::size_t columns, class T, class Out = T>
void check_combinations() {
  constexpr std::size_t slow = 3, fast = 71, stride = columns + 3, total = slow * fast * stride;
  std::vector<unsigned char> keep(slow * fast, 1);
  for (std::size_t n = 0; n < keep.size(); n += 5) keep[n] = 0;
  kernel::Lattice lattice;
  lattice.rank = 2;
  lattice.extent = {slow, fast};
  lattice.stride = {fast * stride, stride};
  lattice.mask_stride = {fast, 1};
  std::size_t kept = 0;
  for (const unsigned char one : keep) kept += one;
  const kernel::Elements elements(kept, lattice, keep.data());

  Random random(31);
  std::vector<std::vector<T>> values(Form::inputs);
  kernel::Inputs<T, Form::inputs> inputs;
  for (std::size_t i = 0; i < Form::inputs; ++i) {
    for (const float value : random.normals<float>(total)) values[i].push_back(static_cast<T>(value));
    inputs[i] = values[i].data();
  }
  std::vector<kernel::Weights<Form>> weights(columns);
  for (auto& column : weights)
    for (std::size_t m = 0; m < Form::outputs; ++m) {
      column.constant[m] = random.normal();
      for (double& weight : column.term[m]) weight = 3.0 * random.normal();
    }
  using Written = std::vector<std::vector<Out>>;
  const auto pointers = [](Written& out, std::size_t first) {
    kernel::Outputs<Out, Form::outputs> to;
    for (std::size_t m = 0; m < Form::outputs; ++m) to[m] = out[m].data() + first;
    return to;
  };
  const Written untaken(Form::outputs, std::vector<Out>(total, static_cast<Out>(9.0f)));

  Written one_by_one = untaken;
  for (std::size_t k = 0; k < columns; ++k) {
    auto from = inputs;
    for (const T*& input : from) input += k;
    kernel::combine<Form, T>(kernel::Target::portable, from, weights[k], pointers(one_by_one, k), elements);
  }
  for (const kernel::Target target : targets()) {
    Written together = untaken;
    kernel::combine_columns<Form, columns, T>(target, inputs, weights.data(), pointers(together, 0), elements);
    INFO(columns << " columns, target " << int(target));
    for (std::size_t m = 0; m < Form::outputs; ++m)
      CHECK(::same_bits(together[m], one_by_one[m]));
  }
  CHECK(static_cast<float>(one_by_one[0][stride - 1]) == 9.0f);
}

}  // namespace

TEST_CASE("columns: groups side by side have the bits of the same ones by themselves") {
  check<float>(Apg{5.0, 0.2, 2.5});
  check<float>(CfgZeroStar{5.0} | Rescale{0.7});
  check<float>(Cfg{5.0} | Renorm::capped());
  check<float>(Cfg{5.0} | AdaptiveGate{0.5});
  check<float>(Cfg{5.0} | AdaptiveGate{-1.0});  // a copy, of nearly all
  check<double>(CfgZeroStar{5.0} | Rescale{0.7});
  check<half>(Apg{5.0});
  check<bfloat16>(CfgZeroStar{5.0});
}

TEST_CASE("columns: states and reports are those of each group") {
  const Step<float> step;
  struct Result {
    Tensor<float> out{9}, next{10};
    std::vector<Diagnostics> reports = std::vector<Diagnostics>(samples * channels);
  };
  const auto run = [&](const auto& method, const auto&... more) {
    Result result;
    guide(with(method, momentum(step.m.view(), result.next.view()), group, report(result.reports), more...),
          step.c.view(), step.u.view(), result.out.view());
    return result;
  };
  const auto method = Momentum{-0.5} | Apg{5.0, 0.0, 2.5};
  const Result together = run(method), by_themselves = run(method, scales(each));
  CHECK(same_bits(together.out, by_themselves.out));
  CHECK(same_bits(together.next, by_themselves.next));
  const auto bits = [](double value) { return bits_of(is_nan(value) ? 0.125 : value); };
  for (std::size_t n = 0; n < together.reports.size(); ++n) {
    const Diagnostics &a = together.reports[n], &b = by_themselves.reports[n];
    CHECK(bits(a.scale) == bits(b.scale));
    CHECK(bits(a.relative_difference) == bits(b.relative_difference));
    CHECK(bits(a.cosine) == bits(b.cosine));
    CHECK(bits(a.zero_star) == bits(b.zero_star));
    CHECK(a.non_finite == b.non_finite);
  }
  CHECK(together.reports[40].non_finite == 1);
  CHECK(together.reports[67].non_finite == 1);
}

TEST_CASE("columns: a report counts further predictions of each group") {
  const Step<float> step;
  Tensor<float> p{5}, out{9};
  p.at(0, 2, 40) = p.at(0, 100, 41) = p.at(1, 300, 88) = std::numeric_limits<float>::infinity();
  std::vector<Diagnostics> found(samples * channels);
  guide(with(CfgZeroStar{5.0} | Perturbation{2.0}, perturbed(p.view()), group, report(found)), step.c.view(), step.u.view(), out.view());
  for (std::size_t n = 0; n < found.size(); ++n)
    CHECK(found[n].non_finite == (n == 40 ? 2 : n == 41 || n == 67 || n == channels + 88 ? 1 : 0));
}

TEST_CASE("columns: every target has the same sums, of whole chains, of more than one chunk, and of what is left") {
  using Vectors = kernel::Basis<2, false, true>;
  const auto check = [](auto columns, std::size_t count, std::size_t stride) {
    constexpr std::size_t beside = decltype(columns)::value;
    Random random(count);
    const auto c = random.normals<float>(count * stride), u = random.normals<float>(count * stride);
    kernel::Lattice lattice;
    lattice.rank = 1;
    lattice.extent = {count};
    lattice.stride = {stride};
    const kernel::Elements column(count, lattice);
    for (const kernel::Target target : targets()) {
      kernel::Sums<Vectors> sums[beside];
      const kernel::Inputs<float, 2> first{c.data(), u.data()};
      kernel::reduce_columns<Vectors, beside, float>(target, first, column, 0.0, sums);
      for (std::size_t k = 0; k < beside; ++k) {
        INFO(count << " rows, column " << k << ", target " << int(target));
        const kernel::Inputs<float, 2> at{first[0] + k, first[1] + k};
        CHECK(sums[k] == kernel::reduce<Vectors, false, float>(target, at, column, 0.0));
      }
    }
  };
  const std::integral_constant<std::size_t, kernel::few_columns> few;
  const std::integral_constant<std::size_t, kernel::many_columns> many;
  check(many, rows, channels);
  for (const std::size_t count : {128u, 256u, 8193u}) check(few, count, kernel::few_columns);
}

TEST_CASE("columns: every target writes the same combinations, and nothing beside them") {
  using kernel::Form, kernel::few_columns, kernel::many_columns;
  check_combinations<Form<1, 0>, few_columns, float>();
  check_combinations<Form<1, 1, true>, many_columns, float>();
  check_combinations<Form<2, 1, true, 2>, few_columns, float>();
  check_combinations<Form<1, 1>, few_columns, double>();
  check_combinations<Form<1, 0>, few_columns, half>();
  check_combinations<Form<1, 0>, few_columns, half, float>();
  check_combinations<Form<1, 0>, few_columns, bfloat16>();
}
