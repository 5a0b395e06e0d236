// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/method/all.hpp>
#include <eigenguide/method/course.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

/// Calls `action` with a default-made one of every method.
template <class Methods, class Action, std::size_t... i>
void for_each_known(const Action& action, std::index_sequence<i...>) {
  (action(std::variant_alternative_t<i, Methods>{}), ...);
}
template <class Methods, class Action>
void for_each_known(const Action& action) {
  for_each_known<Methods>(action, std::make_index_sequence<std::variant_size_v<Methods>>{});
}

/// Whether `Method` is one of those that can be chosen at run time.
template <class Method, class... Methods>
constexpr bool is_known(const std::variant<Methods...>*) {
  return (std::is_same_v<Method, Methods> || ...);
}

/// The span of all methods that can be.
template <class... Methods>
SpanOf<typename Methods::Vectors...> span_of(const std::variant<Methods...>*);

inline void list(std::string& names, const char* name) {
  if (!names.empty()) names += ", ";
  names += name;
}

}  // namespace detail

/// One method, chosen at run time by its name and those of its parameters, as
/// its header has them:
///
///   AnyMethod("rescale").set("phi", 0.7)
///
/// of a list of methods, a std::variant; that of method/all.hpp has all of them.
template <class Methods>
class BasicAnyMethod {
 public:
  template <class Method, class = std::enable_if_t<detail::is_known<Method>(static_cast<const Methods*>(nullptr))>>
  BasicAnyMethod(const Method& method) : method_(method) {}

  /// The method of this name, unconfigured.
  /// Errors: a name that is not known; the message lists those that are
  explicit BasicAnyMethod(std::string_view name) {
    bool found = false;
    detail::for_each_known<Methods>([&](const auto& known) {
      if (name == known.name) method_ = known, found = true;
    });
    if (!found) reject("method", quoted(name), "one of " + known());
  }

  /// Sets a parameter by name: a number, a whole one, a truth value or, by its
  /// place in the list of its names, a choice.
  /// Errors: a parameter that this method does not have, a value that it cannot hold
  BasicAnyMethod& set(std::string_view parameter, double value) {
    return change(parameter, [&](auto& member) { assign(parameter, member, value); });
  }
  /// The same for a choice, by its name.
  BasicAnyMethod& set(std::string_view parameter, std::string_view choice) {
    return change(parameter, [&](auto& member) { assign(parameter, member, choice); });
  }

  const char* name() const {
    return std::visit([](const auto& method) { return std::decay_t<decltype(method)>::name; }, method_);
  }

  /// Whether the method has this parameter.
  bool has(std::string_view parameter) const {
    bool found = false;
    each([&](const char* name, const auto&) { found = found || parameter == name; });
    return found;
  }

  bool reads(Role role) const {
    return std::visit([&](const auto& method) { return std::decay_t<decltype(method)>::Vectors::contains(role); }, method_);
  }

  /// Calls `visit(name, value)` for every parameter.
  template <class Visit>
  void each(const Visit& visit) const {
    std::visit([&](const auto& method) { std::decay_t<decltype(method)>::each_parameter(method, visit); }, method_);
  }

  void validate() const {
    std::visit([](const auto& method) { method.validate(); }, method_);
  }

  const Methods& method() const { return method_; }

  /// The names of all methods.
  static std::string known() {
    std::string names;
    detail::for_each_known<Methods>([&](const auto& method) { detail::list(names, method.name); });
    return names;
  }

 private:
  template <class Action>
  BasicAnyMethod& change(std::string_view parameter, const Action& action) {
    bool found = false;
    std::visit([&](auto& method) {
      std::decay_t<decltype(method)>::each_parameter(method, [&](const char* name, auto& member) {
        if (parameter == name) action(member), found = true;
      });
    }, method_);
    if (!found) {
      std::string names;
      each([&](const char* name, const auto&) { detail::list(names, name); });
      reject("parameter", quoted(parameter) + " of " + name(),
             names.empty() ? "none: it has no parameter" : "one of " + names);
    }
    return *this;
  }

  template <class Member>
  static void assign(std::string_view parameter, Member& member, double value) {
    const std::string name(parameter);
    if constexpr (std::is_same_v<Member, double>) {
      member = value;
    } else if constexpr (std::is_same_v<Member, std::array<double, 1>>) {
      member[0] = value;
    } else {
      const bool whole = value >= 0.0 && value < 9007199254740992.0 &&
                         value == static_cast<double>(static_cast<unsigned long long>(value));
      if constexpr (std::is_same_v<Member, bool>)
        require(value == 0.0 || value == 1.0, name.c_str(), value, "0 or 1");
      else
        require(whole, name.c_str(), value, "a whole number, at least 0");
      if constexpr (std::is_enum_v<Member>)
        if (value >= static_cast<double>(names_of(Member{}).size())) assign(parameter, member, describe(value));
      member = static_cast<Member>(static_cast<unsigned long long>(value));
    }
  }
  template <class Member>
  static void assign(std::string_view parameter, Member& member, std::string_view choice) {
    std::string names;
    if constexpr (std::is_enum_v<Member>) {
      std::size_t at = 0;
      for (const char* name : names_of(Member{})) {
        if (choice == name) return void(member = static_cast<Member>(at));
        ++at;
        detail::list(names, name);
      }
    }
    reject(std::string(parameter).c_str(), quoted(choice), names.empty() ? "a number" : "one of " + names);
  }

