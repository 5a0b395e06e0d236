// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/kernel/write.hpp>
#include <eigenguide/threshold/channels.hpp>
#include <eigenguide/threshold/element.hpp>

#include <array>
#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Mahiro: guidance that leans on the conditional prediction alone where it
/// disagrees with the unconditional one.
///
///   g = u + s d,  leap = s c,  merge = (leap + g) / 2
///   sim = mean over positions of cos(√̲(s u), √̲merge) over the channels
///   g′ = ((sim + 1) g + (1 − sim) leap) / 2
///
/// with √̲v = sign(v) √|v|, element by element. A zero vector is at a right angle
/// to every other.
///
/// Group   the channels are the second dimension
/// Space   depends on it; ComfyUI's is x₀
/// Source  no paper: ComfyUI's node "Mahiro"
struct Mahiro {
  double scale = 1.0;  ///< s, no unit; any finite number. 1 returns c

  void validate() const { require_finite("scale", scale); }
};

namespace detail {

/// Σ over positions of the cosines, for one sample, with lengths of at least `least`.
template <class T>
Real mahiro_cosines(double scale, const T* cond, const T* uncond, const Channels& channels, double least = 0.0) {
  const auto signed_root = [](Real v) { return v < 0.0 ? -sqrt(-v) : sqrt(v); };
  Real total;
  for (std::size_t p = 0; p < channels.positions; ++p) {
    Real product, from, to;
    for (std::size_t k = 0; k < channels.count; ++k) {
      const std::size_t at = k * channels.positions + p;
      const double c = static_cast<double>(cond[at]), u = static_cast<double>(uncond[at]);
      const Real a = signed_root(Real(scale) * u);
      const Real b = signed_root(0.5 * (Real(scale) * c + guided_element(scale, c, u)));
      product += a * b;
      from += a * a;
      to += b * b;
    }
    const Real lengths = greater(sqrt(from), least) * greater(sqrt(to), least);
    if (lengths != 0.0) total += product / lengths;
  }
  return total;
}

/// ((sim + 1) g + (1 − sim) leap) / 2, with g = c + (s − 1) d.
template <class T>
void mahiro_write(double scale, Real similarity, const T* cond, const T* uncond, T* out, std::size_t size) {
  const Real s = scale, towards_g = 0.5 * (similarity + 1.0);
  kernel::Terms<T, 1, 0, 1> terms(cond);
  terms.first_weight = {1.0 + (1.0 - towards_g) * (s - 1.0)};
  terms.add_uncond(uncond, {towards_g * (s - 1.0)}, {0.0});
  kernel::write(kernel::best_target(), terms, std::array<T*, 1>{out}, size);
}

}  // namespace detail

/// Guides one step of a batch.
///
/// Inputs  cond, uncond  [samples, channels, ...], of two dimensions or more
/// Output  out           of their shape; may be exactly one of them
/// Errors  a scale that is not finite, shapes that differ or are not known, an
///         `out` that overlaps an input partly; nothing has been written then
/// Cost    two reads of each input, one write, no allocation
template <class Cond, class Uncond, class Out>
void guide(const Mahiro& method, const Cond& cond, const Uncond& uncond, Out&& out) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);

  detail::require_tensors(to, detail::Named{"cond", c}, detail::Named{"uncond", u});
  const detail::Channels channels = detail::channels_of("cond", c);
  method.validate();
  for (std::size_t i = 0; i < c.samples() && c.size() > 0; ++i) {
    const Real mean = detail::mahiro_cosines(method.scale, c.sample(i), u.sample(i), channels) /
                      static_cast<double>(channels.positions);
    detail::mahiro_write(method.scale, mean, c.sample(i), u.sample(i), to.sample(i), c.size());
  }
}

/// The same, as a new tensor of the type of `cond`.
template <class Cond, class Uncond>
auto guide(const Mahiro& method, const Cond& cond, const Uncond& uncond) {
  auto out = ViewOf<Cond>::like(cond);
  guide(method, cond, uncond, out);
  return out;
}

}}  // namespace eigenguide
