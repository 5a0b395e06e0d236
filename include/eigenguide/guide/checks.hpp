// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// Rejects a `batch` that does not match `model` sample for sample, and, where
/// both know their dimensions, extent for extent.
template <class A, class B>
void require_same_shape(const char* name, const BatchView<A>& batch, const char* model_name,
                        const BatchView<B>& model) {
  static_assert(std::is_same_v<std::remove_const_t<A>, std::remove_const_t<B>>,
                "all tensors of one call have the same scalar type");
  const bool same_rank = batch.shape().rank == model.shape().rank;
  const bool same_size = batch.samples() == model.samples() && batch.size() == model.size();
  if (!same_size || (same_rank && !(batch.shape() == model.shape())))
    reject(name, "of shape " + batch.shape().text(),
           "the shape of `" + std::string(model_name) + "`, " + model.shape().text() +
               " (slowest dimension first)");
}

/// Rejects an `out` that shares memory with an input without being it: a
/// sample would be read after another had been written over it.
template <class T>
void require_no_partial_overlap(const BatchView<T>& out, const char* name,
                                const BatchView<const T>& input) {
  if (out.samples() == 0 || out.size() == 0 || input.samples() == 0) return;
  const bool same = out.data() == input.data() && out.stride() == input.stride();
  const auto end = [](const auto& batch) { return batch.sample(batch.samples() - 1) + batch.size(); };
  const std::less<const T*> before;
  const bool apart = !before(out.data(), end(input)) || !before(input.data(), end(out));
  // Rows of one matrix may interleave: equal strides, disjoint columns.
  const std::size_t stride = out.stride();
  const auto gap = [&] {
    const std::ptrdiff_t offset = out.data() - input.data();
    const auto period = static_cast<std::ptrdiff_t>(stride);
    const auto phase = static_cast<std::size_t>((offset % period + period) % period);
    return phase >= input.size() && phase + out.size() <= stride;
  };
  const bool interleaved = !apart && stride == input.stride() && stride > 0 && gap();
  if (!same && !apart && !interleaved)
    reject("out", "partly in the memory of `" + std::string(name) + "`",
           "memory of its own, or exactly that of an input");
}

}}}  // namespace eigenguide::detail
