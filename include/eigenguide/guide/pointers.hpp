// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/with.hpp>
#include <eigenguide/kernel/step.hpp>

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// The pointers of one group: those of a chain's further predictions and
/// states, in its order, and of the next values that are written.
template <class Vectors, class T, class Options>
struct Pointers {
  static constexpr std::size_t predictions = 2 + Vectors::further, states = Vectors::states;
  const Options& options;
  std::size_t sample, offset;

  /// The option that gives vector `i` of the chain.
  template <std::size_t i>
  static constexpr std::size_t index = index_of_role<Vectors::roles[i]>(static_cast<const Options*>(nullptr));
  template <std::size_t state>
  static constexpr bool advances = std::tuple_element_t<index<1 + predictions + state>, Options>::advances;

  template <std::size_t i>
  const T* at() const {
    return std::get<index<i>>(options).values.sample(sample) + offset;
  }
  template <std::size_t... i>
  std::array<const T*, predictions> of_predictions(const T* cond, const T* uncond, std::index_sequence<i...>) const {
    return {cond, uncond, at<3 + i>()...};
  }
  template <std::size_t... k>
  std::array<const T*, states> of_states(std::index_sequence<k...>) const {
    return {at<1 + predictions + k>()...};
  }

  /// Where the next value of state k goes; null where it is not written.
  template <std::size_t k>
  T* next() const {
    if constexpr (advances<k>)
      return std::get<index<1 + predictions + k>>(options).next.sample(sample) + offset;
    else
      return nullptr;
  }
  template <std::size_t... k>
  auto of_next(std::index_sequence<k...>) const {
    constexpr std::size_t advancing = (std::size_t{0} + ... + (advances<k> ? 1 : 0));
    std::array<kernel::Next<T>, advancing> all{};
    std::size_t count = 0;
    const auto add = [&](auto state) {
      if constexpr (advances<decltype(state)::value>) all[count++] = {state, next<decltype(state)::value>()};
    };
    (add(std::integral_constant<std::size_t, k>{}), ...);
    (void)add, (void)count;
    return all;
  }
};

}}}  // namespace eigenguide::detail
