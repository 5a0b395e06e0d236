// SPDX-License-Identifier: MIT
// The two kernels by themselves, for every set of instructions of this processor.

#include "against_limit.hpp"

#include <eigenguide/core.hpp>

#include <string>
#include <utility>

namespace {

using namespace eigenguide;
using bench::Tensors;

constexpr std::pair<kernel::Target, const char*> targets[] = {
    {kernel::Target::portable, "portable"},
    {kernel::Target::avx2, "avx2"},
    {kernel::Target::avx512, "avx512"},
    {kernel::Target::neon, "neon"},
};

template <class T, std::size_t count>
kernel::Inputs<T, count> inputs() {
  const Tensors<T>& tensors = Tensors<T>::shared();
  if constexpr (count == 2)
    return {tensors.cond(), tensors.uncond()};
  else
    return {tensors.cond(), tensors.uncond(), tensors.x()};
}

template <class Basis, bool wide, class T>
void add_reduce(const std::string& name) {
  for (const auto& [target, target_name] : targets)
    for (const bench::Cell& cell : bench::few_cells())
      if (kernel::supports(target))
        bench::add<T>("reduce/" + name + "/" + target_name, cell, {Basis::inputs, 0},
                      [target = target, size = cell.size] {
                        constexpr auto count = Basis::inputs;
                        auto sums = kernel::reduce<Basis, wide, T>(target, inputs<T, count>(), size, 0.7);
                        benchmark::DoNotOptimize(sums);
                      });
}

template <class Form, class T>
void add_combine(const std::string& name) {
  for (const auto& [target, target_name] : targets)
    for (const bench::Cell& cell : bench::few_cells())
      if (kernel::supports(target))
        bench::add<T>("combine/" + name + "/" + target_name, cell, {0, Form::inputs},
                      [target = target, size = cell.size] {
                        kernel::Weights<Form> weights{{0.1}, {}};
                        weights.term[0].fill(0.7);
                        kernel::combine<Form, T>(target, inputs<T, Form::inputs>(), weights,
                                                        {Tensors<T>::shared().out()}, size);
                        benchmark::ClobberMemory();
                      });
}

[[maybe_unused]] const bool added = [] {
  add_reduce<kernel::Basis<2, false, false>, false, float>("3_sums");
  add_reduce<kernel::Basis<2, false, true>, false, float>("5_sums");
  add_reduce<kernel::Basis<2, true, true>, false, float>("5_sums_of_3");
  add_reduce<kernel::Basis<2, false, false, true>, true, float>("6_sums_wide");
  add_reduce<kernel::Basis<2, false, true, true>, true, float>("9_sums_wide");
  add_reduce<kernel::Basis<2, false, false>, false, double>("3_sums_double");
  add_combine<kernel::Form<1, 0>, float>("2");
  add_combine<kernel::Form<1, 1>, float>("3");
  add_combine<kernel::Form<1, 0>, double>("2_double");
  return true;
}();

}  // namespace
