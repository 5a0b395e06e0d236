// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/spectral/band_guidance.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// FreSca: low and high frequencies of the difference scaled apart.
///
///   g = u + s F⁻¹(m F(c − u))
///   m(k) = scale_low where |k_y| < cutoff and |k_x| < cutoff, else scale_high
///
/// F is the Fourier transform of the last two dimensions, and k counts periods
/// along a side: at most half of its length. The band is the same for k and −k,
/// so that g is real. A cutoff of 1 leaves the mean of a plane alone in the
/// band; of 0, nothing; one above half of both sides takes in everything.
///
/// Space   none: the method is linear, and is the same in every space
/// Source  Huang, Liang, Tang, Bi, Ma, Tian, Xu, arXiv:2504.02154
struct FreSca {
  double scale = 1.0;       ///< s, no unit; any finite number
  double scale_low = 1.0;   ///< no unit; any finite number
  double scale_high = 1.0;  ///< no unit; any finite number
  std::size_t cutoff = 20;  ///< of the low frequencies, in periods along a side

  using Memory = FourierWorkspace;

  void validate() const {
    require_finite("scale", scale);
    require_finite("scale_low", scale_low);
    require_finite("scale_high", scale_high);
  }
};

namespace detail {

/// |k_y|, |k_x| < cutoff.
struct LowBand {
  Extents extents;
  std::size_t cutoff;

  static bool within(std::size_t k, std::size_t side, std::size_t cutoff) { return k < cutoff || side - k < cutoff; }

  Coverage coverage(std::size_t) const {
    if (cutoff == 0) return Coverage::none;
    const std::size_t longer = extents.rows < extents.columns ? extents.columns : extents.rows;
    return cutoff > longer / 2 ? Coverage::all : Coverage::part;
  }
  double weight(std::size_t i, std::size_t j) const {
    return within(i, extents.rows, cutoff) && within(j, extents.columns, cutoff) ? 1.0 : 0.0;
  }
};

}  // namespace detail

/// Guides one step of a batch by bands of frequencies.
///
///   guide(FreSca{7.5, 1.0, 1.25, 20}, cond, uncond, out, workspace);
///
/// Inputs  cond, uncond  [samples, ..., rows, columns], predictions of the same
///                       kind, of three dimensions or more: tensors of Eigen's,
///                       or a BatchView with its Shape
///         workspace     memory to work in; without it the call allocates its own
/// Output  out           of the shape of `cond`; may be exactly one of the inputs
/// Errors  shapes that differ or are not known, a side above 2^28, a parameter
///         that is not finite, an `out` that overlaps an input partly; nothing
///         has been written then
/// Cost    one transform of each plane there and back, none where both scales
///         are equal or the band is everything; see Fourier::filter
/// Accuracy  transforms in double, one rounding at the end. Not the same bits
///         from every compiler; the same for a sample in whatever batch
template <class Cond, class Uncond, class Out>
void guide(const FreSca& method, const Cond& cond, const Uncond& uncond, Out&& out, FourierWorkspace& workspace) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  detail::require_tensors(to, detail::Named{"cond", c}, detail::Named{"uncond", u});
  const detail::Planes planes = detail::planes_of("cond", c);
  Fourier::require_sides("cond", planes.extents.rows, planes.extents.columns);
  method.validate();
  detail::guide_band<T>(method.scale, method.scale_low, method.scale_high, planes,
                        detail::LowBand{planes.extents, method.cutoff}, c, u, to, workspace);
}

}}  // namespace eigenguide
