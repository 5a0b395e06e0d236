// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/likelihood/philox.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What a probe's elements are drawn from; both have mean 0 and variance 1.
enum class Distribution {
  rademacher,  ///< ±1: of all probes the one of least variance
  gaussian,    ///< the standard normal distribution
};

/// The Skilling–Hutchinson estimate of a trace, from k random vectors.
///
///   tr J ≈ 1/k Σⱼ vⱼᵀ J vⱼ,  E[v vᵀ] = I
///
/// Its variance is ‖J + Jᵀ‖²/2k over the elements off the diagonal for
/// Rademacher probes, over all elements for Gaussian ones (‖·‖ of Frobenius).
///
/// The vectors are Philox4x32-10 of `seed`, of which the low word is the first
/// of the key. The counter is {block, sample, probe, step}: block b holds the
/// elements 4b to 4b + 3 of those that are not padding, so a padded sample has
/// the probe of the sample without padding. A word w is
///
///   Rademacher  +1 or −1 by the highest bit: +1 where it is 0
///   Gaussian    of two: √(−2 ln u₀) (cos, sin)(2π u₁),  u = (w + ½) / 2³²
///
/// Source  Hutchinson 1990; for this use Grathwohl, Chen, Bettencourt,
///         Sutskever, Duvenaud, arXiv:1810.01367
struct Hutchinson {
  std::size_t probes = 1;                             ///< k; ≥ 1
  Distribution distribution = Distribution::rademacher;
  std::uint64_t seed = 0;
  bool fresh = false;            ///< new vectors in every step, instead of the same in all
  std::size_t first_sample = 0;  ///< number of the batch's first sample: a part of a batch has its probes

  static constexpr bool exact = false;

  /// Errors: no probes, more than 2³² of anything, a distribution that is none
  void validate(std::size_t samples, std::size_t, std::size_t) const {
    constexpr double words = 4294967296.0;
    require(probes >= 1 && static_cast<double>(probes) < words, "probes", static_cast<double>(probes),
            "at least 1, and fewer than 2^32");
    require(static_cast<double>(first_sample) + static_cast<double>(samples) <= words, "first_sample",
            static_cast<double>(first_sample), "a number that leaves those of the samples below 2^32");
    const double name = static_cast<double>(distribution);
    require(name >= 0.0 && name <= 1.0, "distribution", name, "rademacher or gaussian (0 or 1)");
  }
  std::size_t columns() const { return probes; }
  std::size_t vectors(std::size_t) const { return probes; }
  std::size_t column(std::size_t vector) const { return vector; }

  /// Writes a probe of one sample; the elements that are padding stay 0.
  /// Inputs  keep  [size], 0 at padding
  /// Output  v     [size], 0 when called
  template <class T>
  void fill(std::size_t step, std::size_t probe, std::size_t sample, const unsigned char* keep, std::size_t size,
            T* v) const {
    const std::array<std::uint32_t, 2> key{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
    std::array<double, 4> block{};
    std::size_t drawn = 0;
    for (std::size_t n = 0; n < size; ++n) {
      if (!keep[n]) continue;
      if (drawn % 4 == 0)
        block = values(philox({static_cast<std::uint32_t>(drawn / 4), static_cast<std::uint32_t>(first_sample + sample),
                               static_cast<std::uint32_t>(probe), static_cast<std::uint32_t>(fresh ? step : 0)},
                              key));
      v[n] = static_cast<T>(block[drawn++ % 4]);
    }
  }

 private:
  std::array<double, 4> values(const std::array<std::uint32_t, 4>& words) const {
    std::array<double, 4> drawn{};
    for (std::size_t n = 0; n < 4; ++n) drawn[n] = words[n] >> 31 ? -1.0 : 1.0;
    if (distribution == Distribution::rademacher) return drawn;
    for (std::size_t n = 0; n < 4; n += 2) {
      const double radius = std::sqrt(-2.0 * std::log((words[n] + 0.5) / 4294967296.0));
      const double angle = 6.283185307179586 * ((words[n + 1] + 0.5) / 4294967296.0);
      drawn[n] = radius * std::cos(angle);
      drawn[n + 1] = radius * std::sin(angle);
    }
    return drawn;
  }
};

/// The same estimate with vectors that the caller gives, as views.
///
/// Fixed: k of them, in all steps. Fresh: k for each step, those of the first
/// step first. Elements that are padding are taken for 0.
template <class T>
struct GivenProbes {
  std::vector<BatchView<const T>> given;  ///< each [samples, ...]
  std::size_t probes = 1;                 ///< k; ≥ 1
  bool fresh = false;

