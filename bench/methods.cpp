// SPDX-License-Identifier: MIT
// guide() with each method, as a sampler calls it.

#include "against_limit.hpp"

#include <eigenguide/core.hpp>

#include <string>
#include <vector>

namespace {

using namespace eigenguide;
using bench::Cell;
using bench::Tensors;

/// The front of a shared tensor as the batch of `cell`.
template <class T>
BatchView<T> batch(T* data, const Cell& cell) {
  return {data, cell.batch, cell.size};
}

/// One pass for weights that do not depend on the data, two for others.
template <class Method>
bench::Traffic traffic(const Method& method, std::size_t inputs) {
  using Links = decltype(chain_of(links_of(method)));
  return {is_constant<Links> ? 0 : inputs, inputs};
}
bench::Traffic traffic(const AnyChain& chain, std::size_t inputs) {
  return {chain.is_constant() ? 0 : inputs, inputs};
}

template <class T, class Method>
void add_method(const std::string& name, const Method& method, const std::vector<Cell>& cells) {
  for (const Cell& cell : cells)
    bench::add<T>("guide/" + name, cell, traffic(method, 2), [method, cell] {
      const Tensors<T>& t = Tensors<T>::shared();
      guide(method, batch(t.cond(), cell), batch(t.uncond(), cell), batch(t.out(), cell));
      benchmark::ClobberMemory();
    });
}

/// A third input of both passes, x, as what `role` makes of it; a state is read.
template <class T, class Method, class RoleOf>
void add_method_with_x(const std::string& name, const Method& method, const RoleOf& role, const std::vector<Cell>& cells) {
  for (const Cell& cell : cells)
    bench::add<T>("guide/" + name, cell, traffic(method, 3), [method, role, cell] {
      const Tensors<T>& t = Tensors<T>::shared();
      guide(with(method, role(batch(t.x(), cell))), batch(t.cond(), cell), batch(t.uncond(), cell), batch(t.out(), cell));
      benchmark::ClobberMemory();
    });
}

/// A v-model guided in x0: x is a third input of both passes.
template <class T, class Method>
void add_method_in_x0(const std::string& name, const Method& method,
                      const std::vector<Cell>& cells) {
  for (const Cell& cell : cells)
    bench::add<T>("guide_in_x0/" + name, cell, traffic(method, 3), [method, cell] {
      const Tensors<T>& t = Tensors<T>::shared();
      guide(method, Space{Kind::v, Kind::sample}, variance_preserving(0.5), batch(t.x(), cell),
            batch(t.cond(), cell), batch(t.uncond(), cell), batch(t.out(), cell));
      benchmark::ClobberMemory();
    });
}

[[maybe_unused]] const bool added = [] {
  const std::vector<Cell>&all = bench::cells(), &few = bench::few_cells();
  add_method<float>("cfg", Cfg{5.0}, all);
  add_method<float>("cfg_zero_star", CfgZeroStar{5.0}, all);
  add_method<float>("slerp", Slerp{1.5}, all);
  add_method<float>("tcfg", Tcfg{5.0}, all);
  add_method<float>("mambo_g", MamboG{5.0, 1.0}, all);
  add_method<float>("cfg+renorm", Cfg{5.0} | Renorm::exact(), all);
  add_method<float>("cfg+rescale", Cfg{5.0} | Rescale{0.7}, all);
  add_method<float>("cfg_zero_star+rescale", CfgZeroStar{5.0} | Rescale{0.7}, all);
  add_method<float>("apg", Apg{5.0, 0.0, 1000.0}, all);
  add_method_with_x<float>("cfg+perturbation", Cfg{5.0} | Perturbation{2.8}, perturbed, all);
  add_method_with_x<float>("momentum+apg", Momentum{-0.5} | Apg{5.0, 0.0, 1000.0}, momentum, all);
  // The same chain, chosen at run time.
  add_method<float>("cfg_zero_star+rescale_parsed", parse("cfg_zero_star(scale=5) | rescale(phi=0.7)"), all);
  add_method<double>("cfg_double", Cfg{5.0}, few);
  add_method<double>("cfg_zero_star_double", CfgZeroStar{5.0}, few);
  add_method_in_x0<float>("cfg_zero_star", CfgZeroStar{5.0}, all);
  add_method_in_x0<float>("apg", Apg{5.0, 0.2, 10.0}, all);
  add_method_in_x0<float>("cfg+rescale", Cfg{5.0} | Rescale{0.7}, all);
  add_method_in_x0<float>("cfg_zero_star+apg+rescale", CfgZeroStar{5.0} | Apg{1.0, 0.2, 10.0} | Rescale{0.7}, all);
  return true;
}();

}  // namespace
