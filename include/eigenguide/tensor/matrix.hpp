// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/tensor/half.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// Dense Eigen objects with memory of their own or of another. The samples are
/// the slow dimension: rows of a RowMajor matrix, columns of a ColMajor one; a
/// vector is one sample.
template <class Dense>
struct DenseView {
  using Scalar = typename Dense::Scalar;
  using Plain = typename Dense::PlainObject;
  static constexpr bool row_major = Dense::IsRowMajor;

  static auto view(Dense& dense) {
    return make<std::conditional_t<(Dense::Flags & Eigen::LvalueBit) != 0, Scalar, const Scalar>>(dense);
  }
  static auto view(const Dense& dense) { return make<const Scalar>(dense); }
  static Plain like(const Dense& dense) { return Plain(dense.rows(), dense.cols()); }

 private:
  template <class T, class Object>
  static BatchView<Stored<T>> make(Object& dense) {
    const auto samples = static_cast<std::size_t>(row_major ? dense.rows() : dense.cols());
    const auto size = static_cast<std::size_t>(row_major ? dense.cols() : dense.rows());
    require(dense.innerStride() == 1 || size <= 1, "inner stride",
            static_cast<double>(dense.innerStride()), "1: the elements of a sample are contiguous");
    require(dense.outerStride() >= 0 || samples <= 1, "outer stride",
            static_cast<double>(dense.outerStride()), "at least the size of a sample");
    const Shape shape = Dense::IsVectorAtCompileTime ? Shape{{size}, 1} : Shape{{samples, size}, 2};
    return {stored(dense.data()), samples, size, static_cast<std::size_t>(dense.outerStride()), shape};
  }
};

}  // namespace detail

template <class T, int rows, int columns, int options, int max_rows, int max_columns>
struct ViewOf<Eigen::Matrix<T, rows, columns, options, max_rows, max_columns>>
    : detail::DenseView<Eigen::Matrix<T, rows, columns, options, max_rows, max_columns>> {};

template <class T, int rows, int columns, int options, int max_rows, int max_columns>
struct ViewOf<Eigen::Array<T, rows, columns, options, max_rows, max_columns>>
    : detail::DenseView<Eigen::Array<T, rows, columns, options, max_rows, max_columns>> {};

template <class Plain, int options, class Stride>
struct ViewOf<Eigen::Map<Plain, options, Stride>>
    : detail::DenseView<Eigen::Map<Plain, options, Stride>> {};

template <class Plain, int options, class Stride>
struct ViewOf<Eigen::Ref<Plain, options, Stride>>
    : detail::DenseView<Eigen::Ref<Plain, options, Stride>> {};

template <class Expression, int rows, int columns, bool inner>
struct ViewOf<Eigen::Block<Expression, rows, columns, inner>>
    : detail::DenseView<Eigen::Block<Expression, rows, columns, inner>> {};

}}  // namespace eigenguide
