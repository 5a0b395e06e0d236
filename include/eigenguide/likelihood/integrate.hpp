// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/likelihood/integrator.hpp>
#include <eigenguide/likelihood/workspace.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// One sample within a step: its state y, its slopes k and its h.
template <class T>
class StepOf {
 public:
  StepOf(LikelihoodState<T>& work, std::size_t sample)
      : work_(work), sample_(sample), y_(work.state.data() + sample * work.width()) {}

  /// Whether number n of the state is no padding.
  bool counts(std::size_t n) const { return n >= work_.size || work_.keep[sample_ * work_.size + n]; }

  /// Number n of h Σ weightᵢ kᵢ.
  double change(std::size_t n, const double* weights, std::size_t stages) const {
    double sum = 0.0;
    for (std::size_t j = 0; j < stages; ++j) sum += weights[j] * work_.slope_of(j, sample_)[n];
    return work_.h[sample_] * sum;
  }

  /// E of the step to `next`, or infinite where it is no number.
  template <class Solver>
  double error(const Solver& solver) const {
    const double* const next = work_.next.data() + sample_ * work_.width();
    const auto value = [&](std::size_t n) { return change(n, Solver::error, Solver::tableau.stages); };
    const double of_x = scaled(solver, 0, work_.size, value, next);
    const double of_divergence = scaled(solver, work_.size, work_.width(), value, next);
    const double greater = of_x > of_divergence ? of_x : of_divergence;
    return is_finite(of_x) && is_finite(of_divergence) ? greater : positive_infinity();
  }

  /// A first length: at which a step of Euler's would change y by a hundredth.
  template <class Solver>
  double first(const Solver& solver, double span) const {
    const double* const k = work_.slope_of(0, sample_);
    const double d0 = scaled(solver, 0, work_.size, [&](std::size_t n) { return y_[n]; }, y_);
    const double d1 = scaled(solver, 0, work_.size, [&](std::size_t n) { return k[n]; }, y_);
    const double length = d0 > 1e-5 && d1 > 1e-5 ? 0.01 * d0 / d1 : 1e-6 * std::fabs(span);
    return length < std::fabs(span) ? std::copysign(length, span) : span;
  }

 private:
  /// rms of value(n) / (atol + rtol max(|y|, |other|)).
  template <class Solver, class Value>
  double scaled(const Solver& solver, std::size_t begin, std::size_t end, const Value& value, const double* other) const {
    double squares = 0.0, count = 0.0;
    for (std::size_t n = begin; n < end; ++n) {
      if (!counts(n)) continue;
      const double a = std::fabs(y_[n]), b = std::fabs(other[n]), scale = solver.atol + solver.rtol * (a > b ? a : b);
      const double ratio = scale > 0.0 ? value(n) / scale : 0.0;
      squares += ratio * ratio;
      count += 1.0;
    }
    return count > 0.0 ? std::sqrt(squares / count) : 0.0;
  }

  LikelihoodState<T>& work_;
  std::size_t sample_;
  const double* y_;
};

/// Takes work.state along the times. All samples advance together, so that the
/// model sees a batch; each has a time and a step of its own, so that none
/// depends on the others.
template <class Solver, class Divergence>
class Integration {
 public:
  Integration(const Solver& solver, const Divergence& divergence, const std::vector<double>& times)
      : solver_(solver), divergence_(divergence), times_(times) {}

  template <class Field, class T>
  void operator()(Field& field, LikelihoodState<T>& work) const {
    work.start.assign(work.samples, times_.front());
    work.finish = work.start;
    std::size_t left = work.samples;
    for (std::size_t attempt = 0; left > 0; ++attempt) {
      if (attempt == 0 || !keeps_slope()) evaluate(field, work, 0);
      for (std::size_t i = 0; i < work.samples; ++i)
        if (work.running[i]) choose(work, i, attempt);
      for (std::size_t stage = 1; stage < stages; ++stage) evaluate(field, work, stage);
      for (std::size_t i = 0; i < work.samples; ++i) {
        if (!work.running[i]) continue;
        const StepOf<T> of(work, i);
        for (std::size_t n = 0, at = i * work.width(); n < work.width(); ++n, ++at)
          work.next[at] = work.state[at] + (of.counts(n) ? of.change(n, Solver::tableau.b, stages) : 0.0);
        left -= conclude(work, i);
      }
    }
  }

