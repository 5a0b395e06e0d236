// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/c/eigenguide.h>
#include <eigenguide/guide/group.hpp>
#include <eigenguide/guide/run.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/needs.hpp>
#include <eigenguide/method/plan.hpp>
#include <eigenguide/method/with_scale.hpp>
#include <eigenguide/noise/level.hpp>
#include <eigenguide/prediction/space.hpp>
#include <eigenguide/prediction/update.hpp>
#include <eigenguide/schedule/moment.hpp>

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

struct eigenguide_method {
  eigenguide::AnyChain chain;
};

// What a call of C says, in the words of the headers.
namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail { namespace c_library {

inline constexpr auto further_predictions = AnyChain::Every::further_roles();
inline constexpr auto states = AnyChain::Every::state_roles();

/// The name of a further prediction or a state in a call.
constexpr const char* name_in_call(Role role) {
  static_assert(!AnyChain::Every::contains(prompt_role(2)), "a further prompt has a name here and in eigenguide.h");
  return role == prompt_role(0) ? "prompt" : role == prompt_role(1) ? "prompt_1" : name_of(role);
}

inline void require_pointer(const char* name, const void* pointer) {
  if (pointer == nullptr) reject(name, "null", "a pointer");
}

/// The role of a name. Errors: a name that is not known
inline Role role_of(const char* name) {
  require_pointer("name", name);
  if (std::string_view(name) == "cond") return Role::cond;
  if (std::string_view(name) == "uncond") return Role::uncond;
  for (const Role role : further_predictions)
    if (std::string_view(name) == name_in_call(role)) return role;
  for (const Role role : states)
    if (std::string_view(name) == name_in_call(role)) return role;
  std::string known = "cond, uncond";
  for (const Role role : further_predictions) list(known, name_in_call(role));
  for (const Role role : states) list(known, name_in_call(role));
  reject("name", quoted(name), "one of " + known);
}

/// What is given for a role; null where nothing is.
inline const eigenguide_given* given_for(const eigenguide_call& call, Role role) {
  for (std::size_t i = 0; i < call.given_count; ++i)
    if (role_of(call.given[i].name) == role) return &call.given[i];
  return nullptr;
}

/// Errors: a name that is not known, or there twice
inline void require_given(const eigenguide_call& call) {
  if (call.given_count > 0) require_pointer("given", call.given);
  for (std::size_t i = 0; i < call.given_count; ++i) {
    const Role role = role_of(call.given[i].name);
    if (role == Role::cond || role == Role::uncond) reject("given", quoted(call.given[i].name), "a member of its own");
    if (given_for(call, role) != &call.given[i]) reject("given", quoted(name_in_call(role)) + " twice", "each name once");
  }
}

/// Errors: extents that are not those of `samples` and `size`
inline Shape shape_of(const eigenguide_call& call) {
  if (call.layout == nullptr) return {};
  require_pointer("extents", call.extents);
  Shape shape;
  shape.rank = std::strlen(call.layout);
  require(shape.rank >= 2 && shape.rank <= Shape::max_rank, "layout", static_cast<double>(shape.rank), "2 to 8 dimensions");
  for (std::size_t i = 0; i < shape.rank; ++i) shape.extent[i] = call.extents[i];
  shape.require_extents("extents", call.samples, call.size);
  return shape;
}

/// The method at this call's step, with the counts of its states.
/// Errors: a step that the run does not have; without a run, a step or a fed state
inline AnyChain chain_of(const eigenguide_method& method, const eigenguide_call& call) {
  if (call.count == 0) {
    constexpr const char* expected = "0 where `count` is 0: there is no run";
    require(call.step == 0, "step", static_cast<double>(call.step), expected);
    for (std::size_t i = 0; i < call.given_count; ++i)
      require(call.given[i].fed == 0, "fed", static_cast<double>(call.given[i].fed), expected);
    return method.chain;
  }
  Moment now{call.step, call.count, {}, {}};
  now.validate();
  for (const Role state : states)
    if (const eigenguide_given* given = given_for(call, state)) now.fed[state_index(state)] = given->fed;
  return at(method.chain, now);
}

/// The whole sample where the call has no layout.
inline Group group_of(const eigenguide_call& call) {
  if (call.layout == nullptr) return {};
  return {call.layout, call.each == nullptr ? "" : call.each};
}
inline std::size_t groups_of(const eigenguide_call& call) {
  return Partition(group_of(call), shape_of(call), call.size).groups();
}

/// What the result depends on, at any of the call's scales.
inline Dependence dependence_in(const AnyChain& chain, const eigenguide_call& call) {
  if (call.scales == nullptr) return dependence_of(chain);
  Dependence found{};
  for (std::size_t i = 0, count = call.samples * groups_of(call); i < count; ++i) {
    const Dependence of_one = dependence_of(with_scale(chain, call.scales[i]));
    found.guided.add(of_one.guided);
    for (std::size_t state = 0; state < state_count; ++state) found.states[state].add(of_one.states[state]);
  }
  return found;
}

/// Where each sample's step happens: one place for all of them, or one for each.
/// Inputs  next  of eigenguide_step, else null
/// Errors  kinds and levels that are not valid, or do not fit each other
inline std::vector<Place> places_of(const eigenguide_call& call, const Space& space, const eigenguide_next* next) {
  const bool counts = call.level_count == 1 || call.level_count == call.samples;
  require(counts, "level_count", static_cast<double>(call.level_count), "1, or the number of samples");
  if (call.level_count > 0) require_pointer("levels", call.levels);
  if (call.level_count > 0 && next != nullptr) require_pointer("next->levels", next->levels);
  std::vector<Place> places(call.level_count);
  for (std::size_t i = 0; i < call.level_count; ++i) {
    const Level level{call.levels[i].alpha, call.levels[i].sigma};
    level.validate();
    places[i] = {map(space, level), {}};
    if (next == nullptr) continue;
    const Update update{space, next->renoise_uncond != 0 ? Renoise::uncond : Renoise::guided};
    const Update::Weights weights = update(level, {next->levels[i].alpha, next->levels[i].sigma});
    places[i].afterwards = {weights.guided, weights.uncond, weights.sample};
  }
  return places;
}

}}}}  // namespace eigenguide::detail::c_library
