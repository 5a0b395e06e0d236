// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/half.hpp>

#include <Eigen/Core>

#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// Eigen's halves have the bits of ours, and its tensors are read as they are.
template <>
struct StorageOf<Eigen::half> { using type = half; };
template <>
struct StorageOf<Eigen::bfloat16> { using type = bfloat16; };

namespace detail {

template <class T>
using Stored = std::conditional_t<std::is_const_v<T>, const typename StorageOf<std::remove_const_t<T>>::type,
                                  typename StorageOf<std::remove_const_t<T>>::type>;

/// `data` as elements of the storage type that has its bits.
template <class T>
Stored<T>* stored(T* data) {
  static_assert(sizeof(T) == sizeof(Stored<T>));
  if constexpr (std::is_same_v<T, Stored<T>>)
    return data;
  else
    return reinterpret_cast<Stored<T>*>(data);
}

}  // namespace detail

}}  // namespace eigenguide
