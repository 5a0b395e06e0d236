// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/link.hpp>

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

  enum Vector : std::size_t { c, d, u, one };
  using Vectors = std::conditional_t<(Links::Vectors::contains(Role::one) || ...),
                                     Reads<Role::cond, Role::difference, Role::uncond, Role::one>,
                                     Reads<Role::cond, Role::difference, Role::uncond>>;
  static constexpr std::size_t size = Vectors::size;

  void validate() const {
    std::apply([](const auto&... link) { (link.validate(), ...); }, links);
  }

  template <bool constant = (is_constant<Links> && ...)>
  std::enable_if_t<constant, Row<size>> operator()() const {
    return follow(Gram<size>{});
  }
  template <bool constant = (is_constant<Links> && ...)>
  std::enable_if_t<!constant, Row<size>> operator()(const Gram<size>& gram) const {
    return follow(gram);
  }

 private:
  /// What a link sees, as combinations of the chain's own vectors.
  struct View {
    Row<size> difference = unit<size>(d);
    Row<size> guided = unit<size>(c);
  };

  Row<size> follow(const Gram<size>& gram) const {
    View view;
    std::size_t after = sizeof...(Links);
    std::apply([&](const auto&... link) { (apply(link, gram, view, --after), ...); }, links);
    return view.guided;
  }

  /// Lets one link act on the view; `after` links are still to come.
  template <class Link>
  static void apply(const Link& link, const Gram<size>& gram, View& view, std::size_t after) {
    const Rows<Link::Vectors::size, size> basis = vectors(view, typename Link::Vectors{});
    Row<size> result;
    if constexpr (is_constant<Link>) {
      result = compose(link(), basis);
    } else {
      const auto seen = gram.of(basis);
      result = compose(link(seen), basis);
      if constexpr (refines_difference<Link>::value)
        if (after > 0) view.difference = settled(compose(link.difference(seen), basis));
    }
    const bool first = view.guided == unit<size>(c);
    const bool replaces = is_reshaping<Link> || first;
    view.guided = settled(replaces ? result : view.guided + (result - unit<size>(c)));
  }

  /// The same combination of c, d = c − u and u, where two weights nearly
  /// cancel, by the one that is left: c − d is u, and 7.5 c − 6.5 u is c + 6.5 d.
  static Row<size> settled(Row<size> row) {
    const auto cancel = [](Real a, Real b) { return abs(a + b) <= 0.5 * lesser(abs(a), abs(b)); };
    const Vector from = cancel(row[c], row[d]) ? d : u, to = from == d ? u : d;
    if (from == u && !cancel(row[c], row[u])) return row;
    row[c] += row[from];
    row[to] = row[to] - row[from];
    row[from] = 0.0;
    return row;
  }

  template <Role... roles>
  static Rows<sizeof...(roles), size> vectors(const View& view, Reads<roles...>) {
    return {vector(view, roles)...};
  }

  static Row<size> vector(const View& view, Role role) {
    switch (role) {
      case Role::cond: return unit<size>(c);
      case Role::difference: return view.difference;
      case Role::uncond:
        return view.difference == unit<size>(d) ? unit<size>(u) : unit<size>(c) - view.difference;
      case Role::guided: return view.guided;
      case Role::one: break;
    }
    return unit<size>(one);
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

/// `left`, then `right`.
template <class Left, class Right,
          class = std::enable_if_t<is_method<Left>::value && is_method<Right>::value>>
auto operator|(const Left& left, const Right& right) {
  return chain_of(std::tuple_cat(links_of(left), links_of(right)));
}

}}  // namespace eigenguide
