// SPDX-License-Identifier: MIT
// guide() on half and bfloat16, in turn with the same call on float.

#include "against_limit.hpp"

#include <eigenguide/core.hpp>

#include <cstddef>
#include <string>

namespace {

using namespace eigenguide;
using bench::Cell;
using bench::Tensors;

template <class T, class Method>
void run(const Method& method, const Cell& cell) {
  const Tensors<T>& t = Tensors<T>::shared();
  guide(method, BatchView<const T>(t.cond(), cell.batch, cell.size), BatchView<const T>(t.uncond(), cell.batch, cell.size),
        BatchView<T>(t.out(), cell.batch, cell.size));
  benchmark::ClobberMemory();
}

/// Sets the counter of_float = least time of float / least time of T.
template <class T, class Method>
void add(const std::string& name, const Method& method) {
  for (const Cell& cell : bench::cells())
    benchmark::RegisterBenchmark(("guide/" + name + "/" + cell.name()).c_str(),
                                 [=](benchmark::State& state) {
                                   const std::size_t calls = 1 + (std::size_t{4} << 20) / (cell.size * cell.batch);
                                   state.counters["of_float"] =
                                       bench::against(state, calls, [&] { run<float>(method, cell); },
                                                      [&] { run<T>(method, cell); });
                                 })
        ->Unit(benchmark::kMicrosecond);
}

[[maybe_unused]] const bool added = [] {
  add<half>("cfg_half", Cfg{5.0});
  add<bfloat16>("cfg_bfloat16", Cfg{5.0});
  add<half>("cfg_zero_star_half", CfgZeroStar{5.0});
  add<bfloat16>("cfg_zero_star_bfloat16", CfgZeroStar{5.0});
  return true;
}();

}  // namespace
