// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/spectral/convolution.hpp>
#include <eigenguide/guide/workspace.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Gaussian blur of the last two dimensions, as Self-Attention Guidance
/// degrades what the model attends to.
///
///   out[i, j] = Σ w_k w_l x[i + k, j + l],  |k|, |l| ≤ (kernel_size − 1) / 2
///   w_k = exp(−k² / 2σ²) / Σ exp(−l² / 2σ²)
///
/// Beyond a border x is mirrored about its last element, as often as the kernel
/// reaches: any kernel fits any size, and a side of 1 stays as it is. At σ = 0
/// the kernel is its middle: out = x.
///
/// Source  Hong, Lee, Jang, Kim, arXiv:2210.00939
struct GaussianBlur {
  std::size_t kernel_size = 1;  ///< elements along a side; odd, below 2²⁴: the taps are memory too. 1 changes nothing
  double sigma = 1.0;           ///< σ, in elements; at least 0

  void validate() const {
    // Taps and mirrored ends are then at most 256 MiB: no sum of sizes wraps, of 32 bits either.
    require(kernel_size % 2 == 1 && kernel_size < std::size_t{1} << 24, "kernel_size", static_cast<double>(kernel_size),
            "an odd number below 2^24");
    require(is_finite(sigma) && sigma >= 0.0, "sigma", sigma, "a finite number of at least 0");
  }

  std::size_t radius() const { return kernel_size / 2; }

  /// Sets the `kernel_size` taps w_k.
  void kernel(double* taps) const {
    Real sum;
    for (std::size_t i = 0; i < kernel_size; ++i) {
      const double distance = static_cast<double>(i < radius() ? radius() - i : i - radius());
      const Real deviations = distance == 0.0 ? Real(0.0) : Real(distance) / sigma;
      const bool reached = distance == 0.0 || distance < 40.0 * sigma;  // exp(−800) is 0
      taps[i] = reached ? static_cast<double>(exp(-0.5 * deviations * deviations)) : 0.0;
      sum += taps[i];
    }
    for (std::size_t i = 0; i < kernel_size; ++i) taps[i] = static_cast<double>(taps[i] / sum);
  }
};

/// Blurs every plane of `x`.
///
///   blur(GaussianBlur{9, 2.0}, x, out, workspace);
///
/// Inputs  x          [samples, ..., rows, columns], of three dimensions or more
///         workspace  memory to work in; without it the call allocates its own
/// Output  out        of the shape of `x`; may be exactly `x`
/// Errors  a kernel_size that is even or too large, a negative or infinite σ,
///         shapes that differ or are not known, an `out` that overlaps `x`
///         partly; nothing has been written then
/// Cost    2 · kernel_size multiplications an element; a workspace of two planes
///         of doubles
/// Accuracy  sums in double, one rounding at the end
template <class X, class Out>
void blur(const GaussianBlur& method, const X& x, Out&& out, Workspace& workspace) {
  const auto from = view(x);
  const auto to = view(out);
  using T = typename decltype(from)::Scalar;

  detail::require_tensors(to, detail::Named{"x", from});
  const detail::Planes planes = detail::planes_of("x", from);
  method.validate();

  const std::size_t area = planes.extents.area(), radius = method.radius();
  if (from.size() == 0) return;
  double* const taps =
      workspace.doubles(method.kernel_size + area + detail::convolution_scratch(planes.extents, radius));
  double* const plane = taps + method.kernel_size;
  method.kernel(taps);
  for (std::size_t i = 0; i < from.samples(); ++i)
    for (std::size_t p = 0; p < planes.count; ++p) {
      const T* const source = from.sample(i) + p * area;
      T* const target = to.sample(i) + p * area;
      for (std::size_t k = 0; k < area; ++k) plane[k] = static_cast<double>(source[k]);
      detail::convolve(plane, planes.extents, taps, radius, plane + area);
      for (std::size_t k = 0; k < area; ++k) target[k] = static_cast<T>(plane[k]);
    }
}
template <class X, class Out>
void blur(const GaussianBlur& method, const X& x, Out&& out) {
  Workspace workspace;
  blur(method, x, out, workspace);
}

/// The same, as a new tensor of the type of `x`.
template <class X>
auto blur(const GaussianBlur& method, const X& x) {
  auto out = ViewOf<X>::like(x);
  blur(method, x, out);
  return out;
}

}}  // namespace eigenguide
