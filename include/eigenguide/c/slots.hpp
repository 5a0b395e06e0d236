// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>
#include <eigenguide/algebra/row.hpp>
#include <eigenguide/guide/run.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/link.hpp>
#include <eigenguide/method/with_scale.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// The roles that stand for any further prediction and any state: what is
/// compiled depends on how many vectors there are, not on which.
inline constexpr std::array<Role, 2> prediction_slots{Role::middle, Role::perturbed};
inline constexpr std::array<Role, 1> state_slots{Role::momentum};

/// A chain that reads at most as many further predictions and states as there
/// are slots, which are chosen when it runs.
struct SlottedChain {
  AnyChain chain;
  std::array<Role, prediction_slots.size()> predictions{};  ///< what each slot stands for; `cond` for nothing
  std::array<Role, state_slots.size()> states{};

  void validate() const { chain.validate(); }

  Role behind(Role role) const {
    for (std::size_t i = 0; i < predictions.size(); ++i)
      if (role == prediction_slots[i]) return predictions[i];
    for (std::size_t i = 0; i < states.size(); ++i)
      if (role == state_slots[i]) return states[i];
    return role;
  }
};

/// It over the slots `Given`, and 1 with `ones`: what it says of all vectors
/// there are, of those that are there. (A vector of weight zero is in no sum.)
template <class Given, bool ones>
struct OverSlots {
  using Vectors = std::conditional_t<ones, SpanOf<Given, Reads<Role::one>>, SpanOf<Given>>;
  using Every = AnyChain::Over<AnyChain::Every, true>;
  const SlottedChain& slotted;

  /// Whether a link reads the vector of this number.
  bool reads(std::size_t vector) const {
    const Role slot = Vectors::roles[vector];
    if (!is_further_prediction(slot) && !is_state(slot)) return true;
    const Role role = slotted.behind(slot);
    return role != Role::cond && slotted.chain.reads(role);
  }

  Rows<1 + Vectors::states, Vectors::size> outputs(const Gram<Vectors::size>& gram) const {
    constexpr std::size_t every = Every::Vectors::size, first_state = 3 + Vectors::further;
    std::array<std::size_t, Vectors::size> place{};  // `every` for a slot that stands for nothing
    for (std::size_t i = 0; i < Vectors::size; ++i) {
      const Role role = slotted.behind(Vectors::roles[i]);
      place[i] = role == Role::cond && i > 0 ? every : Every::Vectors::place(role);
    }
    Gram<every> wide;
    wide.elements = gram.elements;
    for (std::size_t i = 0; i < Vectors::size; ++i)
      for (std::size_t j = 0; j < Vectors::size; ++j)
        if (place[i] != every && place[j] != every) wide.product[place[i]][place[j]] = gram.product[i][j];
    const auto rows = Every{slotted.chain}.outputs(wide);
    gram.cancelled = gram.cancelled || wide.cancelled;

    Rows<1 + Vectors::states, Vectors::size> narrow{};
    for (std::size_t m = 0; m < narrow.size(); ++m) {
      const std::size_t from = m == 0 ? every : place[first_state + m - 1];
      if (m > 0 && from == every) continue;
      const auto& row = rows[m == 0 ? 0 : 1 + from - (3 + Every::Vectors::further)];
      for (std::size_t i = 0; i < Vectors::size; ++i)
        if (place[i] != every) narrow[m][i] = row[place[i]];
    }
    return narrow;
  }
};

template <class Given, class Action>
void visit_chain(const SlottedChain& slotted, Given, const Action& action) {
  if (slotted.chain.reads(Role::one))
    action(OverSlots<Given, true>{slotted}, std::false_type{});
  else if (slotted.chain.is_constant())
    action(OverSlots<Given, false>{slotted}, std::true_type{});
  else
    action(OverSlots<Given, false>{slotted}, std::false_type{});
}
inline SlottedChain with_scale(SlottedChain slotted, double scale) {
  slotted.chain = with_scale(slotted.chain, scale);
  return slotted;
}
inline double scale_of(const SlottedChain& slotted) { return scale_of(slotted.chain); }

}}}  // namespace eigenguide::detail
