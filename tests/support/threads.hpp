// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

/// Threads that take parts as they come, last ones first.
struct Threads {
  std::size_t count = 4;
  std::size_t* calls = nullptr;

  template <class Part>
  void operator()(std::size_t parts, const Part& part) const {
    if (calls) ++*calls;
    std::atomic<std::size_t> left{parts};
    const auto work = [&] {
      for (std::size_t n = left.load(); n > 0;)
        if (left.compare_exchange_weak(n, n - 1)) part(n - 1), n = left.load();
    };
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < count; ++i) others.emplace_back(work);
    work();
    for (std::thread& each : others) each.join();
  }
};
