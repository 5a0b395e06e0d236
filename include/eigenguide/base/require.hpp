// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// What happens to a sentence about bad input: std::invalid_argument, or, in a
/// unit compiled without exceptions, the sentence on stderr and std::abort. A
/// client may define it as its own handler, which must not return and must be
/// the same in every unit of a program.
#if !defined(EIGENGUIDE_PRECONDITION_HANDLER)
#if defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define EIGENGUIDE_PRECONDITION_HANDLER(sentence) throw std::invalid_argument(sentence)
#else
#define EIGENGUIDE_PRECONDITION_HANDLER(sentence) \
  (std::fprintf(stderr, "%s\n", (sentence).c_str()), std::abort())
#endif
#endif

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// `value` as the shortest of %g and %.17g that reads back as itself.
inline std::string describe(double value) {
  char text[32] = {};
  std::snprintf(text, sizeof text, "%g", value);
  if (is_finite(value) && std::strtod(text, nullptr) != value)
    std::snprintf(text, sizeof text, "%.17g", value);
  for (char& letter : text)  // whatever the locale says
    if (letter == ',') letter = '.';
  return text;
}

/// `text` between backticks. (A literal + a string warns under g++ 12 -O3.)
inline std::string quoted(std::string_view text) {
  std::string all(1, '`');
  all.append(text).push_back('`');
  return all;
}

/// `text` on one line that ends where it ends, whoever wrote it: control
/// characters, a null among them, as \xNN.
inline std::string one_line(const std::string& text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string line;
  for (const char letter : text) {
    const unsigned char code = static_cast<unsigned char>(letter);
    if (code >= 0x20 && code != 0x7f)
      line.push_back(letter);
    else
      line.append("\\x").append(1, digits[code / 16]).append(1, digits[code % 16]);
  }
  return line;
}

/// Ends the call with one sentence: the argument, what it was, what it should be.
[[noreturn]] inline void reject(const std::string& argument, const std::string& was,
                                const std::string& expected) {
  const std::string sentence =
      "eigenguide: `" + one_line(argument) + "` is " + one_line(was) + "; expected " + expected;
  EIGENGUIDE_PRECONDITION_HANDLER(sentence);
}

/// Rejects `argument` unless `holds`, and NaN in any case: with -ffast-math a
/// comparison may take it for any number. Costs one branch while it holds.
inline void require(bool holds, const char* argument, double was, const char* expected) {
  if (!holds || is_nan(was)) reject(argument, describe(was), expected);
}

/// Rejects an `argument` that is infinite or NaN.
inline void require_finite(const char* argument, double was) {
  require(is_finite(was), argument, was, "a finite number");
}

/// A list of steps, timesteps or frames has fewer than this: 8 GB of doubles.
inline constexpr double count_limit = 1e9;

/// Rejects the count of a list that is too long to be made.
inline void require_count(const char* argument, std::size_t was) {
  require(static_cast<double>(was) < count_limit, argument, static_cast<double>(was), "fewer than 1e9");
}

namespace detail {

template <class T, class = void> struct is_validated : std::false_type {};
template <class T>
struct is_validated<T, std::void_t<decltype(std::declval<const T&>().validate())>> : std::true_type {};

}  // namespace detail

/// Validates a part that has a `validate()`; a plain callable has none.
template <class T>
void require_valid([[maybe_unused]] const T& part) {
  if constexpr (detail::is_validated<T>::value) part.validate();
}

}}  // namespace eigenguide
