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
///   p′ = p − Σ w_k n_k⊥
///
/// The result is u + p′, and the links after it see p′ as the difference, so
/// that the paper's g = u + s p′ is PerpNeg<K>{weights} | Cfg{s}:
///
///   guide(with(PerpNeg<1>{{1.0}} | Cfg{8.0}, prompt<0>(negative)), cond, empty, out);
///
/// With v_k = c − prompt_k = p − n_k, in which nothing is lost where the
/// predictions are close, n_k⊥ = −v_k⊥. A zero p has no direction, and the
/// negatives stay whole: n_k⊥ = n_k.
///
/// Space   the same result in every one
/// Source  Armandpour, Sadeghian, Zheng, Sadeghian, Zhou, arXiv:2304.04968
template <std::size_t K = 1>
struct PerpNeg {
  static_assert(K >= 1 && K <= 4, "from one to four negative prompts");

  std::array<double, K> weights{};  ///< w_k, no unit; any finite numbers. 0 leaves prompt k out

  static constexpr const char* name = "perp_neg";
  static constexpr std::array<const char*, 4> weight_names{"weight", "weight_1", "weight_2", "weight_3"};
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    for (std::size_t k = 0; k < K; ++k) visit(weight_names[k], self.weights[k]);
  }

  enum Vector : std::size_t { c, d, v };  ///< `v` + k: v_k
  static constexpr std::size_t size = 2 + K;
  using Vectors = decltype(detail::with_prompts(std::make_index_sequence<K>{}));

  void validate() const {
    for (std::size_t k = 0; k < K; ++k) require_finite(weight_names[k], weights[k]);
  }

  /// p′
  Row<size> difference(const Gram<size>& gram) const { return unit<size>(d) + away(gram); }

  /// u + p′
  Row<size> operator()(const Gram<size>& gram) const { return unit<size>(c) + away(gram); }

 private:
  /// −Σ w_k n_k⊥
  Row<size> away(const Gram<size>& gram) const {
    Row<size> sum;
    for (std::size_t k = 0; k < K; ++k)
      sum = sum + Real(weights[k]) * orthogonal_to(gram, unit<size>(v + k), unit<size>(d));
    return sum;
  }
};

}}  // namespace eigenguide
