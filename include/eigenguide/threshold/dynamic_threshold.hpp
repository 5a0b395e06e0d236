// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/workspace.hpp>
#include <eigenguide/threshold/quantile.hpp>

#include <cmath>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Dynamic thresholding: keeps predicted data in [−1, 1], sample by sample, by
/// scaling down what strong guidance has driven out.
///
///   q = min(max(quantile of |x₀|, 1), max)
///   x₀′ = clamp(x₀, −q, q) / q
///
/// With a `max` of 1 or more, data within [−1, 1] stays as it is. A sample that
/// holds NaN or infinities has no quantile, and is NaN.
///
/// Space   x₀, of pixels; latents have no bounds
/// Source  Saharia et al., arXiv:2205.11487, §2.3
struct DynamicThreshold {
  double percentile = 0.995;  ///< as a share, in [0, 1]
  double max = positive_infinity();  ///< greatest q; positive. Up to 1 it is every q

  void validate() const {
    require(percentile >= 0.0 && percentile <= 1.0, "percentile", percentile, "a number in [0, 1]");
    require(max > 0.0, "max", max, "a positive number");
  }
};

/// Thresholds a batch.
/// Inputs  x0         [samples, ...], predicted data
///         workspace  memory to work in; without it the call allocates its own
/// Output  out        of the shape of `x0`; may be exactly `x0`
/// Errors  a parameter out of its range, shapes that differ, an `out` that
///         overlaps `x0` partly; nothing has been written then
/// Cost    two passes and a selection in linear time; a workspace of a sample
template <class X0, class Out>
void threshold(const DynamicThreshold& method, const X0& x0, Out&& out, Workspace& workspace) {
  const auto from = view(x0);
  const auto to = view(out);
  using T = typename decltype(from)::Scalar;

  detail::require_tensors(to, detail::Named{"x0", from});
  method.validate();

  const std::size_t size = from.size();
  if (size == 0) return;
  double* const lengths = workspace.doubles(size);
  for (std::size_t i = 0; i < from.samples(); ++i) {
    const T* const source = from.sample(i);
    T* const target = to.sample(i);
    bool finite = true;
    for (std::size_t n = 0; n < size; ++n) {
      lengths[n] = std::fabs(static_cast<double>(source[n]));
      finite = finite && is_finite(lengths[n]);
    }
    if (!finite) {
      for (std::size_t n = 0; n < size; ++n) target[n] = static_cast<T>(quiet_nan());
      continue;
    }
    double q = quantile(lengths, size, method.percentile);
    q = q < 1.0 ? 1.0 : q;
    q = q > method.max ? method.max : q;
    for (std::size_t n = 0; n < size; ++n) {
      const double value = static_cast<double>(source[n]);
      target[n] = static_cast<T>(Real(value > q ? q : value < -q ? -q : value) / q);
    }
  }
}
template <class X0, class Out>
void threshold(const DynamicThreshold& method, const X0& x0, Out&& out) {
  Workspace workspace;
  threshold(method, x0, out, workspace);
}

/// The same, as a new tensor of the type of `x0`.
template <class X0>
auto threshold(const DynamicThreshold& method, const X0& x0) {
  auto out = ViewOf<X0>::like(x0);
  threshold(method, x0, out);
  return out;
}

}}  // namespace eigenguide
