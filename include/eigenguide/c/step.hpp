// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/c/call.hpp>
#include <eigenguide/c/eigenguide.h>
#include <eigenguide/c/slots.hpp>
#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/given.hpp>
#include <eigenguide/guide/group.hpp>
#include <eigenguide/guide/parallel.hpp>
#include <eigenguide/guide/run.hpp>
#include <eigenguide/guide/scales.hpp>
#include <eigenguide/guide/with.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/kernel/executor.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/diagnostics.hpp>
#include <eigenguide/method/needs.hpp>
#include <eigenguide/method/zero_init.hpp>
#include <eigenguide/prediction/kind.hpp>
#include <eigenguide/prediction/space.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail { namespace c_library {

/// One call, with elements of T.
template <class T>
class Step {
 public:
  Step(const eigenguide_method& method, const eigenguide_call& call, const eigenguide_next* next)
      : call_(call), chain_(chain_of(method, call)), shape_(shape_of(call)) {
    Space space;
    space.model = kind_of(call.model_kind == nullptr ? "epsilon" : call.model_kind, sigma_data());
    space.method = call.method_kind == nullptr ? space.model : kind_of(call.method_kind, sigma_data());
    const bool has_place = next != nullptr || space.model != space.method;
    if (has_place) places_ = places_of(call, space, next);
    find_left_out(next != nullptr && next->renoise_uncond != 0);

    views_.out = output("out", call.out);
    if (has_place) views_.x = input("x", call.x);
    // What is left out is not needed, and gives way to what is there.
    if (cond_ || uncond_) {
      views_.cond = cond_ ? input("cond", call.cond) : input("uncond", call.uncond);
      views_.uncond = uncond_ ? input("uncond", call.uncond) : views_.cond;
    } else {
      views_.cond = views_.uncond = has_place ? views_.x : BatchView<const T>(views_.out);
    }
    require_given_apart();
    if (!cond_ && !uncond_) {
      for (const Role role : states)
        if (const eigenguide_given* given = chain_.reads(role) ? given_for(call, role) : nullptr)
          if (given->next.data != nullptr) hold(input(name_in_call(role), given->values), output("next", given->next));
      chain_ = AnyChain(Cfg{detail::scale_of(chain_)}, ZeroInit{1, 0});
    }
    const Named cond{"cond", views_.cond}, uncond{"uncond", views_.uncond};
    if (has_place)
      require_tensors(views_.out, cond, uncond, Named{"x", views_.x});
    else
      require_tensors(views_.out, cond, uncond);
  }

  /// Errors: more further predictions or states than there are slots
  void take() {
    SlottedChain slotted{chain_, {}, {}};
    std::size_t predictions = 0, carried = 0;
    for (const Role role : further_predictions)
      if (chain_.reads(role) && predictions++ < slotted.predictions.size()) slotted.predictions[predictions - 1] = role;
    for (const Role role : states)
      if (chain_.reads(role) && carried++ < slotted.states.size()) slotted.states[carried - 1] = role;
    if (predictions > slotted.predictions.size() || carried > slotted.states.size())
      reject("method", "of " + std::to_string(predictions) + " further predictions and " + std::to_string(carried) + " states",
             "at most two further predictions and one state: more have the headers only");

    if (predictions == 0 && carried == 0)
      run(slotted);
    else if (carried == 0 && predictions == 1)
      run(slotted, prediction<0>(slotted));
    else if (predictions == 0)
      run(slotted, state<0>(slotted));
    else
      run(slotted, prediction<0>(slotted), prediction<1>(slotted), state<0>(slotted));
    for (const auto& [next, values] : held_)
      for (std::size_t i = 0; i < call_.samples; ++i) std::copy_n(values.data() + i * call_.size, call_.size, next.sample(i));
  }

 private:
  const eigenguide_call& call_;
  AnyChain chain_;
  Shape shape_;
  std::vector<Place> places_{1};
  Views<T, true> views_{{nullptr, 0, 0}, {nullptr, 0, 0}, {nullptr, 0, 0}, {nullptr, 0, 0}};
  bool cond_ = true, uncond_ = true;  // whether they are there
  std::vector<Role> left_out_;
  Dependence dependence_{};                                 // of a call with something left out
  std::array<std::vector<T>, state_slots.size()> nowhere_;  // for next values that nobody wants
  std::vector<std::pair<BatchView<T>, std::vector<T>>> held_;  // next values that are copies

  double sigma_data() const { return call_.sigma_data == 0.0 ? 0.5 : call_.sigma_data; }
  bool is_there(const void* data) const { return data != nullptr || call_.samples == 0 || call_.size == 0; }

  BatchView<const T> input(const char* name, const eigenguide_input& of) const {
    if (!is_there(of.data)) require_pointer(name, nullptr);
    return {static_cast<const T*>(of.data), call_.samples, call_.size, of.stride == 0 ? call_.size : of.stride, shape_};
  }
  BatchView<T> output(const char* name, const eigenguide_output& of) const {
    if (!is_there(of.data)) require_pointer(name, nullptr);
    return {static_cast<T*>(of.data), call_.samples, call_.size, of.stride == 0 ? call_.size : of.stride, shape_};
  }

  /// A state that is to be what it was; a copy, as `out` may be written over it, and `next` over an input.
  void hold(const BatchView<const T>& values, const BatchView<T>& next) {
    if (next.data() == values.data() || call_.size == 0) return;
    std::vector<T>& copy = held_.emplace_back(next, std::vector<T>()).second;
    for (std::size_t i = 0; i < call_.samples; ++i) copy.insert(copy.end(), values.sample(i), values.sample(i) + call_.size);
  }

