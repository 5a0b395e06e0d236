// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/version.hpp>

#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The memory that verbs work in that are more than sums and weights. It grows to what the
/// largest call has needed: a call that needs no more allocates nothing.
///
/// Serves any calls, one at a time; a copy is another workspace.
class Workspace {
 public:
  /// `count` doubles, not set, until the next call.
  double* doubles(std::size_t count) {
    if (values_.size() < count) {
      values_.clear();
      values_.resize(count);
    }
    return values_.data();
  }

 private:
  std::vector<double> values_;
};

}}  // namespace eigenguide
