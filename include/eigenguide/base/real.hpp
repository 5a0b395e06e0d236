// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/opaque.hpp>

#include <cmath>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// A double whose every operation is rounded on its own, in the order written.
///
/// The few scalars that decide a sample's weights are computed with it, so
/// that they come out with the same bits from every compiler at every level:
/// no contraction into a fused multiply-add, no reassociation, and none of
/// what -ffast-math would otherwise do to a client that includes us.
///
/// The functions of libm are as they are in libm: the same bits wherever the
/// same libm runs.
class Real {
 public:
  constexpr Real() = default;
  constexpr Real(double value) : value_(value) {}  // parameters are plain doubles

  constexpr explicit operator double() const { return value_; }
  constexpr explicit operator float() const { return static_cast<float>(value_); }

  friend Real operator+(Real a, Real b) { return in_order(in_order(a.value_) + in_order(b.value_)); }
  friend Real operator-(Real a, Real b) { return in_order(in_order(a.value_) - in_order(b.value_)); }
  friend Real operator*(Real a, Real b) { return opaque(in_order(a.value_) * in_order(b.value_)); }
  friend Real operator/(Real a, Real b) { return in_order(in_order(a.value_) / divisor(b.value_)); }
  friend Real operator-(Real a) { return in_order(-a.value_); }
  Real& operator+=(Real other) { return *this = *this + other; }

  // NaN is unlike everything, itself included; by its bits where a plain
  // comparison may take it for any number.
  friend bool operator==(Real a, Real b) { return ordered(a, b) && a.value_ == b.value_; }
  friend bool operator!=(Real a, Real b) { return !(a == b); }
  friend bool operator<(Real a, Real b) { return ordered(a, b) && a.value_ < b.value_; }
  friend bool operator>(Real a, Real b) { return b < a; }
  friend bool operator<=(Real a, Real b) { return ordered(a, b) && a.value_ <= b.value_; }
  friend bool operator>=(Real a, Real b) { return b <= a; }

  friend Real abs(Real a) { return std::fabs(a.value_); }
  friend Real sqrt(Real a) { return in_order(std::sqrt(in_order(a.value_))); }
  friend Real exp(Real a) { return opaque(std::exp(opaque(a.value_))); }
  friend Real log(Real a) { return opaque(std::log(opaque(a.value_))); }
  friend Real pow(Real a, Real exponent) { return opaque(std::pow(opaque(a.value_), opaque(exponent.value_))); }
  friend Real sin(Real a) { return opaque(std::sin(opaque(a.value_))); }
  friend Real atan2(Real y, Real x) { return opaque(std::atan2(opaque(y.value_), opaque(x.value_))); }
  /// The lesser, the greater; the first where they are equal or not ordered.
  friend Real lesser(Real a, Real b) { return b < a ? b : a; }
  friend Real greater(Real a, Real b) { return a < b ? b : a; }

 private:
  static bool ordered(Real a, Real b) { return compares_nan || (!is_nan(a.value_) && !is_nan(b.value_)); }

  double value_ = 0.0;
};

}}  // namespace eigenguide