  static constexpr bool exact = false;

  /// Inputs  steps  of them, as far as their number is known
  /// Errors  no probes, a number of views that is none of k for each step, views
  ///         of another shape
  void validate(std::size_t samples, std::size_t size, std::size_t steps) const {
    require(probes >= 1, "probes", static_cast<double>(probes), "at least 1");
    require(fresh ? given.size() % probes == 0 && given.size() / probes >= steps : given.size() == probes, "given",
            static_cast<double>(given.size()), "as many as `probes`, for each step where they are fresh");
    for (const BatchView<const T>& v : given)
      if (v.samples() != samples || v.size() != size)
        reject("given", "of shape " + v.text(), "the shape of `x`");
  }
  std::size_t columns() const { return probes; }
  std::size_t vectors(std::size_t) const { return probes; }
  std::size_t column(std::size_t vector) const { return vector; }

  /// Errors: a step past the last that has probes, an element that is not finite
  void fill(std::size_t step, std::size_t probe, std::size_t sample, const unsigned char* keep, std::size_t size,
            T* v) const {
    const std::size_t place = (fresh ? step * probes : 0) + probe;
    require(place < given.size(), "given", static_cast<double>(given.size()), "probes for every step");
    for (std::size_t n = 0; n < size; ++n) {
      if (!keep[n]) continue;
      v[n] = given[place].sample(sample)[n];
      require(is_finite(static_cast<double>(v[n])), "given", static_cast<double>(v[n]), "probes of finite numbers");
    }
  }
};

/// The trace itself, from as many vectors as a sample has elements: for small
/// dimensions, and as the measure of the estimates.
///
///   tr J = Σₙ eₙᵀ J eₙ
struct ExactTrace {
  static constexpr bool exact = true, fresh = false;

  void validate(std::size_t, std::size_t, std::size_t) const {}
  std::size_t columns() const { return 1; }
  std::size_t vectors(std::size_t elements) const { return elements; }
  std::size_t column(std::size_t) const { return 0; }

  template <class T>
  void fill(std::size_t, std::size_t vector, std::size_t, const unsigned char* keep, std::size_t size, T* v) const {
    for (std::size_t n = 0; n < size; ++n)
      if (keep[n] && vector-- == 0) {
        v[n] = T{1};
        return;
      }
  }
};

/// A mean over probes, and how far it may be from the expectation.
struct Estimate {
  double value = 0.0;
  double standard_error = 0.0;  ///< s / √k; infinite of one probe, 0 of what is exact
};

namespace detail {

/// Of the k values of one sample.
inline Estimate estimate(bool exact, const double* values, std::size_t count) {
  Estimate all;
  for (std::size_t j = 0; j < count; ++j) all.value += values[j];
  const double k = static_cast<double>(count);
  all.value /= k;
  if (exact) return all;
  if (count == 1) return {all.value, positive_infinity()};
  double squares = 0.0;
  for (std::size_t j = 0; j < count; ++j) squares += (values[j] - all.value) * (values[j] - all.value);
  all.standard_error = std::sqrt(squares / (k - 1.0) / k);
  return all;
}

}  // namespace detail

}}  // namespace eigenguide
