// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

/// β-CFG as its authors' code has it.
/// Source  gmum/beta-CFG, latent_sdxl.py
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace beta_cfg {

/// Their "geo" guidance: a difference of the same length at every step, the
/// more the fewer steps.
///
///   g = u + s (√n / N) d / ‖d‖
///
/// n is the number of elements, N that of steps: √n is about the length of a
/// noise. A zero d stays zero. Without "geo" theirs is BetaCfg | Cfg.
struct Geo {
  double scale = 1.0;     ///< s, no unit; any finite number. 1 is not c
  std::size_t count = 1;  ///< N, steps; at least 1

  enum Vector : std::size_t { c, d };
  using Vectors = Reads<Role::cond, Role::difference>;

  void validate() const {
    require_finite("scale", scale);
    require(count > 0, "count", 0.0, "at least one step");
  }

  Row<2> operator()(const Gram<2>& gram) const {
    const Real length = gram.norm(unit<2>(d));
    const Real factor = length == 0.0 ? Real(0.0) : sqrt(gram.elements) / (Real(static_cast<double>(count)) * length);
    return unit<2>(c) + (Real(scale) * factor - 1.0) * unit<2>(d);
  }
};

}}}  // namespace eigenguide::beta_cfg
