// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/dynamic_threshold.hpp>

#include <eigenguide/tensor/tensor.hpp>
#include <support/catch.hpp>
#include <support/spatial.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class T>
Spatial<T> thresholded(const DynamicThreshold& method, const Spatial<T>& x0) {
  Spatial<T> out = x0;
  std::fill(out.values.begin(), out.values.end(), T(9));
  threshold(method, x0.view(), out.view());
  return out;
}

template <class T>
Spatial<T> scaled(Spatial<T> tensor, double factor) {
  for (T& value : tensor.values) value = static_cast<T>(factor * static_cast<double>(value));
  return tensor;
}

/// The formula, for one sample.
std::vector<double> reference(const DynamicThreshold& method, const std::vector<double>& x0) {
  std::vector<double> lengths;
  for (const double value : x0) lengths.push_back(std::fabs(value));
  std::sort(lengths.begin(), lengths.end());
  const double h = method.percentile * static_cast<double>(lengths.size() - 1);
  const auto below = static_cast<std::size_t>(h);
  double q = lengths[below];
  if (below + 1 < lengths.size()) q += (h - static_cast<double>(below)) * (lengths[below + 1] - lengths[below]);
  q = std::min(std::max(q, 1.0), method.max);
  std::vector<double> out;
  for (const double value : x0) out.push_back(std::min(std::max(value, -q), q) / q);
  return out;
}

}  // namespace

TEST_CASE("DynamicThreshold: its formula, for percentiles and limits of every kind") {
  for (const std::size_t columns : Sizes{1, 2, 7, 50})
    for (const double percentile : {0.0, 0.5, 0.9, 0.995, 1.0})
      for (const double max : {0.5, 1.0, 1.5, 3.0, infinity})
        for (const double factor : {0.1, 1.0, 5.0}) {
          INFO(columns << " elements, percentile " << percentile << ", max " << max << ", data times " << factor);
          const Spatial<double> x0 = scaled(Spatial<double>({1, columns}, columns), factor);
          const DynamicThreshold method{percentile, max};
          CHECK(distance(thresholded(method, x0).values, reference(method, x0.values)) < 1e-15);
        }
}

TEST_CASE("DynamicThreshold: data within [-1, 1] stays, whatever the percentile") {
  Spatial<float> x0({2, 3, 5}, 1);
  for (float& value : x0.values) value = std::tanh(value);
  x0.values[0] = 1.0f;
  x0.values[1] = -1.0f;
  x0.values[2] = -0.0f;
  CHECK(thresholded(DynamicThreshold{}, x0).values == x0.values);
  CHECK(thresholded(DynamicThreshold{0.1, 2.0}, x0).values == x0.values);
  CHECK(thresholded(DynamicThreshold{1.0, 1.0}, x0).values == x0.values);
}

TEST_CASE("DynamicThreshold: a limit of 1 clips, one below scales up") {
  const Spatial<double> x0 = scaled(Spatial<double>({1, 40}, 2), 4.0);
  const Spatial<double> clipped = thresholded(DynamicThreshold{0.9, 1.0}, x0);
  const Spatial<double> scaled_up = thresholded(DynamicThreshold{0.9, 0.5}, x0);
  for (std::size_t k = 0; k < 40; ++k) {
    const double value = x0.values[k];
    CHECK(clipped.values[k] == std::clamp(value, -1.0, 1.0));
    CHECK(scaled_up.values[k] == 2.0 * std::clamp(value, -0.5, 0.5));
  }
}

TEST_CASE("DynamicThreshold: samples one by one, in place, of a used workspace, in float") {
  const Spatial<float> x0 = scaled(Spatial<float>({3, 2, 5, 7}, 3), 3.0);
  const DynamicThreshold method{0.93, 4.0};
  const Spatial<float> together = thresholded(method, x0);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(thresholded(method, x0.sample(i)).values == together.sample(i).values);

  Spatial<float> over = x0;
  Workspace workspace;
  Spatial<float> larger({2, 900}, 4);
  threshold(method, larger.view(), larger.view(), workspace);
  threshold(method, over.view(), over.view(), workspace);
  CHECK(over.values == together.values);

  Spatial<double> wide({3, 2, 5, 7});
  wide.values.assign(x0.values.begin(), x0.values.end());
  CHECK(distance(thresholded(method, wide).values, together.values) < 6e-8);  // half a unit of 1
}

TEST_CASE("DynamicThreshold: a sample that holds NaN or an infinity is NaN, and no other") {
  for (const double bad : {not_a_number, infinity, -infinity})
    for (const std::size_t at : Sizes{0, 9, 19}) {
      INFO(bad << " at " << at);
      Spatial<float> x0 = scaled(Spatial<float>({3, 20}, 5), 3.0);
      const Spatial<float> clean = thresholded(DynamicThreshold{}, x0);
      x0.values[20 + at] = static_cast<float>(bad);
      const Spatial<float> got = thresholded(DynamicThreshold{}, x0);
      CHECK(got.sample(0).values == clean.sample(0).values);
      CHECK(got.sample(2).values == clean.sample(2).values);
      for (std::size_t k = 20; k < 40; ++k) CHECK(is_nan(got.values[k]));
    }
}

TEST_CASE("DynamicThreshold: Eigen's tensors, as a new one") {
  Eigen::Tensor<double, 2> x0(10, 2);  // ColMajor: two samples of 10
  const Spatial<double> same = scaled(Spatial<double>({2, 10}, 6), 3.0);
  std::copy(same.values.begin(), same.values.end(), x0.data());
  const Eigen::Tensor<double, 2> got = threshold(DynamicThreshold{0.8}, x0);
  CHECK(std::vector<double>(got.data(), got.data() + got.size()) == thresholded(DynamicThreshold{0.8}, same).values);
}

TEST_CASE("DynamicThreshold: bad calls are rejected, and nothing is written") {
  const Spatial<float> x0 = scaled(Spatial<float>({2, 3, 4}, 7), 3.0), wrong({2, 4, 3}, 8);
  Spatial<float> out = x0, misshapen = wrong;
  const auto run = [&](const DynamicThreshold& method) { threshold(method, x0.view(), out.view()); };
  CHECK_REJECTS(run({not_a_number}), "`percentile` is nan; expected a number in [0, 1]");
  CHECK_REJECTS(run({-0.1}), "`percentile` is -0.1");
  CHECK_REJECTS(run({1.5}), "`percentile` is 1.5");
  CHECK_REJECTS(run({0.5, 0.0}), "`max` is 0; expected a positive number");
  CHECK_REJECTS(run({0.5, not_a_number}), "`max` is nan");
  CHECK_REJECTS(threshold(DynamicThreshold{}, x0.view(), misshapen.view()), "`out` is of shape [2, 4, 3]");
  CHECK(out.values == x0.values);
  CHECK(misshapen.values == wrong.values);
  Spatial<float> row({2, 10}, 9), before = row;
  const BatchView<float> from(row.values.data(), 1, 10, 10), to(row.values.data() + 5, 1, 10, 10);
  CHECK_REJECTS(threshold(DynamicThreshold{}, from, to), "`out` is partly in the memory of `x0`");
  CHECK(row.values == before.values);
  Spatial<float> none({0, 3}), flat({2, 0});
  threshold(DynamicThreshold{}, none.view(), none.view());
  threshold(DynamicThreshold{}, flat.view(), flat.view());
}
