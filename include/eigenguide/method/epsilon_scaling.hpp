// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Epsilon scaling, against exposure bias: a little less noise is predicted
/// than the model does.
///
///   ε′ = ε / f
///
/// Read it in the space of ε: Space{model, Kind::epsilon}. For a denoised
/// prediction that is x₀′ = x − (x − x₀) / f.
///
/// Source  Ning, Li, Su, Salah, Ertugrul, arXiv:2308.15321
struct EpsilonScaling {
  double factor = 1.0;  ///< f, no unit; any number but 0. 1 changes nothing

  static constexpr const char* name = "epsilon_scaling";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("factor", self.factor);
  }

  enum Vector : std::size_t { g };
  using Vectors = Reads<Role::guided>;

  void validate() const { require(is_finite(factor) && factor != 0.0, "factor", factor, "a finite number, not 0"); }

  Row<1> operator()() const { return 1.0 / Real(factor) * unit<1>(g); }
};

}}  // namespace eigenguide
