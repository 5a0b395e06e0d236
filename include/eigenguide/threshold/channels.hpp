// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// A sample as its channels, the second dimension, and the positions of each:
/// element n of channel k is k · positions + n.
struct Channels {
  std::size_t count = 0, positions = 0;
};

/// Errors: a batch whose shape is not known, or has no channels
template <class T>
Channels channels_of(const char* name, const BatchView<T>& batch) {
  const Shape& shape = batch.shape();
  if (shape.rank < 2)
    reject(name, "of shape " + batch.text(),
           "[samples, channels, ...]: a tensor of two dimensions or more, or a BatchView with its Shape");
  const std::size_t count = shape.extent[1];
  return {count, count == 0 ? 0 : batch.size() / count};
}

}}}  // namespace eigenguide::detail
