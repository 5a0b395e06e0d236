// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/guide/given.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/chain.hpp>

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// The states that a run of `Method` carries, and what becomes of them at the end of a step.
template <class Method, class T>
class CarriedStates {
 public:
  using Which = std::array<bool, state_count>;  ///< by state_index

  /// The states that the method reads; of a chain that was chosen at run time, all that there are.
  static constexpr auto roles() {
    if constexpr (is_any_chain<Method>::value)
      return Reads<Role::momentum, Role::correction, Role::average>::state_roles();
    else
      return SpanOf<typename Method::Vectors>::state_roles();
  }
  static constexpr std::size_t most = roles().size();

  /// Inputs  count  how many of them there are: of a chain that was chosen at
  ///                run time none, the momentum, or all; else all
  explicit CarriedStates(std::size_t count) : count_(count) {}

  std::size_t count() const { return count_; }

  /// Begins a run: states are zero. Where their memory cannot be had, the run is what it was.
  void reset(const BatchView<const T>& like) {
    std::array<Values, most> states;
    if constexpr (most > 0)
      for (std::size_t i = 0; i < count_; ++i) {
        const std::size_t elements = like.samples() * like.size();
        states[i] = {std::vector<T>(elements), std::vector<T>(elements)};
      }
    states_ = std::move(states);
    shape_ = like.shape();
    samples_ = like.samples();
    size_ = like.size();
    fed_ = {};
    discard();
  }

  /// Errors: a run that was not begun, or of another shape; another step than
  /// the one that is begun, which was not ended
  void check(std::size_t step, const BatchView<const T>& cond) const {
    if (count_ == 0) return;
    if (cond.samples() != samples_ || cond.size() != size_)
      reject("cond", "of shape " + cond.text(), "the shape that the run was begun with: reset(cond)");
    require(!is_begun_ || step_ == step, "step", static_cast<double>(step),
            "the step that was begun: advance() ends it, discard() takes it back");
  }

  /// One evaluation of a step: calls `action` with the states as they are. Those
  /// of its first evaluation that are in `advancing` are to have their next value;
  /// nothing has happened where `action` throws.
  template <class Action>
  void evaluate(std::size_t step, const Which& advancing, const Action& action) {
    const bool writes = !is_begun_ && (advancing[0] || advancing[1] || advancing[2]);
    if constexpr (is_any_chain<Method>::value) {
      if (count_ == 0)
        action();
      else if (count_ == 1)
        offer(writes, action, std::make_index_sequence<1>{});
      else
        offer(writes, action, std::make_index_sequence<most>{});
    } else {
      offer(writes, action, std::make_index_sequence<most>{});
    }
    begin(step, advancing);
  }

  /// Begins a step, if none is: its first evaluation decides what advances.
  void begin(std::size_t step, const Which& advancing) {
    if (count_ == 0 || is_begun_) return;
    is_begun_ = true;
    step_ = step;
    advancing_ = advancing;
  }

  /// Ends the step.
  void advance() {
    if constexpr (most > 0)
      for (std::size_t i = 0; i < count_; ++i) {
        const std::size_t which = state_index(roles()[i]);
        if (!is_begun_ || !advancing_[which]) continue;
        std::swap(states_[i].now, states_[i].next);
        ++fed_[which];
      }
    discard();
  }

  /// Takes it back.
  void discard() { is_begun_ = false; }

  /// How many steps have fed each, by state_index.
  const std::array<std::size_t, state_count>& fed() const { return fed_; }

 private:
  struct Values {
    std::vector<T> now, next;
  };
  std::array<Values, most> states_{};
  std::size_t count_;
  Shape shape_{};
  std::size_t samples_ = 0, size_ = 0;
  std::array<std::size_t, state_count> fed_{};
  std::size_t step_ = 0;  ///< the step that is begun
  Which advancing_{};
  bool is_begun_ = false;

  template <class Action, std::size_t... i>
  void offer([[maybe_unused]] bool writes, const Action& action, std::index_sequence<i...>) {
    if constexpr (sizeof...(i) == 0) {
      action();
    } else {
      const auto now = [&](const Values& of) { return BatchView<const T>(of.now.data(), samples_, size_, size_, shape_); };
      const auto next = [&](Values& of) { return BatchView<T>(of.next.data(), samples_, size_, size_, shape_); };
      if (writes)
        action(State<roles()[i], T, true>{now(states_[i]), next(states_[i])}...);
      else
        action(State<roles()[i], T, false>{now(states_[i]), nullptr}...);
    }
  }
};

}}}  // namespace eigenguide::detail
