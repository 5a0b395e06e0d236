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
/// Source  no paper: Extraltodeus/Skimmed_CFG. Of its node, which treats u in the
///         same way first (presets/skimmed_cfg.hpp), this is the step of c
struct SkimmedCfg {
  double scale = 1.0;           ///< s, no unit; any finite number
  double skimming_scale = 1.0;  ///< k, no unit; any finite number. Equal to s: Cfg

  void validate() const {
    require_finite("scale", scale);
    require_finite("skimming_scale", skimming_scale);
  }
};

namespace detail {

/// Whether a scale s pushes element a out from b: sign (a − b) = sign a = sign e,
/// with e = b + s (a − b), and = sign (e − x) if that is to be `seen_from` x.
inline bool pushes_outwards(double scale, double a, double b, double x, bool seen_from = true) {
  const auto sign = [](Real v) { return (v > 0.0 ? 1 : 0) - (v < 0.0 ? 1 : 0); };
  const Real e = guided_element(scale, a, b);
  const int direction = sign(Real(a) - b);
  return direction == sign(a) && direction == sign(e) && (!seen_from || direction == sign(e - x));
}

}  // namespace detail

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
  for (std::size_t i = 0; i < c.samples() && c.size() > 0; ++i)
    for (std::size_t n = 0; n < c.size(); ++n) {
      const double from = static_cast<double>(u.sample(i)[n]), towards = static_cast<double>(c.sample(i)[n]);
      const bool outwards =
          detail::pushes_outwards(method.scale, towards, from, static_cast<double>(noisy.sample(i)[n]));
      const double scale = outwards ? method.skimming_scale : method.scale;
      to.sample(i)[n] = static_cast<T>(detail::guided_element(scale, towards, from));
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
