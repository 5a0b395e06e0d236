// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/workspace.hpp>
#include <eigenguide/threshold/channels.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Reinhard tonemapping of the guidance: position by position, the longer the
/// difference beside what is usual in its sample, the more it is shortened.
///
///   n = ‖d‖ over the channels of a position
///   top = (mean n + 5 std n) · multiplier       over the positions, std by n − 1
///   d′ = d / (1 + n / top)
///   g = u + s d′
///
/// Where no position has a difference d′ is zero. One position has no spread.
///
/// Group   the channels are the second dimension
/// Space   depends on it; ComfyUI's is x₀
/// Source  Reinhard, Stark, Shirley, Ferwerda, Photographic Tone Reproduction
///         for Digital Images, SIGGRAPH 2002; ComfyUI's LatentOperationTonemapReinhard
struct Tonemap {
  double scale = 1.0;  ///< s, no unit; any finite number
  double multiplier = positive_infinity();  ///< no unit; positive. Infinite is Cfg

  using Memory = Workspace;

  void validate() const {
    require_finite("scale", scale);
    require(multiplier > 0.0, "multiplier", multiplier, "a positive number");
  }
};

namespace detail {

/// The tonemapping of one sample; `padding` is added to every length. A null
/// uncond is zero.
template <class T>
void tonemap(const Tonemap& method, double padding, const Channels& channels, const T* cond, const T* uncond, T* out,
             double* length) {
  const std::size_t positions = channels.positions;
  const auto uncond_at = [&](std::size_t at) { return uncond ? static_cast<double>(uncond[at]) : 0.0; };
  Real sum;
  for (std::size_t p = 0; p < positions; ++p) {
    Real square;
    for (std::size_t k = 0; k < channels.count; ++k) {
      const std::size_t at = k * positions + p;
      const Real d = Real(static_cast<double>(cond[at])) - uncond_at(at);
      square += d * d;
    }
    length[p] = static_cast<double>(sqrt(square) + padding);
    sum += length[p];
  }
  const Real mean = sum / static_cast<double>(positions);
  Real deviation;
  for (std::size_t p = 0; p < positions; ++p) deviation += (length[p] - mean) * (length[p] - mean);
  if (positions > 1) deviation = sqrt(deviation / static_cast<double>(positions - 1));
  const Real top = (mean + 5.0 * deviation) * method.multiplier;
  for (std::size_t k = 0; k < channels.count; ++k)
    for (std::size_t p = 0; p < positions; ++p) {
      // d′ = (1 − n / (n + top)) d, so that g = c + (s − 1 − s n / (n + top)) d.
      const std::size_t at = k * positions + p;
      const Real c = static_cast<double>(cond[at]), s = method.scale;
      const Real lost = Real(length[p]) == 0.0 ? Real(0.0) : length[p] / (length[p] + top);
      out[at] = static_cast<T>(c + (s - 1.0 - s * lost) * (c - uncond_at(at)));
    }
}

template <class T>
void tonemap(const Tonemap& method, double padding, const BatchView<const T>& cond, const BatchView<const T>& uncond,
             const BatchView<T>& out, Workspace& workspace, bool without_uncond = false) {
  require_tensors(out, Named{"cond", cond}, Named{"uncond", uncond});
  const Channels channels = channels_of("cond", cond);
  method.validate();
  if (cond.size() == 0) return;
  double* const length = workspace.doubles(channels.positions);
  for (std::size_t i = 0; i < cond.samples(); ++i)
    tonemap(method, padding, channels, cond.sample(i), without_uncond ? nullptr : uncond.sample(i), out.sample(i), length);
}

}  // namespace detail

/// Guides one step of a batch.
///
/// Inputs  cond, uncond  [samples, channels, ...], of two dimensions or more
///         workspace     memory to work in; without it the call allocates its own
/// Output  out           of their shape; may be exactly one of them
/// Errors  a parameter out of its range, shapes that differ or are not known, an
///         `out` that overlaps an input partly; nothing has been written then
/// Cost    two reads of each input, one write; a workspace of the positions
template <class Cond, class Uncond, class Out>
void guide(const Tonemap& method, const Cond& cond, const Uncond& uncond, Out&& out, Workspace& workspace) {
  using T = typename decltype(view(cond))::Scalar;
  detail::tonemap<T>(method, 0.0, view(cond), view(uncond), view(out), workspace);
}

}}  // namespace eigenguide
