// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/tensor/half.hpp>

#include <unsupported/Eigen/CXX11/Tensor>

#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// Eigen tensors of any rank. The samples are the slowest dimension: the first
/// of a RowMajor tensor, the last of a ColMajor one. A tensor of rank 1 or 0 is
/// one sample; `one_sample` says so of any other.
template <class Tensor, class PlainTensor>
struct TensorView {
  using Scalar = typename Tensor::Scalar;
  using Plain = PlainTensor;
  static constexpr bool row_major = static_cast<int>(Tensor::Layout) == static_cast<int>(Eigen::RowMajor);

  static auto view(Tensor& tensor) {
    return make<std::remove_pointer_t<decltype(tensor.data())>>(tensor);
  }
  static auto view(const Tensor& tensor) { return make<const Scalar>(tensor); }
  static Plain like(const Tensor& tensor) {
    Plain plain;
    if constexpr (std::is_same_v<Plain, Eigen::Tensor<Scalar, Tensor::NumDimensions, Tensor::Layout, typename Tensor::Index>>)
      plain.resize(tensor.dimensions());
    return plain;
  }

 private:
  template <class T, class Object>
  static BatchView<Stored<T>> make(Object& tensor) {
    constexpr std::size_t rank = static_cast<std::size_t>(Tensor::NumDimensions);
    const auto extent = [&](std::size_t slowness) {
      // Tensor counts its dimensions in an unsigned type, TensorMap in a signed
      // one; a short fits both.
      const auto dimension = static_cast<unsigned short>(row_major ? slowness : rank - 1 - slowness);
      return static_cast<std::size_t>(tensor.dimension(dimension));
    };
    // Dimensions past those that a Shape can hold are folded into its last.
    Shape shape;
    shape.rank = rank < Shape::max_rank ? rank : Shape::max_rank;
    shape.extent.fill(0);
    for (std::size_t i = 0; i < shape.rank; ++i) shape.extent[i] = extent(i);
    for (std::size_t i = Shape::max_rank; i < rank; ++i)
      shape.extent[Shape::max_rank - 1] = Shape::product(shape.extent[Shape::max_rank - 1], extent(i));
    return {stored(tensor.data()), shape.samples(), shape.size(), shape.size(), shape};
  }
};

}  // namespace detail

template <class T, int rank, int options, class Index>
struct ViewOf<Eigen::Tensor<T, rank, options, Index>>
    : detail::TensorView<Eigen::Tensor<T, rank, options, Index>, Eigen::Tensor<T, rank, options, Index>> {};

template <class T, class Dimensions, int options, class Index>
struct ViewOf<Eigen::TensorFixedSize<T, Dimensions, options, Index>>
    : detail::TensorView<Eigen::TensorFixedSize<T, Dimensions, options, Index>,
                         Eigen::TensorFixedSize<T, Dimensions, options, Index>> {};

template <class Plain, int options, template <class> class MakePointer>
struct ViewOf<Eigen::TensorMap<Plain, options, MakePointer>>
    : detail::TensorView<Eigen::TensorMap<Plain, options, MakePointer>, std::remove_const_t<Plain>> {};

}}  // namespace eigenguide
