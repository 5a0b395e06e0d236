// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/link.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Zero-init of CFG-Zero*: no motion in the first steps of a run, where a flow
/// model's velocity is still too inaccurate to be followed.
///
///   g′ = 0 while step < steps, else g
///
/// Give it the space of a velocity, `flow` or `v`: a noise prediction of zero
/// says something else.
///
/// Source  Fan, Zheng, Yeh, Liu, arXiv:2503.18886
struct ZeroInit {
  std::size_t steps = 0;  ///< how many steps are zero; 0 changes nothing
  std::size_t step = 0;   ///< the current step, 0-based

  static constexpr const char* name = "zero_init";
  template <class Self, class Visit>
  static void each_parameter(Self& self, const Visit& visit) {
    visit("steps", self.steps);
    visit("step", self.step);
  }

  enum Vector : std::size_t { g };
  using Vectors = Reads<Role::guided>;

  void validate() const {}

  Row<1> operator()() const { return step < steps ? Row<1>{} : unit<1>(g); }
};

}}  // namespace eigenguide
