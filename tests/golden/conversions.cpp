// SPDX-License-Identifier: MIT
// Conversions between kinds of prediction.

#include "table.hpp"
#include "views.hpp"

#include <eigenguide/core.hpp>

namespace golden {

void add_conversions(Table& table) {
  using namespace eigenguide;

  // `model_output` is read as a velocity for one output, as x₀ for the other.
  table.add("flow_velocity_x0_conversion", [](const auto& c) {
    const auto x = c.input("x"), prediction = c.input("model_output");
    const auto converted = [&](const Conversion& conversion) {
      std::vector<Level> levels;
      for (const double sigma : c.numbers("sigma")) levels.push_back(rectified_flow(sigma));
      levels.resize(x.shape.at(0), levels.at(0));
      auto out = x;
      convert(conversion, levels, view_of(x), view_of(prediction), view_of(out));
      return out.values;
    };
    Outputs outputs;
    outputs.add("x0", [&] { return converted({Kind::flow, Kind::sample}); });
    outputs.add("velocity", [&] { return converted({Kind::sample, Kind::flow}); });
    return outputs;
  });
}

}  // namespace golden
