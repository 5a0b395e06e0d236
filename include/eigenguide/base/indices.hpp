// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/version.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

template <class Action, std::size_t... i>
inline void for_each_index(const Action& action, std::index_sequence<i...>) {
  (action(std::integral_constant<std::size_t, i>{}), ...);
}

}  // namespace detail

/// Calls `action` with 0, 1, …, count − 1, each of them a constant. An optimiser
/// keeps an array in registers only where it sees no other index, and g++ -O2
/// unrolls a loop too late for that.
template <std::size_t count, class Action>
inline void for_each_index(const Action& action) {
  detail::for_each_index(action, std::make_index_sequence<count>{});
}

}}  // namespace eigenguide
