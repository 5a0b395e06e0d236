// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/schedule/moment.hpp>

#include <cstddef>
#include <limits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// A window says at which moments of a run something takes part:
//
//   bool contains(const Moment&) const;
//   void validate() const;  // where there is something that it rejects

/// The steps from one share of a run to another: start ≤ step / count < stop.
struct StepWindow {
  double start = 0.0;  ///< share of the run; in [0, 1]
  double stop = 1.0;   ///< share of the run, not included; in [0, 1]

  void validate() const {
    require(start >= 0.0 && start <= 1.0, "start", start, "a number in [0, 1]");
    require(stop >= 0.0 && stop <= 1.0, "stop", stop, "a number in [0, 1]");
  }

  bool contains(const Moment& moment) const {
    return moment.done() >= start && moment.done() < stop;
  }
};

/// The limited interval of noise: low < σ ≤ high, with σ in units of the data
/// (σ / α of any level).
///
/// Source  Kynkäänniemi, Aittala, Karras, Laine, Aila, Lehtinen, arXiv:2404.07724
struct SigmaWindow {
  static constexpr double none = (std::numeric_limits<double>::max)();
  double low = 0.0;    ///< σ, in units of the data, not included; ≥ 0
  double high = none;  ///< σ, in units of the data; ≥ 0. `none` has no upper end

  void validate() const {
    require(is_finite(low) && low >= 0.0, "low", low, "a finite number, at least 0");
    require(is_finite(high) && high >= 0.0, "high", high, "a finite number, at least 0");
  }

  /// At α = 0 there is more noise than any σ: inside where there is no upper end.
  bool contains(const Moment& moment) const {
    const double sigma = moment.level.sigma, alpha = moment.level.alpha;
    return sigma > low * alpha && (high == none || sigma <= high * alpha);
  }
};

/// The times of a flow, low < t ≤ high, with t = 1 at noise (σ / (α + σ) of any
/// level).
struct TimeWindow {
  double low = 0.0;   ///< t, not included; in [0, 1]
  double high = 1.0;  ///< t; in [0, 1]

  void validate() const {
    require(low >= 0.0 && low <= 1.0, "low", low, "a number in [0, 1]");
    require(high >= 0.0 && high <= 1.0, "high", high, "a number in [0, 1]");
  }

  bool contains(const Moment& moment) const {
    const double t = moment.time();
    return t > low && t <= high;
  }
};

/// The first steps, and then one in every `period`: step < first, or a multiple
/// of the period.
///
/// Source  Open-Sora 2.0's oscillation: Peng et al., arXiv:2503.09642 (10, then every other)
struct Oscillation {
  std::size_t first = 10;  ///< steps
  std::size_t period = 2;  ///< steps, at least 1

  void validate() const { require(period > 0, "period", 0.0, "at least 1"); }

  bool contains(const Moment& moment) const {
    return moment.step < first || moment.step % period == 0;
  }
};

/// The moments of a run that do not lie within a window.
template <class Window>
struct Outside {
  Window window;

  void validate() const { require_valid(window); }
  bool contains(const Moment& moment) const { return !window.contains(moment); }
};

template <class Window>
Outside<Window> outside(const Window& window) {
  return {window};
}

}}  // namespace eigenguide
