// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/require.hpp>
#include <eigenguide/method/any.hpp>

#include <array>
#include <cstddef>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

namespace detail {

/// Reads `name(parameter=value, …) | name | …`.
template <class Methods>
class Parser {
 public:
  using Method = BasicAnyMethod<Methods>;
  using Any = BasicAnyChain<Methods>;

  explicit Parser(std::string_view text) : text_(text) {}

  Any chain() {
    Any chain;
    do link(chain);
    while (take('|'));
    skip_spaces();
    if (at_ < text_.size()) fail("`|` or the end");
    return chain;
  }

 private:
  void link(Any& chain) {
    Method method(word("the name of a method"));
    Method before("cfg");
    bool has_before = false;
    std::vector<std::string_view> seen;
    if (take('(') && !take(')')) {
      do {
        const std::string_view parameter = word("the name of a parameter");
        if (!take('=')) fail("`=`");
        for (const std::string_view each : seen)
          if (each == parameter) fail("each parameter once");
        seen.push_back(parameter);
        // Momentum is a link of its own, named beside what it acts on.
        const bool own = parameter != "momentum" || method.has(parameter) || !method.reads(Role::difference);
        if (!own) before = Method("momentum"), has_before = true;
        value(own ? method : before, parameter);
      } while (take(','));
      if (!take(')')) fail("`,` or `)`");
    }
    if (has_before) chain.add(before);
    chain.add(method);
  }

  void value(Method& method, std::string_view parameter) {
    const std::string_view token = take_while([](char c) { return is_word(c) || c == '.' || c == '+' || c == '-'; });
    if (token.empty()) fail("a value");
    const double infinity = positive_infinity();
    if (token == "inf" || token == "-inf") return void(method.set(parameter, token == "inf" ? infinity : -infinity));
    std::istringstream stream{std::string(token)};
    stream.imbue(std::locale::classic());
    double number = 0.0;
    if (stream >> number && stream.peek() == std::istringstream::traits_type::eof())
      method.set(parameter, number);
    else
      method.set(parameter, token);
  }

  std::string_view word(const char* expected) {
    const std::string_view found = take_while(is_word);
    if (found.empty()) fail(expected);
    return found;
  }

  static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  template <class Test>
  std::string_view take_while(const Test& test) {
    skip_spaces();
    const std::size_t begin = at_;
    while (at_ < text_.size() && test(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool take(char c) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void fail(const char* expected) {
    skip_spaces();
    const std::string here = at_ < text_.size() ? quoted(text_.substr(at_)) : "its end";
    reject("method", "\"" + std::string(text_) + "\", and at " + here, expected);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The shortest decimal that is read as this number.
inline std::string text_of(double value) {
  for (int digits = 1;; ++digits) {
    std::ostringstream stream;
    stream.imbue(std::locale::classic());
    stream.precision(digits);
    stream << value;
    std::istringstream back(stream.str());
    back.imbue(std::locale::classic());
    double read = 0.0;
    if (!is_finite(value) || digits == std::numeric_limits<double>::max_digits10 || (back >> read && read == value))
      return stream.str();
  }
}

}  // namespace detail

/// A chain from its text, as a command line has it:
///
///   parse("apg(scale=7.5, eta=0, momentum=-0.5) | rescale(phi=0.7)")
///
/// Methods and parameters have the names of their headers; what is not given
/// keeps its default. A `momentum` that a method of differences does not have
/// itself is short for the link momentum(momentum=…) before it.
///
/// Errors: a text that is no chain, and where; a method or parameter that is
///         not known, with those that are; the parameters' own ranges
template <class Methods = AllMethods>
BasicAnyChain<Methods> parse(std::string_view text) {
  const auto chain = detail::Parser<Methods>(text).chain();
  chain.validate();
  return chain;
}

/// The text of a chain, with every parameter; parse() gives the same chain.
template <class Methods>
std::string text_of(const BasicAnyChain<Methods>& chain) {
  std::string text;
  for (const auto& link : chain) {
    text += text.empty() ? "" : " | ";
    text += link.name();
    std::string parameters;
    link.each([&](const char* name, const auto& value) {
      using Value = std::decay_t<decltype(value)>;
      parameters += (parameters.empty() ? "" : ", ") + std::string(name) + "=";
      if constexpr (std::is_enum_v<Value>)
        parameters += names_of(value)[static_cast<std::size_t>(value)];
      else if constexpr (std::is_same_v<Value, std::array<double, 1>>)
        parameters += detail::text_of(value[0]);
      else
        parameters += detail::text_of(static_cast<double>(value));
    });
    text += "(" + parameters + ")";
  }
  return text;
}

}}  // namespace eigenguide
