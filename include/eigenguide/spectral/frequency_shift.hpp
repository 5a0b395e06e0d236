// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/guide/workspace.hpp>
#include <eigenguide/spectral/pyramid.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// What guidance makes of one level, with ∥ the part of d along c:
///
///   g = c + difference · d + parallel · ∥,  then g ← φ g std(c) / std(g) + (1 − φ) g
struct LevelGuidance {
  double difference = 0.0, parallel = 0.0, phi = 0.0;
};

inline Real inner(const double* a, const double* b, std::size_t size) {
  Real sum;
  for (std::size_t k = 0; k < size; ++k) sum += Real(a[k]) * b[k];
  return sum;
}

/// The mean and the summed squared deviations of value(0) … value(size − 1).
struct Spread {
  Real mean, squares;
};
template <class Value>
Spread spread_of(std::size_t size, const Value& value) {
  Spread spread;
  for (std::size_t k = 0; k < size; ++k) spread.mean += value(k);
  spread.mean = spread.mean / static_cast<double>(size);
  for (std::size_t k = 0; k < size; ++k) spread.squares += (value(k) - spread.mean) * (value(k) - spread.mean);
  return spread;
}

/// Guidance of one sample level by level of its pyramid, as what it adds to c.
template <class T>
class FrequencyShift {
 public:
  /// Inputs  planes      of a sample
  ///         padded      extents of the pyramid; c and u are mirrored into them
  ///         least_norm  that a projection divides by
  FrequencyShift(const Planes& planes, const Extents& padded, std::size_t levels, double least_norm,
                 Workspace& workspace)
      : planes_(planes),
        padded_(padded),
        pyramid_({planes.count, padded}, levels),
        least_norm_(least_norm),
        shift_(workspace.doubles(2 * pyramid_.doubles() + pyramid_.scratch())),
        cond_(shift_ + pyramid_.doubles()),
        scratch_(cond_ + pyramid_.doubles()) {}

  /// h of g = c + h, [planes, rows, columns] of the padded extents; valid until
  /// the next call.
  ///
  /// Inputs  guidance  guidance(i): LevelGuidance of level i
  template <class GuidanceOf>
  const double* operator()(const T* c, const T* u, const GuidanceOf& guidance) {
    bool reads_cond = false;
    for (std::size_t i = 0; i < pyramid_.levels(); ++i)
      reads_cond = reads_cond || guidance(i).parallel != 0.0 || guidance(i).phi > 0.0;

    load(shift_, [&](std::size_t k) { return static_cast<double>(c[k]) - static_cast<double>(u[k]); });
    Real least_square;  // below it a level of c is what rounding left
    if (reads_cond) {
      load(cond_, [&](std::size_t k) { return static_cast<double>(c[k]); });
      const std::size_t size = pyramid_.size(0);
      least_square = 1e-28 * inner(cond_, cond_, size) / static_cast<double>(size);
      pyramid_.decompose(cond_, scratch_);
    }
    pyramid_.decompose(shift_, scratch_);
    for (std::size_t i = 0; i < pyramid_.levels(); ++i) guide_level(i, guidance(i), least_square);
    pyramid_.compose(shift_, scratch_);
    return shift_;
  }

  /// The element of a sample that is seen at place k of the padded planes.
  std::size_t source(std::size_t k) const {
    if (padded_ == planes_.extents) return k;
    const std::size_t p = k / padded_.area(), i = k % padded_.area() / padded_.columns, j = k % padded_.columns;
    const std::size_t row = reflected(static_cast<std::ptrdiff_t>(i), planes_.extents.rows);
    const std::size_t column = reflected(static_cast<std::ptrdiff_t>(j), planes_.extents.columns);
    return p * planes_.extents.area() + row * planes_.extents.columns + column;
  }

 private:
  template <class Value>
  void load(double* target, const Value& value) const {
    for (std::size_t k = 0; k < pyramid_.size(0); ++k) target[k] = value(source(k));
  }

  void guide_level(std::size_t level, const LevelGuidance& guidance, Real least_square) {
    const std::size_t size = pyramid_.size(level);
    double* const d = shift_ + pyramid_.offset(level);
    const double* const c = cond_ + pyramid_.offset(level);

    Real along;  // of c: the parallel part, as a multiple of it
    if (guidance.parallel != 0.0) {
      const Real square = inner(c, c, size), least = Real(least_norm_) * least_norm_;
      const bool directed = square > least_square * static_cast<double>(size);
      if (directed) along = guidance.parallel * inner(d, c, size) / (square < least ? least : square);
    }
    if (along != 0.0)
      combine(d, guidance.difference, d, static_cast<double>(along), c, size);
    else
      scale(d, guidance.difference, d, size);

    if (guidance.phi > 0.0) {
      const Spread of_c = spread_of(size, [&](std::size_t k) { return c[k]; });
      const Spread of_g = spread_of(size, [&](std::size_t k) { return Real(c[k]) + d[k]; });
      if (!(of_g.squares > least_square * static_cast<double>(size))) return;
      const Real less = guidance.phi * (sqrt(of_c.squares / of_g.squares) - 1.0);
      combine(d, static_cast<double>(1.0 + less), d, static_cast<double>(less), c, size);
    }
  }

  Planes planes_;
  Extents padded_;
  Pyramid pyramid_;
  double least_norm_;
  double *shift_, *cond_, *scratch_;
};

}}}  // namespace eigenguide::detail
