// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/levels.hpp>
#include <eigenguide/guide/run.hpp>
#include <eigenguide/prediction/update.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Guides, and takes the sampler's step, in the same passes: the next sample is
/// written, and the guided prediction never is.
///
///   step(Cfg{7.5}, Update{{Kind::epsilon, Kind::epsilon}}, level, next, x, cond, uncond, x);
///   step(Cfg{0.6}, Update{{Kind::epsilon, Kind::epsilon}, Renoise::uncond}, …);  // CFG++
///
/// Inputs  method        as guide()
///         update        the model's kind, the method's, and whose noise is taken along
///         levels, next  where x is and where it goes: one Level, or one for each sample
///         x             [samples, ...], the noisy samples that the model saw
///         cond, uncond  [samples, ...], predictions of the model's kind
/// Output  out           [samples, ...], the samples at `next`; may be exactly one of the inputs,
///                       and float where they are halves
/// Errors  as guide(), of both levels
/// Cost    as guide(), with x among the inputs
template <class Method, class Sample, class Cond, class Uncond, class Out>
void step(const Method& method, const Update& update, const Levels& levels, const Levels& next,
          const Sample& x, const Cond& cond, const Uncond& uncond, Out&& out) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto noisy = view(x);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;
  using To = typename decltype(to)::Scalar;

  detail::require_tensors<true>(to, detail::Named{"cond", c}, detail::Named{"uncond", u}, detail::Named{"x", noisy});
  const auto place_of = [&](std::size_t i) {
    const Update::Weights weights = update(levels[i], next[i]);
    return detail::Place{map(update.space, levels[i]), {weights.guided, weights.uncond, weights.sample}};
  };
  levels.for_each(c.samples(), [](const Level& level) { level.validate(); });
  next.for_each(c.samples(), [](const Level& level) { level.validate(); }, "next");
  for (std::size_t i = 0; i < (levels.is_shared() && next.is_shared() ? 1 : c.samples()); ++i) place_of(i);
  detail::run(method, detail::Views<T, true, To>{c, u, noisy, to}, place_of);
}

/// The same, as a new tensor of the type of `x`.
template <class Method, class Sample, class Cond, class Uncond>
auto step(const Method& method, const Update& update, const Levels& levels, const Levels& next,
          const Sample& x, const Cond& cond, const Uncond& uncond) {
  auto out = ViewOf<Sample>::like(x);
  step(method, update, levels, next, x, cond, uncond, out);
  return out;
}

}}  // namespace eigenguide
