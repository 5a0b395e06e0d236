// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/half.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/kernel/batch_view.hpp>

#include <ATen/ATen.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

template <class T>
constexpr at::ScalarType torch_type() {
  if constexpr (std::is_same_v<T, float>)
    return at::kFloat;
  else if constexpr (std::is_same_v<T, double>)
    return at::kDouble;
  else if constexpr (std::is_same_v<T, half>)
    return at::kHalf;  // the same bits
  else
    return at::kBFloat16;
}

}  // namespace detail

/// A tensor of LibTorch as a batch, without a copy: [samples, ...], each sample
/// in one piece, however far apart they are. So the halves of a batch of 2N are
/// batches (`chunk`), and every second sample is one (`slice` with a step).
///
///   guide(Cfg{7.5}, batch_of<const float>(cond), batch_of<const float>(uncond), batch_of<float>(out));
///
/// Errors  a tensor that is not on the CPU, of another type than T, of no or
///         more than eight dimensions, or whose samples are permuted or spread
///         out; `.contiguous()` makes them one piece
template <class T>
BatchView<T> batch_of(const at::Tensor& tensor) {
  using Scalar = std::remove_const_t<T>;
  static_assert(is_storage<Scalar>, "tensors are of float, double, half or bfloat16");
  const auto was = [&] { return std::string(at::toString(tensor.scalar_type())) + " on " + tensor.device().str(); };
  if (!tensor.device().is_cpu()) reject("tensor", was(), "a tensor on the CPU");
  if (tensor.scalar_type() != detail::torch_type<Scalar>())
    reject("tensor", was(), std::string("of type ") + at::toString(detail::torch_type<Scalar>()));
  require(tensor.dim() > 0 && tensor.dim() <= static_cast<std::int64_t>(Shape::max_rank), "tensor",
          static_cast<double>(tensor.dim()), "of one to eight dimensions");
  Shape shape;
  for (const std::int64_t extent : tensor.sizes()) shape.extent[shape.rank++] = static_cast<std::size_t>(extent);
  if (shape.rank == 1) shape.extent[shape.rank++] = 1;  // samples of one element
  std::size_t size = 1;
  for (std::size_t i = shape.rank; i-- > 1; size *= shape.extent[i])
    if (shape.extent[i] != 1 && tensor.numel() > 0 && tensor.stride(static_cast<std::int64_t>(i)) != static_cast<std::int64_t>(size))
      reject("tensor", "of strides that leave a sample in pieces", "samples in one piece: call .contiguous()");
  const std::size_t samples = shape.extent[0];
  const std::size_t stride = samples > 1 ? static_cast<std::size_t>(tensor.stride(0)) : size;
  return {static_cast<T*>(tensor.data_ptr()), samples, size, stride, shape};
}

/// Calls `action` with a value of the type that a tensor has: float, double, half or bfloat16.
/// Errors: a tensor of another type
template <class Action>
void visit_type(const at::Tensor& tensor, const Action& action) {
  switch (tensor.scalar_type()) {
    case at::kFloat: return action(float{});
    case at::kDouble: return action(double{});
    case at::kHalf: return action(half{});
    case at::kBFloat16: return action(bfloat16{});
    default: reject("tensor", at::toString(tensor.scalar_type()), "of type Float, Double, Half or BFloat16");
  }
}

}}  // namespace eigenguide
