// SPDX-License-Identifier: MIT
// convert() from a v-model's prediction to x0; every pair of kinds costs the same.

#include "against_limit.hpp"

#include <eigenguide/core.hpp>

namespace {

using namespace eigenguide;
using bench::Cell;
using bench::Tensors;

template <class T>
void add_convert(const char* name, const Cell& cell) {
  bench::add<T>(name, cell, {0, 2}, [cell] {
    const Tensors<T>& t = Tensors<T>::shared();
    const auto batch = [&cell](auto* data) { return BatchView(data, cell.batch, cell.size); };
    convert({Kind::v, Kind::sample}, variance_preserving(0.5), batch(t.x()), batch(t.cond()),
            batch(t.out()));
    benchmark::ClobberMemory();
  });
}

[[maybe_unused]] const bool added = [] {
  for (const Cell& cell : bench::cells()) add_convert<float>("convert/v_to_x0", cell);
  for (const Cell& cell : bench::few_cells()) add_convert<double>("convert/v_to_x0_double", cell);
  return true;
}();

}  // namespace
