// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/levels.hpp>
#include <eigenguide/guide/run.hpp>
#include <eigenguide/prediction/space.hpp>

#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Guides one step of a batch, in the model's own space: the predictions of
/// each sample are reduced to inner products, `method` turns those into
/// weights, and their combination is written.
///
///   guide(CfgZeroStar{5.0} | Rescale{0.7}, cond, uncond, out);
///
/// Inputs  method        a method, a chain of them, or either `with` more inputs
///         cond, uncond  [samples, ...], predictions of the same kind: tensors,
///                       matrices and maps of Eigen's, or BatchView. A method
///                       that does not read `uncond` may be given `cond` again
/// Output  out           [samples, ...], the guided prediction in the units of
///                       `cond`; may be exactly one of the inputs. Of the
///                       inputs' type, or float where they are halves: then it
///                       is not rounded to a half, and no state advances
/// Errors  shapes that differ, a parameter out of its range, options of `with`
///         that do not fit, an `out` that overlaps an input partly; nothing has
///         been written then
/// Cost    two reads of each input, one for a method whose weights do not
///         depend on the data, three for a sample whose float sums cannot be
///         trusted; one write; no allocation
/// Accuracy  float: one rounding for each term, and weights from sums within
///         5e-7; docs/numerics.md says when they are taken in double
template <class Method, class Cond, class Uncond, class Out, class = std::enable_if_t<is_guidance<Method>>>
void guide(const Method& method, const Cond& cond, const Uncond& uncond, Out&& out) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;
  using To = typename decltype(to)::Scalar;

  detail::require_tensors<true>(to, detail::Named{"cond", c}, detail::Named{"uncond", u});
  detail::run(method, detail::Views<T, false, To>{c, u, {nullptr, 0, 0}, to}, [](std::size_t) { return detail::Place{}; });
}

/// The same, as a new tensor of the type of `cond`.
template <class Method, class Cond, class Uncond, class = std::enable_if_t<is_guidance<Method>>>
auto guide(const Method& method, const Cond& cond, const Uncond& uncond) {
  auto out = ViewOf<Cond>::like(cond);
  guide(method, cond, uncond, out);
  return out;
}

/// Guides one step with the method's formula read in another space: a v-model
/// guided in x₀, and every other pair of kinds, at the cost of the same passes.
///
///   guide(Rescale{0.7}, Space{Kind::v, Kind::sample}, level, x, cond, uncond, out);
///
/// Inputs  space   the model's kind, and the kind in which `method` is read
///         levels  one Level, or one for each sample
///         x       [samples, ...], the noisy samples that the model saw
/// Output  out     [samples, ...], the guided prediction in the model's kind
/// Errors  also an invalid level, and one at which the space cannot be reached
///         or left: ε at α = 0, x₀ at σ = 0, and what map() rejects next to these
template <class Method, class Sample, class Cond, class Uncond, class Out,
          class = std::enable_if_t<is_guidance<Method>>>
void guide(const Method& method, const Space& space, const Levels& levels, const Sample& x,
           const Cond& cond, const Uncond& uncond, Out&& out) {
  const auto c = view(cond);
  const auto u = view(uncond);
  const auto noisy = view(x);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;
  using To = typename decltype(to)::Scalar;

  detail::require_tensors<true>(to, detail::Named{"cond", c}, detail::Named{"uncond", u}, detail::Named{"x", noisy});
  levels.for_each(c.samples(), [&](const Level& level) { map(space, level); });
  detail::run(method, detail::Views<T, true, To>{c, u, noisy, to},
              [&](std::size_t i) { return detail::Place{map(space, levels[i]), {}}; });
}

/// The same, as a new tensor of the type of `cond`.
template <class Method, class Sample, class Cond, class Uncond, class = std::enable_if_t<is_guidance<Method>>>
auto guide(const Method& method, const Space& space, const Levels& levels, const Sample& x,
           const Cond& cond, const Uncond& uncond) {
  auto out = ViewOf<Cond>::like(cond);
  guide(method, space, levels, x, cond, uncond, out);
  return out;
}

}}  // namespace eigenguide
