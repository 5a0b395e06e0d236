// SPDX-License-Identifier: MIT
// Conversions between kinds of prediction.

#include "groups.hpp"
#include "table.hpp"

#include <eigenguide/core.hpp>

#include <type_traits>

namespace golden {

void add_conversions(Table& table) {
  using namespace eigenguide;

  // `model_output` is read as a velocity for one output, as x₀ for the other.
  table.add("flow_velocity_x0_conversion", [](const auto& c) {
    using T = typename std::decay_t<decltype(c)>::Scalar;
    const auto x = c.input("x"), prediction = c.input("model_output");
    const Groups groups = Groups::samples(x.shape);
    const auto converted = [&](const Conversion& conversion) {
      std::vector<Level> levels;
      for (const double sigma : c.numbers("sigma")) levels.push_back(rectified_flow(sigma));
      levels.resize(groups.count(), levels.at(0));
      std::vector<T> out(x.values.size());
      convert(conversion, levels, groups.view(x.values), groups.view(prediction.values), groups.view(out));
      return out;
    };
    Outputs outputs;
    outputs.add("x0", [&] { return converted({Kind::flow, Kind::sample}); });
    outputs.add("velocity", [&] { return converted({Kind::sample, Kind::flow}); });
    return outputs;
  });
}

}  // namespace golden
