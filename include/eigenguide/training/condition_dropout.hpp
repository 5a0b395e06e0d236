// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/kernel/batch_view.hpp>

#include <cstddef>
#include <cstring>
#include <iterator>
#include <type_traits>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

template <class T>
void require_draw(T uniform) {
  static_assert(std::is_floating_point_v<T>, "draws are floating-point numbers");
  const double u = static_cast<double>(uniform);
  require(u >= 0.0 && u <= 1.0, "uniform", u, "a number in [0, 1]");
}

/// Whether `null` is one embedding for every sample of `cond`: with the extents of
/// a sample, where both know theirs, or as one run of as many elements.
template <class Null, class Cond>
bool is_shared(const BatchView<Null>& null, const BatchView<Cond>& cond) {
  if (null.samples() * null.size() != cond.size() || (null.samples() > 1 && null.stride() != null.size())) return false;
  const Shape &own = null.shape(), &all = cond.shape();
  if (own.rank == 0 || all.rank < 2 || own == Shape{{cond.size()}, 1}) return true;
  Shape sample;
  while (sample.rank + 1 < all.rank) sample.extent[sample.rank] = all.extent[sample.rank + 1], ++sample.rank;
  return own == sample;
}

}  // namespace detail

/// Which samples of a training batch keep their condition: a model that is
/// trained with it replaced, now and then, can be guided.
///
///   keep = u < 1 − p, all at p = 0 and none at p = 1 whatever the draws
///
/// Conditions that are dropped independently have a draw each.
///
/// Inputs  uniform  u, a draw from the uniform distribution on [0, 1); the
///                  comparison is made in its type
/// Errors  a p or u outside of [0, 1]
/// Source  Ho, Salimans, arXiv:2207.12598, algorithm 1
struct ConditionDropout {
  double probability = 0.0;  ///< p, of a sample to lose its condition; in [0, 1]

  template <class T>
  bool operator()(T uniform) const {
    require(probability >= 0.0 && probability <= 1.0, "probability", probability, "a number in [0, 1]");
    detail::require_draw(uniform);
    if (probability == 0.0 || probability == 1.0) return probability == 0.0;
    return uniform < static_cast<T>(1.0 - probability);
  }
};

/// Two conditions dropped by one draw, so that a share q of the samples is
/// without the text, one without both and one without the image.
///
///   text = u ≥ 2q,  image = u < q or u ≥ 3q
///
/// Inputs  uniform  u, a draw from the uniform distribution on [0, 1); the
///                  comparison is made in its type
/// Errors  a q outside of [0, ⅓], a u outside of [0, 1]
/// Source  Brooks, Holynski, Efros, arXiv:2211.09800, §3.2.1
struct TextImageDropout {
  double probability = 0.0;  ///< q, of each of the three; in [0, ⅓]

  struct Keep {
    bool text, image;
  };

  template <class T>
  Keep operator()(T uniform) const {
    require(probability >= 0.0 && 3.0 * probability <= 1.0, "probability", probability, "a number in [0, 1/3]");
    detail::require_draw(uniform);
    const T once = static_cast<T>(probability), twice = static_cast<T>(2.0 * probability),
            thrice = static_cast<T>(3.0 * probability);
    return {uniform >= twice, uniform < once || uniform >= thrice};
  }
};

/// A dropout's answer to each of the draws.
/// Inputs  dropout  ConditionDropout, or any bool(T)
///         draws    [samples], a container of T
template <class Dropout, class Draws>
std::vector<bool> keep_mask(const Dropout& dropout, const Draws& draws) {
  std::vector<bool> keep;
  keep.reserve(std::size(draws));
  for (const auto draw : draws) keep.push_back(dropout(draw));
  return keep;
}

/// The condition of the samples that keep it, and the null embedding of the others.
///
///   where(keep_mask(ConditionDropout{0.1}, draws), cond, null, out);
///
/// Inputs  keep  [samples], a container of what is true or false
///         cond  [samples, ...]
///         null  [...], one embedding for all; or [samples, ...]
/// Output  out   [samples, ...]; may be exactly `cond`, or a `null` of its shape
/// Errors  shapes that differ, a mask of another length, an `out` that overlaps
///         an input partly; nothing has been written then
/// Cost    one read and one write of the batch; none of what `out` has already
template <class Mask, class Cond, class Null, class Out>
void where(const Mask& keep, const Cond& cond, const Null& null, Out&& out) {
  const auto c = view(cond);
  const auto n = view(null);
  const auto to = view(out);
  using T = typename decltype(c)::Scalar;

  detail::require_tensors(to, detail::Named{"cond", c});
  const auto entries = static_cast<std::size_t>(keep.size());
  require(entries == c.samples(), "keep", static_cast<double>(entries), "one entry for each sample");
  const bool shared = detail::is_shared(n, c);
  if (!shared) detail::require_same_shape("null", n, "cond", c);
  if (shared && c.samples() > 1)
    detail::require_apart("out", to, "null", n);  // it is read for every sample
  else
    detail::require_no_partial_overlap("out", to, "null", n);

  auto kept = keep.begin();
  for (std::size_t i = 0; i < c.samples(); ++i, ++kept) {
    const T* from = *kept ? c.sample(i) : shared ? n.data() : n.sample(i);
    if (from != to.sample(i) && c.size() > 0) std::memcpy(to.sample(i), from, c.size() * sizeof(T));
  }
}

/// The same, as a new tensor of the type of `cond`.
template <class Mask, class Cond, class Null>
auto where(const Mask& keep, const Cond& cond, const Null& null) {
  auto out = ViewOf<Cond>::like(cond);
  where(keep, cond, null, out);
  return out;
}

}}  // namespace eigenguide