  Methods method_;
};

using AnyMethod = BasicAnyMethod<AllMethods>;

/// A chain of methods that is chosen at run time; guide() takes it like any
/// other. What its links read must be given, as to every method, by `with`.
///
/// Cost  that of the same chain written in the source: the choice is made once
///       a sample, in coefficient space
template <class Methods>
class BasicAnyChain {
 public:
  static constexpr std::size_t most_links = 16;

  using Method = BasicAnyMethod<Methods>;

  /// All that a link may read.
  using Every = decltype(detail::span_of(static_cast<const Methods*>(nullptr)));

  BasicAnyChain() = default;
  template <class... Links, class = std::enable_if_t<(std::is_convertible_v<const Links&, Method> && ...)>>
  BasicAnyChain(const Links&... links) {
    (add(Method(links)), ...);
  }

  /// Errors: more than `most_links`
  BasicAnyChain& add(const Method& method) {
    require(size_ < most_links, "method", static_cast<double>(size_ + 1), "at most 16 links");
    links_[size_++] = method;
    return *this;
  }

  const Method* begin() const { return links_.data(); }
  const Method* end() const { return links_.data() + size_; }
  std::size_t size() const { return size_; }

  /// Gives the first link that has a `scale` this one; whether there is any.
  bool set_scale(double scale) {
    for (std::size_t i = 0; i < size_; ++i)
      if (links_[i].has("scale")) return (void)links_[i].set("scale", scale), true;
    return false;
  }

  bool reads(Role role) const {
    bool found = false;
    for_each_link([&](const auto& link) { found = found || std::decay_t<decltype(link)>::Vectors::contains(role); });
    return found;
  }
  bool is_constant() const {
    bool constant = true;
    for_each_link([&](const auto& link) { constant = constant && eigenguide::is_constant<std::decay_t<decltype(link)>>; });
    return constant;
  }

  /// Errors: those of every link, and a state that two of them carry
  void validate() const {
    for (const Method& link : *this) link.validate();
    for (const Role state : {Role::momentum, Role::correction, Role::average}) {
      std::size_t carried = 0;
      for_each_link([&](const auto& link) { carried += std::decay_t<decltype(link)>::Vectors::contains(state) ? 1 : 0; });
      require(carried <= 1, name_of(state), static_cast<double>(carried), "the state of one link only");
    }
  }

  /// Errors: a link that reads what is not among `Given`
  template <class Given>
  void require_given() const {
    for_each_link([](const auto& link) { require_given_to<std::decay_t<decltype(link)>, Given>(); });
  }

  /// The chain over the vectors of `Given`, and 1 with `ones`: what the engine
  /// asks of a chain that passes require_given(); else its outputs are rejected.
  template <class Given, bool ones>
  struct Over {
    using Vectors = std::conditional_t<ones, SpanOf<Given, Reads<Role::one>>, SpanOf<Given>>;
    const BasicAnyChain& chain;

    /// Whether a link reads the vector of this number: what is given may be read by none.
    bool reads(std::size_t vector) const {
      const Role role = Vectors::roles[vector];
      return !(is_further_prediction(role) || is_state(role)) || chain.reads(role);
    }

    auto outputs(const Gram<Vectors::size>& gram) const {
      Course<Vectors> course;
      std::size_t after = chain.size();
      chain.for_each_link([&](const auto& link) {
        --after;
        using Link = std::decay_t<decltype(link)>;
        if constexpr (holds(typename Link::Vectors{}))
          course.template follow<false>(link, gram, after > 0);
        else
          require_given_to<Link, Vectors>();
      });
      return course.outputs();
    }

   private:
    template <Role... roles>
    static constexpr bool holds(Reads<roles...>) {
      return ((roles == Role::guided || Vectors::contains(roles)) && ...);
    }
  };

 private:
  template <class Link, class Given>
  static void require_given_to() {
    for (const Role role : Link::Vectors::roles)
      if ((is_further_prediction(role) || is_state(role)) && !Given::contains(role)) reject_without(Link::name, role);
  }
  [[noreturn]] EIGENGUIDE_OUTLINE static void reject_without(const char* link, Role role) {
    const std::string name = name_of(role);
    reject("method", link + (", which reads `" + name + "`"), "that it is given: with(method, " + name + "(tensor))");
  }

  template <class Action>
  void for_each_link(const Action& action) const {
    for (const Method& link : *this) std::visit(action, link.method());
  }

  std::array<Method, most_links> links_ = filled(std::make_index_sequence<most_links>{});
  std::size_t size_ = 0;

  template <std::size_t... i>
  static std::array<Method, most_links> filled(std::index_sequence<i...>) {
    return {(static_cast<void>(i), Method(std::variant_alternative_t<0, Methods>{}))...};
  }
};
using AnyChain = BasicAnyChain<AllMethods>;

template <class T>
struct is_any_chain : std::false_type {};
template <class Methods>
struct is_any_chain<BasicAnyChain<Methods>> : std::true_type {};

/// `left`, then `right`: chains or methods, of which one at least was chosen at run time.
inline AnyChain operator|(AnyChain left, const AnyChain& right) {
  for (const AnyMethod& link : right) left.add(link);
  return left;
}

}}  // namespace eigenguide
