// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/workspace.hpp>
#include <eigenguide/threshold/channels.hpp>

#include <cmath>
#include <cstddef>
#include <limits>

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
  double multiplier = std::numeric_limits<double>::infinity();  ///< no unit; positive. Infinite is Cfg

  void validate() const {
    require_finite("scale", scale);
    require(multiplier > 0.0, "multiplier", multiplier, "a positive number");
  }
};

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
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  detail::require_tensors(to, detail::Named{"cond", c}, detail::Named{"uncond", u});
  const detail::Channels channels = detail::channels_of("cond", c);
  method.validate();
  if (c.size() == 0) return;
  const std::size_t positions = channels.positions;
  double* const length = workspace.doubles(positions);
  const auto difference = [&](std::size_t i, std::size_t at) {
    return static_cast<double>(c.sample(i)[at]) - static_cast<double>(u.sample(i)[at]);
  };
  for (std::size_t i = 0; i < c.samples(); ++i) {
    Real sum;
    for (std::size_t p = 0; p < positions; ++p) {
      Real square;
      for (std::size_t k = 0; k < channels.count; ++k) {
        const Real d = difference(i, k * positions + p);
        square += d * d;
      }
      length[p] = static_cast<double>(sqrt(square));
      sum += length[p];
    }
    const Real mean = sum / static_cast<double>(positions);
    Real deviation;
    for (std::size_t p = 0; p < positions; ++p) deviation += (length[p] - mean) * (length[p] - mean);
    if (positions > 1) deviation = sqrt(deviation / static_cast<double>(positions - 1));
    const Real top = (mean + 5.0 * deviation) * method.multiplier;
    for (std::size_t k = 0; k < channels.count; ++k)
      for (std::size_t p = 0; p < positions; ++p) {
        const std::size_t at = k * positions + p;
        const Real d = difference(i, at);
        const Real shortened = length[p] == 0.0 ? Real(0.0) : d / (1.0 + length[p] / top);
        const Real guided = static_cast<double>(u.sample(i)[at]) + Real(method.scale) * shortened;
        to.sample(i)[at] = static_cast<T>(static_cast<double>(guided));
      }
  }
}
template <class Cond, class Uncond, class Out>
void guide(const Tonemap& method, const Cond& cond, const Uncond& uncond, Out&& out) {
  Workspace workspace;
  guide(method, cond, uncond, out, workspace);
}

/// The same, as a new tensor of the type of `cond`.
template <class Cond, class Uncond>
auto guide(const Tonemap& method, const Cond& cond, const Uncond& uncond) {
  auto out = ViewOf<Cond>::like(cond);
  guide(method, cond, uncond, out);
  return out;
}

}}  // namespace eigenguide