  /// Errors: of what is given and read, tensors that share memory with an
  /// output as they may not, whether or not their values are needed here
  void require_given_apart() const {
    std::vector<Named<const T>> inputs;
    std::vector<BatchView<T>> nexts;
    if (cond_) inputs.push_back({"cond", views_.cond});
    if (uncond_) inputs.push_back({"uncond", views_.uncond});
    if (views_.x.data() != nullptr) inputs.push_back({"x", views_.x});
    for (std::size_t i = 0; i < call_.given_count; ++i) {
      const eigenguide_given& given = call_.given[i];
      const Role role = role_of(given.name);
      if (!chain_.reads(role) || !is_there(given.values.data)) continue;
      inputs.push_back({name_in_call(role), input(name_in_call(role), given.values)});
      if (is_state(role) && given.next.data != nullptr) nexts.push_back(output("next", given.next));
    }
    for (const auto& input : inputs) require_no_partial_overlap("out", views_.out, input.name, input.view);
    for (std::size_t i = 0; i < nexts.size(); ++i) {
      for (const auto& input : inputs) require_no_partial_overlap("next", nexts[i], input.name, input.view);
      require_apart("next", nexts[i], "out", views_.out);
      if (call_.scales != nullptr)
        require_apart("next", nexts[i], "scales", BatchView<const double>(call_.scales, call_.samples, groups_of(call_)));
      for (std::size_t j = 0; j < i; ++j) require_apart("next", nexts[i], "the next value of another state", nexts[j]);
    }
  }

  /// Errors: a prediction that was left out and that the result depends on
  void find_left_out(bool needs_uncond) {
    cond_ = is_there(call_.cond.data);
    uncond_ = is_there(call_.uncond.data);
    if (!cond_) left_out_.push_back(Role::cond);
    if (!uncond_) left_out_.push_back(Role::uncond);
    for (const Role role : further_predictions) {
      const eigenguide_given* given = given_for(call_, role);
      if (chain_.reads(role) && (given == nullptr || !is_there(given->values.data))) left_out_.push_back(role);
    }
    if (left_out_.empty()) return;
    dependence_ = dependence_in(chain_, call_);
    if (needs_uncond) dependence_.guided.add(Role::uncond);
    for (const Role role : left_out_)
      if (dependence_.guided.contains(role))
        reject(role == Role::cond ? "cond" : role == Role::uncond ? "uncond" : name_in_call(role), "left out",
               "a tensor: the result depends on it");
  }

  /// What a slot reads: cond where it stands for nothing, or for what was left out.
  template <std::size_t slot>
  Prediction<prediction_slots[slot], T> prediction(const SlottedChain& slotted) const {
    const Role role = slotted.predictions[slot];
    const eigenguide_given* given = role == Role::cond ? nullptr : given_for(call_, role);
    if (given == nullptr || !is_there(given->values.data)) return {views_.cond};
    return {input(name_in_call(role), given->values)};
  }

  /// Errors: a state that is read and not given
  template <std::size_t slot>
  State<state_slots[slot], T, true> state(const SlottedChain& slotted) {
    const Role role = slotted.states[slot];
    const eigenguide_given* given = role == Role::cond ? nullptr : given_for(call_, role);
    if (role != Role::cond && given == nullptr) reject(name_in_call(role), "not given", "the state that the method reads");
    const BatchView<const T> values = given == nullptr ? views_.cond : input(name_in_call(role), given->values);
    if (given != nullptr && given->next.data != nullptr) {
      const BatchView<T> next = output("next", given->next);
      bool holds = false;
      for (const Role left_out : left_out_) holds = holds || dependence_.states[state_index(role)].contains(left_out);
      if (!holds) return {values, next};
      hold(values, next);
    }
    std::vector<T>& nowhere = nowhere_[slot];
    nowhere.resize(call_.samples * call_.size);
    return {values, {nowhere.data(), call_.samples, call_.size, call_.size, shape_}};
  }

  template <class... Roles>
  void run(const SlottedChain& slotted, const Roles&... roles) {
    const Group group = group_of(call_);
    const std::size_t groups = groups_of(call_), count = call_.samples * groups;
    const auto call_part = [](const void* part, std::size_t i) { (*static_cast<const kernel::Part*>(part))(i); };
    const auto pool = [&](std::size_t parts, const kernel::Part& part) {
      call_.parallel_for(call_.parallel_context, parts, call_part, &part);
    };
    const Parallel threads = call_.parallel_for == nullptr ? Parallel{} : parallel(pool);
    const auto place_of = [&](std::size_t i) { return places_[places_.size() == 1 ? 0 : i]; };
    const auto go = [&](const auto&... more) {
      detail::run(with(slotted, roles..., group, threads, more...), views_, place_of);
    };
    std::vector<Diagnostics> found(call_.report == nullptr ? 0 : count);
    const auto go_reporting = [&](const auto&... more) {
      if (call_.report == nullptr)
        go(more...);
      else
        go(report(found), more...);
    };
    if (call_.scales == nullptr)
      go_reporting();
    else
      go_reporting(scales(BatchView<const double>(call_.scales, call_.samples, groups)));
    const double unknown = quiet_nan();
    for (Diagnostics& each : found) {
      if (cond_ && uncond_) break;
      each = {each.scale, unknown, unknown, unknown, cond_ || uncond_ ? each.non_finite : 0};
    }
    for (std::size_t i = 0; i < found.size(); ++i)
      call_.report[i] = {found[i].scale, found[i].relative_difference, found[i].cosine, found[i].zero_star, found[i].non_finite};
  }
};

}}}}  // namespace eigenguide::detail::c_library
