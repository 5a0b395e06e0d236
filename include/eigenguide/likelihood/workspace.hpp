// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/likelihood/field.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

/// Samples on their way along an ODE, and what its evaluations work in.
template <class T>
class LikelihoodState {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>,
                "a likelihood is of a model in float or double: half has no digits for the derivatives of one");

 public:
  std::size_t samples = 0, size = 0, columns = 0;
  Shape shape;
  std::vector<unsigned char> keep, running;  // [samples, size], 0 at padding; [samples]
  std::vector<std::size_t> elements, step, evaluations;  // [samples]: kept, accepted, of f
  std::vector<double> time, start, finish, h;  // [samples]: of an evaluation; a step's ends and length
  std::vector<double> priors, form, kept;  // [samples], [samples], [size]
  std::vector<T> x;  // [samples, size], of an evaluation

  // A state is x and an integral of the divergence for each column.
  std::vector<double> state, next, slope;  // [samples, width], [stages, samples, width]

  std::size_t width() const { return size + columns; }

  /// Sets everything for samples that are given.
  /// Errors: a value of x that is not finite; a mask that does not repeat over the
  /// slower dimensions, or with an entry that is neither 0 nor 1
  template <class Mask>
  void begin(const BatchView<const T>& given, std::size_t column_count, std::size_t stages, const Mask* mask) {
    const std::size_t count = given.samples();
    samples = 0;  // until there is memory for them
    size = given.size();
    columns = column_count;
    shape = given.shape();
    keep.assign(count * size, 1);
    elements.assign(count, size);
    time.assign(count, 0.0);
    step.assign(count, 0);
    evaluations.assign(count, 0);
    running.assign(count, 1);
    h.assign(count, 0.0);
    form.assign(count, 0.0);
    kept.resize(size);
    x.resize(count * size);
    for (std::vector<T>& buffer : buffers_) buffer.resize(count * size);
    for (std::vector<double>* rows : {&state, &next}) rows->assign(count * width(), 0.0);
    slope.assign(stages * count * width(), 0.0);
    samples = count;
    if (mask) exclude(*mask, given);
    for (std::size_t i = 0; i < samples; ++i)
      for (std::size_t n = 0; n < size; ++n) {
        const T value = given.sample(i)[n];
        if (keep[i * size + n] && !is_finite(static_cast<double>(value)))
          reject("x", describe(static_cast<double>(value)) + " in sample " + std::to_string(i), "finite numbers");
        x[i * size + n] = value;
        state[i * width() + n] = static_cast<double>(value);
      }
  }

  double* slope_of(std::size_t stage, std::size_t sample) {
    return slope.data() + (stage * samples + sample) * width();
  }

  /// f and the divergence at `x` and `time`, into the slopes of a stage.
  /// Errors: a value that is not finite, by sample, step and time
  template <class Divergence, class Field>
  void evaluate(const Divergence& divergence, Field& field, std::size_t stage) {
    const BatchView<const T> at(x.data(), samples, size, size, shape);
    field(time, at, view(f));
    for (std::size_t i = 0; i < samples; ++i) {
      if (!running[i]) continue;
      double* const to = slope_of(stage, i);
      for (std::size_t n = 0; n < size; ++n) {
        if (!keep[i * size + n]) continue;
        to[n] = static_cast<double>(buffers_[f][i * size + n]);
        require_finite("f", to[n], i);
      }
      for (std::size_t k = 0; k < columns; ++k) to[size + k] = 0.0;
    }

    const FieldRoom<T> room{view(room_0), view(room_1), view(room_2)};
    std::size_t most = 0;
    for (std::size_t i = 0; i < samples; ++i)
      if (running[i] && elements[i] > most) most = elements[i];
    for (std::size_t k = 0; k < divergence.vectors(most); ++k) {
      buffers_[probe].assign(samples * size, T{0});
      for (std::size_t i = 0; i < samples; ++i)
        if (running[i]) divergence.fill(step[i], k, i, keep.data() + i * size, size, buffers_[probe].data() + i * size);
      field.quadratic(time, at, BatchView<const T>(view(probe)), room, form);
      for (std::size_t i = 0; i < samples; ++i) {
        if (!running[i]) continue;
        require_finite("divergence", form[i], i);
        slope_of(stage, i)[size + divergence.column(k)] += form[i];
      }
    }
  }

 private:
  enum : std::size_t { f, probe, room_0, room_1, room_2 };

  BatchView<T> view(std::size_t buffer) { return {buffers_[buffer].data(), samples, size, size, shape}; }

  void require_finite(const char* name, double value, std::size_t sample) const {
    if (is_finite(value)) return;
    reject(name, describe(value) + " in sample " + std::to_string(sample) + ", in step " + std::to_string(step[sample]) +
                     " at t = " + describe(time[sample]), "finite numbers");
  }

  template <class Mask>
  void exclude(const BatchView<const Mask>& mask, const BatchView<const T>& given) {
    require_mask("mask", mask, "x", given);
    for (std::size_t i = 0; i < samples; ++i) {
      elements[i] = 0;
      for (std::size_t n = 0; n < size; ++n) {
        const double entry = static_cast<double>(mask.sample(i)[n % mask.size()]);
        const bool kept_one = entry >= 1.0 && entry <= 1.0;
        require(kept_one || (entry >= 0.0 && entry <= 0.0), "mask", entry, "0 at padding, 1 elsewhere");
        keep[i * size + n] = kept_one;
        elements[i] += kept_one;
      }
    }
  }

  std::vector<T> buffers_[5];
};

}  // namespace detail

/// The memory that divergence and log_likelihood work in, for models of T. It
/// grows to what the largest call has needed: a call that needs no more
/// allocates nothing, but for what its model allocates.
template <class T>
class LikelihoodWorkspace {
 public:
  /// Where the samples of the last call ended, padding as it was: [samples, size],
  /// until the next.
  BatchView<const double> ended() const {
    return {state.state.data(), state.samples, state.size, state.width()};
  }

  detail::LikelihoodState<T> state;  ///< of a call, which nobody else reads
};

}}  // namespace eigenguide
