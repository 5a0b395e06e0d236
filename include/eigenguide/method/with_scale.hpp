// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/chain.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

template <class T, class = void>
struct has_scale : std::false_type {};
template <class T>
struct has_scale<T, std::void_t<decltype(T::scale)>> : std::true_type {};

namespace detail {

/// `method` with another scale; of a chain, its first link that has one.
template <class Method>
Method with_scale(Method method, double scale) {
  static_assert(has_scale<Method>::value, "this method has no scale");
  method.scale = scale;
  return method;
}

template <std::size_t i = 0, class... Links>
Chain<Links...> with_scale(Chain<Links...> chain, double scale) {
  static_assert((has_scale<Links>::value || ...), "no link of this chain has a scale");
  auto& link = std::get<i>(chain.links);
  if constexpr (has_scale<std::remove_reference_t<decltype(link)>>::value) {
    link.scale = scale;
    return chain;
  } else {
    return with_scale<i + 1>(std::move(chain), scale);
  }
}

/// Errors: a chain of which no link has a scale.
template <class Methods>
BasicAnyChain<Methods> with_scale(BasicAnyChain<Methods> chain, double scale) {
  if (!chain.set_scale(scale)) reject("scales", "given to a chain without a scale", "a link that has one");
  return chain;
}

}  // namespace detail

}}  // namespace eigenguide
