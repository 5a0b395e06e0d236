// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The `count` values of a schedule, which is anything that has number i of
/// them as `schedule(i, count)`.
///
/// Errors  1e9 values or more; those of the schedule, none for 0 values
/// Cost    one evaluation a value, and the list: made once, before a run
template <class Schedule>
std::vector<double> values(const Schedule& schedule, std::size_t count) {
  require_count("count", count);
  std::vector<double> list;
  list.reserve(count);
  for (std::size_t i = 0; i < count; ++i) list.push_back(schedule(i, count));
  return list;
}

/// The noise levels of a run of `count` steps: the schedule's values, from
/// noise to data, and the 0 at which the last step ends. A run of no steps has
/// no levels.
///
/// Errors  as of values
template <class Schedule>
std::vector<double> sigmas(const Schedule& schedule, std::size_t count) {
  std::vector<double> list = values(schedule, count);
  if (count > 0) list.push_back(0.0);
  return list;
}

}}  // namespace eigenguide
