// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/schedule/moment.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// A schedule says which scale a moment of a run has:
//
//   double operator()(const Moment&) const;
//   void validate() const;  // where there is something that it rejects
//
// It may be steps or frames that it counts: `scales_of(schedule, frames)` is a
// ramp over frames. In-class defaults are the constant 1.

namespace detail {

/// From a at p = 0 to b at p = 1: exactly those there, and everywhere where they
/// are equal. Finite where both are, however far apart.
inline double between(Real a, Real b, Real p) {
  const Real way = b - a;
  if (!is_finite(static_cast<double>(way))) return static_cast<double>((1.0 - p) * a + p * b);
  return static_cast<double>(p < 0.5 ? a + p * way : b - (1.0 - p) * way);
}

}  // namespace detail

/// The same scale at every moment.
struct Constant {
  double scale = 1.0;  ///< s, no unit; any finite number

  void validate() const { require_finite("scale", scale); }
  double operator()(const Moment&) const { return scale; }
};

/// Even steps from the first scale to the last:
///
///   s = first + p (last − first),  p = step / (count − 1)
///
/// A run of one step has the first.
///
/// Source  as a schedule of guidance: Wang et al., arXiv:2404.13040
struct Linear {
  double first = 1.0;  ///< s of the first step, no unit; any finite number
  double last = 1.0;   ///< s of the last step

  void validate() const {
    require_finite("first", first);
    require_finite("last", last);
  }
  double operator()(const Moment& moment) const {
    return detail::between(first, last, moment.progress());
  }
};

/// Half a wave from the first scale to the last, with a power of p to bend it:
///
///   s = first + (last − first) (1 − cos(π p^power)) / 2,  p = step / (count − 1)
///
/// Source  power-cosine: Gao, Zhou, Cheng, Yan, arXiv:2303.14389; as a schedule
///         of guidance: Wang et al., arXiv:2404.13040
struct Cosine {
  double first = 1.0;  ///< s of the first step, no unit; any finite number
  double last = 1.0;   ///< s of the last step
  double power = 1.0;  ///< no unit, more than 0; above 1 stays near the first for longer

  void validate() const {
    require_finite("first", first);
    require_finite("last", last);
    require(is_finite(power) && power > 0.0, "power", power, "a positive number");
  }
  double operator()(const Moment& moment) const {
    constexpr double pi = 3.141592653589793;
    const double risen = (1.0 - std::cos(pi * std::pow(moment.progress(), power))) / 2.0;
    return detail::between(first, last, risen);
  }
};

/// Up and down again:
///
///   s = ends + (peak − ends) min(p / at, (1 − p) / (1 − at)),  p = step / (count − 1)
struct Triangle {
  double ends = 1.0;  ///< s of the first and of the last step, no unit; any finite number
  double peak = 1.0;  ///< s of the highest moment
  double at = 0.5;    ///< p of the highest moment; in [0, 1]

  void validate() const {
    require_finite("ends", ends);
    require_finite("peak", peak);
    require(at >= 0.0 && at <= 1.0, "at", at, "a number in [0, 1]");
  }
  double operator()(const Moment& moment) const {
    const double p = moment.progress();
    if (p == at) return peak;
    const Real risen = p < at ? Real(p) / at : (1.0 - Real(p)) / (1.0 - Real(at));
    return detail::between(ends, peak, risen);
  }
};

/// A scale for each step, the first of the list for the first step.
///
/// Errors  at a moment of a run with another number of steps than the list has
struct List {
  std::vector<double> scales;  ///< s of each step, no unit; finite numbers

  void validate() const {
    for (const double scale : scales) require_finite("scales", scale);
  }
  double operator()(const Moment& moment) const {
    if (moment.count != scales.size())
      reject("scales", "a list of " + std::to_string(scales.size()),
             "one for each of the run's " + std::to_string(moment.count) + " steps");
    return scales[moment.step];
  }
};

/// A schedule inside a window, and one scale outside: 1 goes on with cond,
/// 0 with uncond.
///
///   within(SigmaWindow{0.28, 5.42}, Constant{4.0})
template <class Window, class Schedule>
struct Within {
  Window window;
  Schedule schedule;
  double otherwise = 1.0;  ///< s outside, no unit

  void validate() const {
    require_valid(window);
    require_valid(schedule);
    require_finite("otherwise", otherwise);
  }
  double operator()(const Moment& moment) const {
    return window.contains(moment) ? schedule(moment) : otherwise;
  }
};

template <class Window, class Schedule>
Within<Window, Schedule> within(const Window& window, const Schedule& schedule, double otherwise = 1.0) {
  return {window, schedule, otherwise};
}

/// The scales of a run of `count` steps, or of as many frames.
/// Errors  1e9 or more; those of the schedule
template <class Schedule>
std::vector<double> scales_of(const Schedule& schedule, std::size_t count) {
  require_count("count", count);
  require_valid(schedule);
  std::vector<double> scales(count);
  for (std::size_t i = 0; i < count; ++i) scales[i] = schedule(Moment{i, count, {}});
  return scales;
}

}}  // namespace eigenguide
