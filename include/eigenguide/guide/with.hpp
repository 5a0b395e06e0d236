// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/given.hpp>
#include <eigenguide/guide/group.hpp>
#include <eigenguide/guide/parallel.hpp>
#include <eigenguide/guide/scales.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/chain.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// A method with what it takes besides cond and uncond; made by `with`.
template <class Method, class... Options>
struct With {
  Method method;
  std::tuple<Options...> options;
};

/// `method` with further predictions, states, scales, a group, a mask, a report
/// and threads, in any order, for one call of a verb:
///
///   guide(with(Cfg{5.0} | Perturbation{2.8}, perturbed(skipped)), cond, uncond, out);
///   guide(with(Momentum{-0.5} | Apg{7.5, 0.0, 2.5}, momentum(m, m), per_channel("btc")), cond, uncond, out);
///   guide(with(Cfg{}, scales(requests)), cond, uncond, out);
///   guide(with(CfgZeroStar{5.0}, report(diagnostics)), cond, uncond, out);
///
/// Refers to the tensors that it names; they must live as long as it, and
/// temporary ones as long as the call that they stand in.
template <class Method, class... Options>
With<Method, Options...> with(const Method& method, const Options&... options) {
  return {method, {options...}};
}

/// What the verbs take: a method, a chain of them, or either with more inputs.
template <class T>
inline constexpr bool is_guidance = is_method<T>::value || is_any_chain<T>::value;
template <class Method, class... Options>
inline constexpr bool is_guidance<With<Method, Options...>> = is_guidance<Method>;

namespace detail {

template <class Method>
const Method& method_of(const Method& method) { return method; }
template <class Method, class... Options>
const Method& method_of(const With<Method, Options...>& with) { return with.method; }

template <class Method>
std::tuple<> options_of(const Method&) { return {}; }
template <class Method, class... Options>
const std::tuple<Options...>& options_of(const With<Method, Options...>& with) { return with.options; }

template <class Option> struct is_prediction : std::false_type {};
template <Role role, class T> struct is_prediction<Prediction<role, T>> : std::true_type {};
template <class Option> struct is_carried : std::false_type {};
template <Role role, class T, bool advances> struct is_carried<State<role, T, advances>> : std::true_type {};
template <class Option> struct is_scales : std::false_type {};
template <class T> struct is_scales<Scales<T>> : std::true_type {};
template <class Option> struct is_group : std::is_same<Option, Group> {};
template <class Option> struct is_report : std::is_same<Option, Report> {};
template <class Option> struct is_parallel : std::is_same<Option, Parallel> {};
template <class Option> struct is_not_read_soon : std::is_same<Option, NotReadSoon> {};
template <class Option> struct is_mask : std::false_type {};
template <class T> struct is_mask<Mask<T>> : std::true_type {};

/// The index of the one option for which `test<Option>` holds; their count where none is.
template <template <class> class test, class... Options>
constexpr std::size_t index_of(const std::tuple<Options...>*) {
  constexpr std::size_t count = (std::size_t{0} + ... + (test<Options>::value ? 1 : 0));
  static_assert(count <= 1, "with: scales, a group, a mask, a report and threads are given once each");
  std::size_t index = 0;
  (void)((test<Options>::value ? false : (++index, true)) && ...);
  return index;
}

template <Role role, class Option, class = void>
struct has_role : std::false_type {};
template <Role role, class Option>
struct has_role<role, Option, std::void_t<decltype(Option::role)>> : std::bool_constant<Option::role == role> {};

/// The index of the option that gives `role`.
template <Role role, class... Options>
constexpr std::size_t index_of_role(const std::tuple<Options...>*) {
  constexpr std::size_t count = (std::size_t{0} + ... + (has_role<role, Options>::value ? 1 : 0));
  static_assert(count > 0, "the method reads a prediction or a state that was not given: "
                           "with(method, perturbed(p)), with(method, momentum(m, m)), …");
  static_assert(count < 2, "with: a prediction or a state is given twice");
  std::size_t index = 0;
  (void)((has_role<role, Options>::value ? false : (++index, true)) && ...);
  return index;
}

/// The roles that options give, as a list.
template <class... Lists>
struct Concatenated { using type = Reads<>; };
template <Role... roles>
struct Concatenated<Reads<roles...>> { using type = Reads<roles...>; };
template <Role... a, Role... b, class... Rest>
struct Concatenated<Reads<a...>, Reads<b...>, Rest...> : Concatenated<Reads<a..., b...>, Rest...> {};

template <class Option, class = void>
struct RoleOf { using type = Reads<>; };
template <class Option>
struct RoleOf<Option, std::void_t<decltype(Option::role)>> { using type = Reads<Option::role>; };

template <class... Options>
typename Concatenated<typename RoleOf<Options>::type...>::type given_roles(const std::tuple<Options...>*) {
  return {};
}

}  // namespace detail

}}  // namespace eigenguide
