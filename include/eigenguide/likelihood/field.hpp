// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/kernel/batch_view.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// A vector field dx/dt = f(x, t) as log_likelihood and divergence take it: f
// itself, and vᵀ J v of its Jacobian J = ∂f/∂x. Times are one for each sample,
// since every sample may have steps of its own.

/// Room for three batches, which a field works in.
template <class T>
using FieldRoom = BatchView<T>[3];

/// A field with its vector–Jacobian product, as reverse-mode differentiation
/// gives it.
///
///   f(t, x, out)       out = f(x, t)
///   vjp(t, x, v, out)  out = vᵀ J at the t and x of the last call of f, whose
///                      inner values it may use
///
/// Inputs  t    [samples], std::vector<double>
///         x, v [samples, ...], BatchView<const T>
/// Output  out  [samples, ...], BatchView<T>
template <class F, class Vjp>
struct WithVjp {
  F f;
  Vjp vjp;

  template <class T>
  void operator()(const std::vector<double>& t, const BatchView<const T>& x, const BatchView<T>& out) {
    f(t, x, out);
  }

  /// vᵀ J v of every sample.
  template <class T>
  void quadratic(const std::vector<double>& t, const BatchView<const T>& x, const BatchView<const T>& v,
                 const FieldRoom<T>& room, std::vector<double>& form) {
    vjp(t, x, v, room[0]);
    for (std::size_t i = 0; i < x.samples(); ++i) {
      double sum = 0.0;
      for (std::size_t n = 0; n < x.size(); ++n)  // not of padding, which may be anything
        if (!(v.sample(i)[n] >= T{0} && v.sample(i)[n] <= T{0}))
          sum += static_cast<double>(room[0].sample(i)[n]) * static_cast<double>(v.sample(i)[n]);
      form[i] = sum;
    }
  }
};
template <class F, class Vjp>
WithVjp<F, Vjp> with_vjp(F f, Vjp vjp) {
  return {std::move(f), std::move(vjp)};
}

/// A field whose derivatives nobody has: two more evaluations for each probe.
///
///   vᵀ J v ≈ vᵀ (f(x + h v) − f(x − h v)) / 2h
///
/// Its error is at most h²/6 times the third derivative of vᵀf(x + s v) by s
/// within ±h, and ε ‖v‖ ‖f‖ / h of rounding, where ε is that of the model's
/// arithmetic (6e-8 of a float). The default, ∛ε, balances them where f and its
/// derivatives are of order 1: about 1e-4 per element in float, 1e-10 in double.
///
/// Inputs  h  in units of x; positive. 0 is the default ∛ε max(1, rms(x))
template <class F>
struct FiniteDifferences {
  F f;
  double h = 0.0;

  template <class T>
  void operator()(const std::vector<double>& t, const BatchView<const T>& x, const BatchView<T>& out) {
    f(t, x, out);
  }

  /// Errors: an h that is negative or not finite
  template <class T>
  void quadratic(const std::vector<double>& t, const BatchView<const T>& x, const BatchView<const T>& v,
                 const FieldRoom<T>& room, std::vector<double>& form) {
    require(is_finite(h) && h >= 0.0, "h", h, "a positive number, or 0 for the default");
    for (std::size_t i = 0; i < x.samples(); ++i) moved(x.sample(i), v.sample(i), step(x, v, i), x.size(), room[0].sample(i));
    f(t, BatchView<const T>(room[0]), room[1]);
    for (std::size_t i = 0; i < x.samples(); ++i) moved(x.sample(i), v.sample(i), -step(x, v, i), x.size(), room[0].sample(i));
    f(t, BatchView<const T>(room[0]), room[2]);
    for (std::size_t i = 0; i < x.samples(); ++i) {
      double sum = 0.0;
      for (std::size_t n = 0; n < x.size(); ++n) {
        const double direction = static_cast<double>(v.sample(i)[n]);
        if (direction > 0.0 || direction < 0.0)
          sum += direction * (static_cast<double>(room[1].sample(i)[n]) - static_cast<double>(room[2].sample(i)[n]));
      }
      form[i] = sum / (2.0 * step(x, v, i));
    }
  }

 private:
  template <class T>
  double step(const BatchView<const T>& x, const BatchView<const T>& v, std::size_t i) const {
    if (h > 0.0) return h;
    double squares = 0.0, count = 0.0;
    for (std::size_t n = 0; n < x.size(); ++n)
      if (v.sample(i)[n] > T{0} || v.sample(i)[n] < T{0}) {
        squares += static_cast<double>(x.sample(i)[n]) * static_cast<double>(x.sample(i)[n]);
        count += 1.0;
      }
    const double rms = count > 0.0 ? std::sqrt(squares / count) : 0.0;
    return std::cbrt(static_cast<double>(std::numeric_limits<T>::epsilon())) * (rms > 1.0 ? rms : 1.0);
  }

  template <class T>
  static void moved(const T* x, const T* v, double h, std::size_t size, T* to) {
    for (std::size_t n = 0; n < size; ++n)
      to[n] = static_cast<T>(static_cast<double>(x[n]) + h * static_cast<double>(v[n]));
  }
};
template <class F>
FiniteDifferences<F> finite_differences(F f, double h = 0.0) {
  return {std::move(f), h};
}

}}  // namespace eigenguide
