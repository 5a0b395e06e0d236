// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Classifier-free guidance: the line from the unconditional through the
/// conditional prediction.
///
///   g = u + s d = c + (s − 1) d
///
/// Space   the same result in every one
/// Source  Ho, Salimans, arXiv:2207.12598
struct Cfg {
  double scale = 1.0;  ///< s, no unit; any finite number. 1 returns c, 0 returns u

  static constexpr const char* name = "cfg";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("scale", self.scale);
  }

  enum Vector : std::size_t { c, d };
  using Vectors = Reads<Role::cond, Role::difference>;

  void validate() const { require_finite("scale", scale); }

  Row<2> operator()() const { return unit<2>(c) + (Real(scale) - 1.0) * unit<2>(d); }
};

}}  // namespace eigenguide
