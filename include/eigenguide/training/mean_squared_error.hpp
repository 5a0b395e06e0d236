// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/kernel/batch_view.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// A sum of squared errors, and the weight of the elements that it is over.
struct SquaredError {
  Real sum, count;

  SquaredError& operator+=(const SquaredError& other) {
    sum += other.sum;
    count += other.count;
    return *this;
  }
  /// Their mean; 0 of no elements.
  double mean() const { return count == 0.0 ? 0.0 : double(sum / count); }
};

namespace detail {

/// Of one sample; `weight(n)` is that of element n.
template <class T, class Weight>
SquaredError squared_error(const T* prediction, const T* target, std::size_t size, const Weight& weight) {
  SquaredError error;
  for (std::size_t n = 0; n < size; ++n) {
    const Real w = weight(n);
    if (w == 0.0) continue;
    const Real difference = Real(static_cast<double>(prediction[n])) - Real(static_cast<double>(target[n]));
    error += {w * difference * difference, w};
  }
  return error;
}

}  // namespace detail

/// The squared error of each sample, summed in double.
///
///   mean = Σ (prediction − target)² / size
///
/// Inputs  prediction, target  [samples, ...]
/// Errors  shapes that differ
/// Cost    one read of each
template <class Prediction, class Target>
std::vector<SquaredError> squared_errors(const Prediction& prediction, const Target& target) {
  const auto p = view(prediction);
  const auto t = view(target);
  using T = typename decltype(p)::Scalar;
  detail::require_same_shape("target", t, "prediction", p);
  std::vector<SquaredError> errors;
  errors.reserve(p.samples());
  for (std::size_t i = 0; i < p.samples(); ++i)
    errors.push_back(detail::squared_error<T>(p.sample(i), t.sample(i), p.size(), [](std::size_t) { return 1.0; }));
  return errors;
}

/// The same of what a padding mask leaves.
///
///   mean = Σ m (prediction − target)² / Σ m
///
/// Inputs  mask  [samples, m], m dividing the size of a sample: repeated over
///               the slower dimensions, as a [samples, 1, time] mask is over the
///               channels. Weights, finite and at least 0; where one is 0 the
///               elements are not read: padding may be anything
/// Errors  also a mask of other samples or that does not repeat so, or an entry
///         that is no weight
template <class Prediction, class Target, class Mask>
std::vector<SquaredError> squared_errors(const Prediction& prediction, const Target& target, const Mask& mask) {
  const auto p = view(prediction);
  const auto t = view(target);
  const auto m = view(mask);
  using T = typename decltype(p)::Scalar;
  detail::require_same_shape("target", t, "prediction", p);
  detail::require_mask("mask", m, "prediction", p);
  std::vector<SquaredError> errors;
  errors.reserve(p.samples());
  for (std::size_t i = 0; i < m.samples(); ++i)
    for (std::size_t n = 0; n < m.size(); ++n) {
      const double weight = static_cast<double>(m.sample(i)[n]);
      require(is_finite(weight) && weight >= 0.0, "mask", weight, "finite numbers, at least 0");
    }
  for (std::size_t i = 0; i < p.samples(); ++i) {
    const auto weight = [&](std::size_t n) { return static_cast<double>(m.sample(i)[n % m.size()]); };
    errors.push_back(detail::squared_error<T>(p.sample(i), t.sample(i), p.size(), weight));
  }
  return errors;
}

/// The mean over the elements of all samples: those of a longer sample count more.
/// Inputs  tensors  as of squared_errors
template <class... Tensors>
double mean_squared_error(const Tensors&... tensors) {
  SquaredError all;
  for (const SquaredError& error : squared_errors(tensors...)) all += error;
  return all.mean();
}

}}  // namespace eigenguide
