// SPDX-License-Identifier: MIT
// guide() on one thread and on two, in turn, on a pool that sleeps and on one
// that waits awake.
#include <eigenguide/tensor/thread_pool.hpp>

#include "against_limit.hpp"

#include <eigenguide/core.hpp>

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace eigenguide;
using bench::Cell;
using bench::Tensors;

/// A second thread that never sleeps: the least that a fork and a join can take.
class Awake {
 public:
  Awake() : other_([this] { serve(); }) {}
  ~Awake() {
    stop_ = true;
    other_.join();
  }

  template <class Part>
  void operator()(std::size_t count, const Part& part) const {
    const auto take = [&] {
      for (std::size_t i = next_.fetch_add(1); i < count; i = next_.fetch_add(1)) part(i);
    };
    next_ = 0;
    work_ = [](const void* it) { (*static_cast<const decltype(take)*>(it))(); };
    data_ = &take;
    busy_.store(true, std::memory_order_release);
    take();
    while (busy_.load(std::memory_order_acquire)) {}
  }

 private:
  void serve() {
    while (!stop_)
      if (busy_.load(std::memory_order_acquire)) {
        work_(data_);
        busy_.store(false, std::memory_order_release);
      }
  }

  mutable std::atomic<std::size_t> next_{0};
  mutable std::atomic<bool> busy_{false};
  std::atomic<bool> stop_{false};
  mutable void (*work_)(const void*) = nullptr;
  mutable const void* data_ = nullptr;
  std::thread other_;
};

/// Sets the counter of_one_thread = least time of one thread / least time of two.
template <class Method, class Pool>
void against_one_thread(benchmark::State& state, const Method& method, const Pool& pool, const Cell& cell) {
  const Tensors<float>& t = Tensors<float>::shared();
  const auto run = [&](const auto& guidance) {
    guide(guidance, BatchView<const float>(t.cond(), cell.batch, cell.size),
          BatchView<const float>(t.uncond(), cell.batch, cell.size), BatchView<float>(t.out(), cell.batch, cell.size));
    benchmark::ClobberMemory();
  };
  const auto one = [&] { run(method); };
  const auto two = [&] { run(with(method, parallel(pool, 1))); };
  const std::size_t calls = 1 + (std::size_t{4} << 20) / (cell.size * cell.batch);
  state.counters["of_one_thread"] = bench::against(state, calls, one, two);
}

template <class Make, class Method>
void add(const std::string& pool_name, const Make& make, const std::string& method_name, const Method& method) {
  std::vector<Cell> cells = bench::cells();
  cells.push_back({"64x64x32", 64 * 64 * 32, 1});
  for (const Cell& cell : cells)
    if (cell.size * cell.batch > kernel::Executor::part_size)
      benchmark::RegisterBenchmark(("threads/" + pool_name + "/" + method_name + "/" + cell.name()).c_str(),
                                   [=](benchmark::State& state) {
                                     make([&](const auto& pool) { against_one_thread(state, method, pool, cell); });
                                   })
          ->Unit(benchmark::kMicrosecond)
          ->UseRealTime();
}

[[maybe_unused]] const bool added = [] {
  const auto eigen = [](const auto& use) {
    Eigen::ThreadPool pool(2);
    const Eigen::ThreadPoolDevice device(&pool, 2);
    use(ThreadPool{device});
  };
  const auto awake = [](const auto& use) { use(Awake{}); };
  const auto add_both = [&](const std::string& name, const auto& method) {
    add("eigen", eigen, name, method);
    add("awake", awake, name, method);
  };
  add_both("cfg", Cfg{5.0});
  add_both("cfg_zero_star", CfgZeroStar{5.0});
  add_both("apg", Apg{5.0, 0.0, 1000.0});
  return true;
}();

}  // namespace
