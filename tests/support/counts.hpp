// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <limits>
#include <string>

/// 1e9 numbers and more are refused by the name of their count, before a list
/// is made: `list` makes one of as many as it is handed.
template <class List>
void check_count_is_bounded(const std::string& name, const List& list) {
  for (const std::size_t count : {std::size_t{1000000000}, std::numeric_limits<std::size_t>::max()})
    CHECK_REJECTS(list(count), "`" + name + "` is " + eigenguide::describe(static_cast<double>(count)) + "; expected fewer than 1e9");
}
