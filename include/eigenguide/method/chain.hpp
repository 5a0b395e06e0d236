// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/link.hpp>
#include <eigenguide/method/course.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Methods in a declared order: `CfgZeroStar{...} | Rescale{...}` reads from
/// left to right, and costs the same two passes as one of them.
///
/// Each link sees the conditional prediction c, the difference d and the
/// guided result g. It either adds its own guidance to g, g ← g + (link − c),
/// and may refine d for those after it; or it reshapes g (see link.hpp).
template <class... Links>
struct Chain {
  static_assert((is_method<Links>::value && ...), "a chain joins guidance methods");

  std::tuple<Links...> links;

  using Vectors = SpanOf<typename Links::Vectors...>;
  static_assert(((Links::Vectors::states + ... + 0) == Vectors::states),
                "two links of a chain cannot carry the same state");
  enum Vector : std::size_t { c, d, u, one = Vectors::size - 1 };  ///< `one` where a link reads sums
  static constexpr std::size_t size = Vectors::size;

  void validate() const {
    std::apply([](const auto&... link) { (link.validate(), ...); }, links);
  }

  /// Whether a link reads the vector of this number: each is there for one.
  static constexpr bool reads(std::size_t) { return true; }

  /// The weights of the guided result.
  template <bool constant = (is_constant<Links> && ...)>
  std::enable_if_t<constant, Row<size>> operator()() const {
    return outputs(Gram<size>{})[0];
  }
  template <bool constant = (is_constant<Links> && ...)>
  std::enable_if_t<!constant, Row<size>> operator()(const Gram<size>& gram) const {
    return outputs(gram)[0];
  }

  /// The weights of the guided result, then of every state's next value.
  Rows<1 + Vectors::states, size> outputs(const Gram<size>& gram) const {
    return outputs(gram, std::index_sequence_for<Links...>{});
  }

 private:
  template <std::size_t... i>
  Rows<1 + Vectors::states, size> outputs(const Gram<size>& gram, std::index_sequence<i...>) const {
    Course<Vectors> course;
    (course.template follow<i == 0>(std::get<i>(links), gram, i + 1 < sizeof...(Links)), ...);
    return course.outputs();
  }
};

/// A method as a tuple of links.
template <class Method>
std::tuple<Method> links_of(const Method& method) {
  return std::tuple<Method>{method};
}
template <class... Links>
std::tuple<Links...> links_of(const Chain<Links...>& chain) {
  return chain.links;
}

template <class... Links>
Chain<Links...> chain_of(std::tuple<Links...> links) {
  return {std::move(links)};
}

/// A method as a chain: of one link, unless it is one.
template <class Method>
Chain<Method> as_chain(const Method& method) {
  return chain_of(links_of(method));
}
template <class... Links>
const Chain<Links...>& as_chain(const Chain<Links...>& chain) {
  return chain;
}

/// `left`, then `right`.
template <class Left, class Right,
          class = std::enable_if_t<is_method<Left>::value && is_method<Right>::value>>
auto operator|(const Left& left, const Right& right) {
  return chain_of(std::tuple_cat(links_of(left), links_of(right)));
}

}}  // namespace eigenguide
