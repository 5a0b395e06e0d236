// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/real.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/threshold/element.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Skimmed CFG: element by element, a smaller scale where guidance pushes a
/// value further out than both predictions and the sample agree on.
///
///   g = u + s d
///   outwards where sign d = sign c = sign g = sign (g − x)
///   g′ = u + k d there, g elsewhere
///
/// Zero has a sign of its own, and agrees with zero only.
///
/// Space   x₀; x in the same units
/// Source  no paper: Extraltodeus/Skimmed_CFG describes the agreement of signs
///         and the replacement; that the replaced elements are those of guidance
///         at k is inferred from it
struct SkimmedCfg {
  double scale = 1.0;           ///< s, no unit; any finite number
  double skimming_scale = 1.0;  ///< k, no unit; any finite number. Equal to s: Cfg

  void validate() const {
    require_finite("scale", scale);
    require_finite("skimming_scale", skimming_scale);
  }
};

/// Guides one step of a batch.
///
/// Inputs  x             [samples, ...], the noisy samples
///         cond, uncond  [samples, ...], predicted data
/// Output  out           of their shape; may be exactly one of them
/// Errors  a scale that is not finite, shapes that differ, an `out` that overlaps
///         an input partly; nothing has been written then
/// Cost    one read of each input, one write, no allocation
template <class X, class Cond, class Uncond, class Out>
void guide(const SkimmedCfg& method, const X& x, const Cond& cond, const Uncond& uncond, Out&& out) {
  const auto noisy = view(x);
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  detail::require_tensors(to, detail::Named{"cond", c}, detail::Named{"uncond", u}, detail::Named{"x", noisy});
  method.validate();
  const auto sign = [](Real v) { return (v > 0.0 ? 1 : 0) - (v < 0.0 ? 1 : 0); };
  for (std::size_t i = 0; i < c.samples(); ++i)
    for (std::size_t n = 0; n < c.size(); ++n) {
      const double from = static_cast<double>(u.sample(i)[n]), towards = static_cast<double>(c.sample(i)[n]);
      const Real g = detail::guided_element(method.scale, towards, from);
      const int direction = sign(Real(towards) - from);
      const bool outwards = direction == sign(towards) && direction == sign(g) &&
                            direction == sign(g - static_cast<double>(noisy.sample(i)[n]));
      to.sample(i)[n] = static_cast<T>(outwards ? detail::guided_element(method.skimming_scale, towards, from) : g);
    }
}

/// The same, as a new tensor of the type of `cond`.
template <class X, class Cond, class Uncond>
auto guide(const SkimmedCfg& method, const X& x, const Cond& cond, const Uncond& uncond) {
  auto out = ViewOf<Cond>::like(cond);
  guide(method, x, cond, uncond, out);
  return out;
}

}}  // namespace eigenguide
