// SPDX-License-Identifier: MIT
#pragma once

#include "views.hpp"

#include <eigenguide/core.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace golden {

/// The toy model of VoiceFlow's cases, dx/dt = v(x, t) = (a₀ + a₁ t) x + t μ + b,
/// from noise at t = 0 to data at t = 1, and the peer's solvers.
template <class T>
class VoiceFlow {
 public:
  template <class Case>
  explicit VoiceFlow(const Case& c)
      : mu_(c.input("mu")), a0_(c.input("a0")), a1_(c.input("a1")), b_(c.input("b")), solver_(c.text("solver")) {
    if (solver_ != "euler" && solver_ != "rk4") throw std::runtime_error("has the unknown solver `" + solver_ + "`");
  }

  bool is_euler() const { return solver_ == "euler"; }

  Tensor<T> flow(const Tensor<T>& x, double t) const {
    Tensor<T> v = x;
    for (std::size_t n = 0; n < v.values.size(); ++n) v.values[n] = flow(x.values[n], t, n);
    return v;
  }
  T flow(T x, double t, std::size_t n) const {
    return static_cast<T>((a0_.values[n] + a1_.values[n] * t) * x + t * mu_.values[n] + b_.values[n]);
  }

  /// ∂v/∂x, which is diagonal.
  T slope(double t, std::size_t n) const { return static_cast<T>(a0_.values[n] + a1_.values[n] * t); }

  /// One step of the peer's solver.
  Tensor<T> step(const Tensor<T>& x, double t, double end) const {
    Tensor<T> v = flow(x, t);
    if (solver_ == "rk4") {
      // torchdyn's, whose stages see the time of the stage before, and whose weights are floats: of first order in t.
      const double half = 0.5 * (end - t), h = end - t, sixth = 1.0f / 6.0f, third = 1.0f / 3.0f;
      const Tensor<T> k1 = v, k2 = flow(euler(x, k1, t, t + half), t);
      const Tensor<T> k3 = flow(sum<T>({{1.0, &x}, {half, &k2}}), t + half), k4 = flow(sum<T>({{1.0, &x}, {h, &k3}}), t + half);
      v = sum<T>({{sixth, &k1}, {third, &k2}, {third, &k3}, {sixth, &k4}});
    }
    return euler(x, v, t, end);
  }

 private:
  static Tensor<T> euler(const Tensor<T>& x, const Tensor<T>& v, double from, double to) {
    using namespace eigenguide;
    const Update update{{Kind::flow_to_data, Kind::flow_to_data}};
    Tensor<T> next = x;
    eigenguide::step(Cfg{}, update, rectified_flow(1.0 - from), rectified_flow(1.0 - to), view_of(x), view_of(v), view_of(v),
                     view_of(next));
    return next;
  }

  Tensor<T> mu_, a0_, a1_, b_;
  std::string solver_;
};

}  // namespace golden
