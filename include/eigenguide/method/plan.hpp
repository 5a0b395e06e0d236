// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/method/with_scale.hpp>
#include <eigenguide/schedule/moment.hpp>

#include <tuple>
#include <type_traits>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

// A plan is guidance over a run: `at(plan, moment)` is the method of a moment.
// Every method is a plan that stays the same, but for the `step` and the
// `progress` of those that have them; the `step` of a method with a state is how
// many steps have fed it. Outside the window of `during` a state is held.
//
//   scheduled(Cfg{}, Linear{9.0, 1.0}) | during(Perturbation{2.8}, StepWindow{0.01, 0.2}) | ZeroInit{1}

/// A method whose scale, or strength, a schedule sets; of a chain, the scale of
/// its first link that has one.
template <class Method, class Schedule>
struct Scheduled {
  Method method;
  Schedule schedule;  ///< double operator()(const Moment&) const, see schedule/ramp.hpp
};
template <class Method, class Schedule>
Scheduled<Method, Schedule> scheduled(const Method& method, const Schedule& schedule) {
  return {method, schedule};
}

/// A method inside a window; outside it is unconfigured, and changes nothing.
template <class Method, class Window>
struct During {
  Method method;
  Window window;  ///< bool contains(const Moment&) const, see schedule/window.hpp
};
template <class Method, class Window>
During<Method, Window> during(const Method& method, const Window& window) {
  return {method, window};
}

/// Plans one after another, as a chain of methods.
template <class... Links>
struct Plan {
  std::tuple<Links...> links;
};

/// Whether `T` is a plan that is no method itself.
template <class T>
struct is_changing : std::false_type {};
template <class Method, class Schedule>
struct is_changing<Scheduled<Method, Schedule>> : std::true_type {};
template <class Method, class Window>
struct is_changing<During<Method, Window>> : std::true_type {};
template <class... Links>
struct is_changing<Plan<Links...>> : std::true_type {};

template <class T>
inline constexpr bool is_plan = is_changing<T>::value || is_method<T>::value || is_any_chain<T>::value;

namespace detail {

template <class T, class = void> struct has_strength : std::false_type {};
template <class T> struct has_strength<T, std::void_t<decltype(T::strength)>> : std::true_type {};
template <class T, class = void> struct has_step : std::false_type {};
template <class T> struct has_step<T, std::void_t<decltype(T::step)>> : std::true_type {};
template <class T, class = void> struct has_progress : std::false_type {};
template <class T> struct has_progress<T, std::void_t<decltype(T::progress)>> : std::true_type {};

template <class T>
auto plans_of(const T& plan) {
  return std::tuple<T>{plan};
}
template <class... Links>
std::tuple<Links...> plans_of(const Plan<Links...>& plan) {
  return plan.links;
}
template <class... Links>
std::tuple<Links...> plans_of(const Chain<Links...>& chain) {
  return chain.links;
}

}  // namespace detail

/// `left`, then `right`, of which one at least changes over the run.
template <class Left, class Right,
          std::enable_if_t<is_plan<Left> && is_plan<Right> && (is_changing<Left>::value || is_changing<Right>::value),
                           int> = 0>
auto operator|(const Left& left, const Right& right) {
  const auto join = [](const auto&... links) { return Plan<std::decay_t<decltype(links)>...>{{links...}}; };
  return std::apply(join, std::tuple_cat(detail::plans_of(left), detail::plans_of(right)));
}

/// Whether a method of the plan reads a vector of this role.
template <class Method, class = std::enable_if_t<is_method<Method>::value>>
bool reads(const Method&, Role role) {
  return Method::Vectors::contains(role);
}
template <class Methods>
bool reads(const BasicAnyChain<Methods>& chain, Role role) {
  return chain.reads(role);
}
template <class Method, class Schedule>
bool reads(const Scheduled<Method, Schedule>& plan, Role role) {
  return reads(plan.method, role);
}
template <class Method, class Window>
bool reads(const During<Method, Window>& plan, Role role) {
  return reads(plan.method, role);
}
template <class... Links>
bool reads(const Plan<Links...>& plan, Role role) {
  return std::apply([role](const auto&... link) { return (reads(link, role) || ...); }, plan.links);
}

/// Whether the plan keeps a state at a moment as it is: the method that carries
/// it is outside its window.
template <class Method, class = std::enable_if_t<!is_changing<Method>::value>>
bool holds(const Method&, const Moment&, Role) {
  return false;
}
template <class Method, class Schedule>
bool holds(const Scheduled<Method, Schedule>& plan, const Moment& moment, Role state) {
  return holds(plan.method, moment, state);
}
template <class Method, class Window>
bool holds(const During<Method, Window>& plan, const Moment& moment, Role state) {
  return plan.window.contains(moment) ? holds(plan.method, moment, state) : reads(plan.method, state);
}
template <class... Links>
bool holds(const Plan<Links...>& plan, const Moment& moment, Role state) {
  return std::apply([&](const auto&... link) { return (holds(link, moment, state) || ...); }, plan.links);
}

namespace detail {

/// The `step` of a method: of the run, or of its state where it carries one.
template <class Reads>
std::size_t step_of(const Moment& moment, const Reads& reads) {
  for (const Role state : {Role::momentum, Role::correction, Role::average})
    if (reads(state)) return moment.fed[state_index(state)];
  return moment.step;
}

}  // namespace detail

/// The method of a moment.
/// Errors: of a schedule or a window that is invalid, or has nothing to say
/// about this moment
template <class Method, class = std::enable_if_t<is_method<Method>::value>>
Method at(Method method, const Moment& moment) {
  if constexpr (detail::has_step<Method>::value) method.step = detail::step_of(moment, Method::Vectors::contains);
  if constexpr (detail::has_progress<Method>::value) method.progress = moment.done();
  return method;
}

template <class... Links>
Chain<Links...> at(const Chain<Links...>& chain, const Moment& moment) {
  return std::apply([&](const auto&... link) { return chain_of(std::tuple<Links...>{at(link, moment)...}); }, chain.links);
}

template <class Methods>
BasicAnyChain<Methods> at(const BasicAnyChain<Methods>& chain, const Moment& moment) {
  BasicAnyChain<Methods> now;
  for (BasicAnyMethod<Methods> link : chain) {
    if (link.has("step"))
      link.set("step", static_cast<double>(detail::step_of(moment, [&](Role state) { return link.reads(state); })));
    if (link.has("progress")) link.set("progress", moment.done());
    now.add(link);
  }
  return now;
}

template <class Method, class Schedule>
Method at(const Scheduled<Method, Schedule>& plan, const Moment& moment) {
  require_valid(plan.schedule);
  const double amount = plan.schedule(moment);
  Method method = at(plan.method, moment);
  if constexpr (detail::has_strength<Method>::value && !has_scale<Method>::value) {
    method.strength = amount;
    return method;
  } else {
    return detail::with_scale(method, amount);
  }
}

template <class Method, class Window>
Method at(const During<Method, Window>& plan, const Moment& moment) {
  require_valid(plan.window);
  return plan.window.contains(moment) ? at(plan.method, moment) : at(Method{}, moment);
}

template <class... Links>
auto at(const Plan<Links...>& plan, const Moment& moment) {
  return std::apply([&](const auto&... link) { return (at(link, moment) | ...); }, plan.links);
}

}}  // namespace eigenguide
