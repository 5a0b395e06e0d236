// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// Rejects a `batch` that does not match `model` sample for sample, and, where
/// both know their dimensions, extent for extent.
template <class A, class B>
void require_shape(const char* name, const BatchView<A>& batch, const char* model_name, const BatchView<B>& model) {
  const bool same_size = batch.samples() == model.samples() && batch.size() == model.size();
  const bool known = batch.shape().rank > 0 && model.shape().rank > 0;
  if (!same_size || (known && !(batch.shape() == model.shape())))
    reject(name, "of shape " + batch.text(),
           "the shape of `" + std::string(model_name) + "`, " + model.text() +
               " (slowest dimension first)");
}

/// The same of tensors that have one type.
template <class A, class B>
void require_same_shape(const char* name, const BatchView<A>& batch, const char* model_name,
                        const BatchView<B>& model) {
  static_assert(std::is_same_v<std::remove_const_t<A>, std::remove_const_t<B>>,
                "all tensors of one call have the same scalar type");
  require_shape(name, batch, model_name, model);
}

/// Rejects a padding `mask` that cannot be repeated over the slower dimensions of
/// `model`, as [samples, 1, time] is over the channels of [samples, channels, time]:
/// one of other samples, of a size that does not divide, or, where both have as
/// many dimensions, with extents other than 1 but for the fastest, which are alike.
template <class A, class B>
void require_mask(const char* name, const BatchView<A>& mask, const char* model_name, const BatchView<B>& model) {
  const Shape &own = mask.shape(), &all = model.shape();
  bool fits = mask.samples() == model.samples() && (mask.size() == 0 ? model.size() == 0 : model.size() % mask.size() == 0);
  if (own.rank == all.rank && own.rank > 2) {
    std::size_t i = own.rank;
    while (i > 1 && own.extent[i - 1] == all.extent[i - 1]) --i;
    while (i > 1 && own.extent[i - 1] == 1) --i;
    fits = fits && i == 1;
  }
  if (!fits)
    reject(name, "of shape " + mask.text(),
           "one for each sample, that repeats over the slower dimensions of `" + std::string(model_name) + "`, " + model.text());
}

/// How two batches share memory: not, or sample for sample, or otherwise.
enum class Sharing { none, same, partial };

template <class A, class B>
Sharing sharing_of(const BatchView<A>& a, const BatchView<B>& b) {
  if (a.samples() == 0 || a.size() == 0 || b.samples() == 0 || b.size() == 0) return Sharing::none;
  const auto first = [](const auto& batch, std::size_t i) { return reinterpret_cast<std::uintptr_t>(batch.sample(i)); };
  const auto past = [&](const auto& batch, std::size_t i) { return first(batch, i) + batch.size() * sizeof(*batch.data()); };
  if (past(a, a.samples() - 1) <= first(b, 0) || past(b, b.samples() - 1) <= first(a, 0)) return Sharing::none;

  const bool same_steps = a.samples() == b.samples() && (a.samples() == 1 || a.stride() == b.stride());
  if (same_steps && sizeof(A) == sizeof(B) && a.size() == b.size() && first(a, 0) == first(b, 0)) return Sharing::same;

  // Columns of matrices interleave.
  for (std::size_t i = 0, j = 0; i < a.samples() && j < b.samples();)
    if (past(a, i) <= first(b, j))
      ++i;
    else if (past(b, j) <= first(a, i))
      ++j;
    else
      return Sharing::partial;
  return Sharing::none;
}

/// Rejects an output that shares memory with an input without being it: what
/// is written for one sample would be read for another.
template <class T, class Input>
void require_no_partial_overlap(const char* out_name, const BatchView<T>& out, const char* name,
                                const BatchView<Input>& input) {
  if (sharing_of(out, input) == Sharing::partial)
    reject(out_name, "partly in the memory of `" + std::string(name) + "`",
           "memory of its own, or exactly that of an input");
}

/// Rejects an output that shares memory with another.
template <class A, class B>
void require_apart(const char* name, const BatchView<A>& out, const char* other_name, const BatchView<B>& other) {
  require_no_partial_overlap(name, out, other_name, other);
  if (sharing_of(out, other) == Sharing::same)
    reject(name, "in the memory of `" + std::string(other_name) + "`", "memory of its own");
}

/// One input of a call, by its name in messages.
template <class T>
struct Named {
  const char* name;
  BatchView<T> view;
};
template <class T>
Named(const char*, BatchView<T>) -> Named<T>;

/// What every verb asks of its tensors: the type and the shape of the first, and
/// an `out` that is one of them or apart from all; where `may_be_wider`, an `out`
/// of the type that the first is computed in, too.
template <bool may_be_wider = false, class T, class First, class... Inputs>
void require_tensors(const BatchView<T>& out, const Named<First>& first, const Named<Inputs>&... inputs) {
  static_assert(!std::is_const_v<T>, "`out` is const: it cannot be written through");
  using Scalar = std::remove_const_t<First>;
  static_assert(is_storage<Scalar>, "tensors are of float, double, half or bfloat16");
  static_assert(std::is_same_v<T, Scalar> || (may_be_wider && std::is_same_v<T, ComputeOf<Scalar>>),
                "all tensors of one call have the same scalar type; but the `out` of guide and step may be float where they are halves");
  (require_same_shape(inputs.name, inputs.view, first.name, first.view), ...);
  require_shape("out", out, first.name, first.view);
  require_no_partial_overlap("out", out, first.name, first.view);
  (require_no_partial_overlap("out", out, inputs.name, inputs.view), ...);
}

}}}  // namespace eigenguide::detail
