// SPDX-License-Identifier: MIT
// One sample of growing size, from the first cache to memory, for every set of
// instructions: the curves of docs/figures/roofline.png.

#include "against_limit.hpp"

#include <eigenguide/core.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace {

using namespace eigenguide;
using bench::Tensors;
using kernel::Target;

template <class Method>
void add(const std::string& name, const Method& method) {
  constexpr bool constant = is_constant<Method>;
  for (const auto& [target, target_name] : {std::pair{Target::avx2, "avx2"}, {Target::avx512, "avx512"}, {Target::neon, "neon"}})
    for (std::size_t size = 256; size <= std::size_t{1} << 23; size *= 2)
      if (kernel::supports(target))
        bench::add<float>("roofline/" + name + "/" + target_name, {std::to_string(size), size, 1},
                          {constant ? std::size_t{0} : 2, 2},
                          [chain = chain_of(links_of(method)), target = target, size] {
                            const Tensors<float>& t = Tensors<float>::shared();
                            const kernel::Measured<float, 2, 0, false> sample{
                                target, {}, {t.cond(), t.uncond()}, {}, nullptr, size};
                            kernel::guide_sample<constant>(chain, sample, size, {}, t.out(),
                                                           std::array<kernel::Next<float>, 0>{}, nullptr);
                            benchmark::ClobberMemory();
                          });
}

[[maybe_unused]] const bool added = [] {
  add("cfg", Cfg{5.0});
  add("cfg_zero_star", CfgZeroStar{5.0});
  add("cfg+rescale", Cfg{5.0} | Rescale{0.7});
  return true;
}();

}  // namespace
