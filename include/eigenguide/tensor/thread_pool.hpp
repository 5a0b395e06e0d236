// SPDX-License-Identifier: MIT
#pragma once

// What Eigen asks of a unit that uses its thread pool.
#ifndef EIGEN_USE_THREADS
#define EIGEN_USE_THREADS
#endif
#include <unsupported/Eigen/CXX11/Tensor>
#ifndef EIGEN_CXX11_TENSOR_TENSOR_DEVICE_THREAD_POOL_H
#error "eigenguide/tensor/thread_pool.hpp: include it before what includes Eigen's tensors, or define EIGEN_USE_THREADS"
#endif

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Eigen's threads, for `parallel`:
///
///   Eigen::ThreadPool pool(4);
///   const Eigen::ThreadPoolDevice device(&pool, 4);
///   guide(with(Cfg{5.0}, parallel(ThreadPool{device})), cond, uncond, out);
///
/// Include it before any other header that includes Eigen's tensors, or define
/// EIGEN_USE_THREADS. Eigen allocates in every call.
struct ThreadPool {
  const Eigen::ThreadPoolDevice& device;

  template <class Part>
  void operator()(std::size_t count, const Part& part) const {
    const Eigen::TensorOpCost worth_a_task(0.0, 0.0, 1e6);
    device.parallelFor(static_cast<Eigen::Index>(count), worth_a_task, [&part](Eigen::Index first, Eigen::Index last) {
      for (; first < last; ++first) part(static_cast<std::size_t>(first));
    });
  }
};

}}  // namespace eigenguide
