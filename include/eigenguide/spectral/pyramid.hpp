// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/spectral/bilinear.hpp>
#include <eigenguide/spectral/convolution.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// The Laplacian pyramid of some planes as it lies in doubles: level by level,
/// the finest first, and in each all planes. What a level is, see
/// spectral/laplacian_pyramid.hpp.
class Pyramid {
 public:
  Pyramid(const Planes& planes, std::size_t levels) : planes_(planes), levels_(levels) {}

  static Extents coarser(const Extents& fine) { return {half(fine.rows), half(fine.columns)}; }

  std::size_t levels() const { return levels_; }
  Extents extents(std::size_t level) const {
    Extents at = planes_.extents;
    while (level-- > 0) at = coarser(at);
    return at;
  }
  /// The elements of a level.
  std::size_t size(std::size_t level) const { return planes_.count * extents(level).area(); }
  /// The elements of the levels before this one, so the place of its first.
  std::size_t offset(std::size_t level) const {
    std::size_t sum = 0;
    Extents at = planes_.extents;
    for (; level > 0; --level, at = coarser(at)) sum += planes_.count * at.area();
    return sum;
  }
  std::size_t doubles() const { return offset(levels_); }
  /// The scratch that both ways need.
  std::size_t scratch() const { return planes_.extents.area() + convolution_scratch(planes_.extents, radius); }

  /// From the planes, as level 0, to the pyramid.
  void decompose(double* values, double* scratch) const {
    for (std::size_t level = 0; level + 1 < levels_; ++level) {
      const Extents from = extents(level), to = coarser(from);
      for (std::size_t p = 0; p < planes_.count; ++p) {
        double* const fine = values + offset(level) + p * from.area();
        double* const coarse = values + offset(level + 1) + p * to.area();
        for (std::size_t k = 0; k < from.area(); ++k) scratch[k] = fine[k];
        convolve(scratch, from, binomial, radius, scratch + from.area());
        resize(scratch, from, coarse, to, scratch + from.area());
        expand(coarse, to, from, scratch);
        for (std::size_t k = 0; k < from.area(); ++k) fine[k] -= scratch[k];
      }
    }
  }

  /// From the pyramid to the planes, as level 0. The other levels are lost.
  void compose(double* values, double* scratch) const {
    for (std::size_t level = levels_ - 1; level-- > 0;) {
      const Extents from = extents(level), to = coarser(from);
      for (std::size_t p = 0; p < planes_.count; ++p) {
        double* const fine = values + offset(level) + p * from.area();
        expand(values + offset(level + 1) + p * to.area(), to, from, scratch);
        for (std::size_t k = 0; k < from.area(); ++k) fine[k] += scratch[k];
      }
    }
  }

 private:
  static constexpr double binomial[] = {0.0625, 0.25, 0.375, 0.25, 0.0625};
  static constexpr std::size_t radius = 2;

  static std::size_t half(std::size_t side) { return side < 2 ? side : side / 2; }

  /// Doubles a plane to `to` and smooths it, into the front of `scratch`.
  static void expand(const double* coarse, const Extents& from, const Extents& to, double* scratch) {
    double* const rest = scratch + to.area();
    resize(coarse, from, scratch, to, rest);
    convolve(scratch, to, binomial, radius, rest);
  }

  Planes planes_;
  std::size_t levels_;
};

}}}  // namespace eigenguide::detail
