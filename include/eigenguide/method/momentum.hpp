// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Momentum: the links after it see the difference of the predictions together
/// with what is left of those of the steps before. It adds no guidance itself.
///
///   d′ = d + β m        seen by the links after it
///   m′ = d′             the next momentum, before they shorten or project it
///
///   guide(with(Momentum{-0.5} | Apg{7.5}, momentum(m, m)), cond, uncond, out);
///
/// m is in units of the method's space, and zero at the start of a run. A β
/// below 0 damps what stays the same from step to step, one above 0 amplifies
/// it: over equal differences d′ tends to d / (1 − β) for |β| < 1, and grows
/// from step to step beyond.
///
/// Cost    one pass by itself; reads the state, and writes its next value
/// Space   depends on it, as the state does
/// Source  Sadat, Hilliges, Weber, arXiv:2410.02416, algorithm 1
struct Momentum {
  double momentum = 0.0;  ///< β, no unit; any finite number. 0 changes nothing; the paper's are in (−1, 0)

  static constexpr const char* name = "momentum";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("momentum", self.momentum);
  }

  enum Vector : std::size_t { c, d, m };
  using Vectors = Reads<Role::cond, Role::difference, Role::momentum>;

  void validate() const { require_finite("momentum", momentum); }

  /// d′ = d + β m
  Row<3> difference() const { return unit<3>(d) + Real(momentum) * unit<3>(m); }
  /// m′
  Row<3> next() const { return difference(); }

  Row<3> operator()() const { return unit<3>(c); }
};

}}  // namespace eigenguide