 private:
  static constexpr std::size_t stages = Solver::tableau.stages;

  /// Whether the last slope of a step is the first of the next: where a step has
  /// a probe of its own it is not.
  bool keeps_slope() const { return Solver::adaptive && !divergence_.fresh; }

  template <class Field, class T>
  void evaluate(Field& field, LikelihoodState<T>& work, std::size_t stage) const {
    for (std::size_t i = 0; i < work.samples; ++i) {
      work.time[i] = work.start[i];
      if (!work.running[i]) continue;
      // The end exactly, beyond which a path may not be defined.
      const double c = Solver::tableau.c[stage];
      if (stage > 0) work.time[i] = c < 1.0 ? work.start[i] + c * work.h[i] : work.finish[i];
      const StepOf<T> of(work, i);
      for (std::size_t n = 0; n < work.size; ++n)
        if (of.counts(n))
          work.x[i * work.size + n] =
              static_cast<T>(work.state[i * work.width() + n] + (stage > 0 ? of.change(n, Solver::tableau.a[stage], stage) : 0.0));
      ++work.evaluations[i];
    }
    work.evaluate(divergence_, field, stage);
  }

  /// The length of the step that a sample tries.
  template <class T>
  void choose(LikelihoodState<T>& work, std::size_t i, std::size_t attempt) const {
    if constexpr (Solver::adaptive) {
      const double rest = times_.back() - work.start[i];
      if (attempt >= solver_.max_steps)
        reject("max_steps", describe(static_cast<double>(solver_.max_steps)),
               "enough to reach the end: sample " + std::to_string(i) + " is at t = " + describe(work.start[i]));
      if (attempt == 0) work.h[i] = StepOf<T>(work, i).first(solver_, rest);
      const bool last = std::fabs(work.h[i]) * (1.0 + 1e-9) >= std::fabs(rest);
      if (last) work.h[i] = rest;
      work.finish[i] = last ? times_.back() : work.start[i] + work.h[i];
      if (!(work.finish[i] < work.start[i] || work.finish[i] > work.start[i]))
        reject("rtol", describe(solver_.rtol), "a tolerance that can be kept: the step of sample " + std::to_string(i) +
                                                   " vanishes at t = " + describe(work.start[i]));
    } else {
      work.finish[i] = times_[work.step[i] + 1];
      work.h[i] = work.finish[i] - times_[work.step[i]];
    }
  }

  /// Takes the step to `next`, or a shorter one; 1 where it was the last.
  template <class T>
  std::size_t conclude(LikelihoodState<T>& work, std::size_t i) const {
    double growth = 1.0, error = 0.0;
    if constexpr (Solver::adaptive) {
      error = StepOf<T>(work, i).error(solver_);
      growth = Solver::growth(error);
    }
    if (error <= 1.0) {
      const std::size_t begin = i * work.width();
      for (std::size_t n = 0; n < work.width(); ++n) work.state[begin + n] = work.next[begin + n];
      if (keeps_slope())
        for (std::size_t n = 0; n < work.width(); ++n) work.slope_of(0, i)[n] = work.slope_of(stages - 1, i)[n];
      ++work.step[i];
      work.start[i] = work.finish[i];
      work.running[i] = work.start[i] < times_.back() || work.start[i] > times_.back();
    }
    work.h[i] *= growth;
    return work.running[i] ? 0 : 1;
  }

  const Solver& solver_;
  const Divergence& divergence_;
  const std::vector<double>& times_;
};

}}}  // namespace eigenguide::detail
