// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/workspace.hpp>
#include <eigenguide/spectral/planes.hpp>
#include <eigenguide/tensor/fourier.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The memory and the tables that Fourier guidance works in. It grows to what
/// the largest call has needed, and keeps a table for each length: a call of
/// lengths that it has met, and no larger, allocates nothing.
///
/// Serves any calls, one at a time; a copy is another workspace.
struct FourierWorkspace {
  Fourier fourier;
  std::vector<double> plane;
};

namespace detail {

/// How much of a plane's spectrum is in a band.
enum class Coverage { none, part, all };

/// g = u + s f, with f the difference d = c − u whose band is weighted by `low`
/// and whose other frequencies by `high`. From the band's share b of d,
///
///   g = c + (s high − 1) d + s (low − high) b
///
/// Inputs  band  coverage(p), of plane p of a sample, and weight(i, j), the
///               share of a frequency that is in the band; see Fourier::filter
template <class T, class Band>
void guide_band(double scale, double low, double high, const Planes& planes, const Band& band,
                const BatchView<const T>& cond, const BatchView<const T>& uncond, const BatchView<T>& out,
                FourierWorkspace& workspace) {
  if (cond.size() == 0) return;
  const std::size_t area = planes.extents.area();
  if (workspace.plane.size() < area) workspace.plane.resize(area);
  double* const part = workspace.plane.data();
  const auto weight = [&](std::size_t i, std::size_t j) { return band.weight(i, j); };

  for (std::size_t i = 0; i < cond.samples(); ++i)
    for (std::size_t p = 0; p < planes.count; ++p) {
      const T* const c = cond.sample(i) + p * area;
      const T* const u = uncond.sample(i) + p * area;
      T* const target = out.sample(i) + p * area;
      const auto difference = [&](std::size_t k) { return static_cast<double>(c[k]) - static_cast<double>(u[k]); };

      const Coverage coverage = low == high ? Coverage::none : band.coverage(p);
      if (coverage != Coverage::part) {
        const double more = scale * (coverage == Coverage::all ? low : high) - 1.0;
        for (std::size_t k = 0; k < area; ++k)
          target[k] = static_cast<T>(static_cast<double>(c[k]) + more * difference(k));
        continue;
      }
      for (std::size_t k = 0; k < area; ++k) part[k] = difference(k);
      workspace.fourier.filter(part, planes.extents.rows, planes.extents.columns, weight);
      const double of_all = scale * high - 1.0, of_band = scale * (low - high);
      for (std::size_t k = 0; k < area; ++k)
        target[k] = static_cast<T>(static_cast<double>(c[k]) + (of_all * difference(k) + of_band * part[k]));
    }
}

}  // namespace detail

}}  // namespace eigenguide
