// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/projection.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

template <std::size_t... k>
Reads<Role::cond, Role::difference, prompt_role(k)...> with_prompts(std::index_sequence<k...>);

}  // namespace detail

/// Perp-Neg: guidance away from K negative prompts, by those parts of them only
/// that say nothing about the positive one. `uncond` is the prediction of the
/// EMPTY prompt, and prompt<k> that of negative prompt k.
///
///   p = c − u,   n_k = prompt_k − u
///   n_k⊥ = n_k − ⟨n_k, p⟩ / ‖p‖² p
///   g = u + s (p − Σ w_k n_k⊥)
///
///   guide(with(PerpNeg<1>{8.0, {1.0}}, prompt<0>(negative)), cond, empty, out);
///
/// A part of n_k along p is orthogonal to nothing of itself, so that with
/// v_k = c − prompt_k = p − n_k it is n_k⊥ = −v_k⊥, and
///
///   g = c + (s − 1) p + s Σ w_k v_k⊥
///
/// At scale 1 the negatives still act: g = c − Σ w_k n_k⊥. A zero p has no
/// direction, and the negatives stay whole: n_k⊥ = n_k.
///
/// Space   the same result up to the metric of ⟨·, ·⟩: for all kinds the same
/// Source  Armandpour, Sadeghian, Zheng, Sadeghian, Zhou, arXiv:2304.04968
template <std::size_t K = 1>
struct PerpNeg {
  double scale = 1.0;              ///< s, no unit; any finite number
  std::array<double, K> weights{};  ///< w_k, no unit; any finite numbers. 0 leaves prompt k out

  static constexpr const char* name = "perp_neg";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
    visit("weights", self.weights);
  }

  enum Vector : std::size_t { c, d, negative };  ///< `negative` + k: v_k
  static constexpr std::size_t size = 2 + K;
  using Vectors = decltype(detail::with_prompts(std::make_index_sequence<K>{}));

  void validate() const {
    require_finite("scale", scale);
    for (const double weight : weights) require_finite("weights", weight);
  }

  Row<size> operator()(const Gram<size>& gram) const {
    Row<size> away;  // −Σ w_k n_k⊥
    for (std::size_t k = 0; k < K; ++k)
      away = away + Real(weights[k]) * orthogonal_to(gram, unit<size>(negative + k), unit<size>(d));
    return unit<size>(c) + (Real(scale) - 1.0) * unit<size>(d) + Real(scale) * away;
  }
};

}}  // namespace eigenguide
