// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/link.hpp>

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// The roles of several lists and of c, d and u, each once, in the order of
/// Role; without `guided`, which is a combination of the others.
template <class... Lists>
struct JoinedRoles {
  static constexpr std::size_t most = 3 + (std::size_t{0} + ... + Lists::size);
  struct Sorted {
    std::array<Role, most> roles{};
    std::size_t count = 0;

    constexpr void insert(Role role) {
      std::size_t at = 0;
      while (at < count && roles[at] < role) ++at;
      if (role == Role::guided || (at < count && roles[at] == role)) return;
      for (std::size_t i = count++; i > at; --i) roles[i] = roles[i - 1];
      roles[at] = role;
    }
    template <class List>
    constexpr void insert_all() {
      for (const Role role : List::roles) insert(role);
    }
  };
  static constexpr Sorted sorted = [] {
    Sorted all;
    all.template insert_all<Reads<Role::cond, Role::difference, Role::uncond>>();
    (all.template insert_all<Lists>(), ...);
    return all;
  }();

  template <std::size_t... i>
  static Reads<sorted.roles[i]...> as_reads(std::index_sequence<i...>);
  using Vectors = decltype(as_reads(std::make_index_sequence<sorted.count>{}));
};

}  // namespace detail

/// The vectors of a chain of links that read `Lists`: c, d, u; further
/// predictions; states; and 1 where a link reads sums.
template <class... Lists>
using SpanOf = typename detail::JoinedRoles<Lists...>::Vectors;

/// What the links of a chain over `Vectors` have made so far, each of them as
/// a combination of these vectors.
template <class Vectors>
struct Course {
  enum Vector : std::size_t { c, d, u };
  static constexpr std::size_t size = Vectors::size, states = Vectors::states;
  static constexpr std::size_t first_state = 3 + Vectors::further;

  Row<size> difference = unit<size>(d);
  Row<size> guided = unit<size>(c);
  Rows<states, size> next = unchanged(std::make_index_sequence<states>{});

  /// Lets one link act; the `first` sees c, d and u as they are. The difference
  /// is refined only where `others_follow`.
  template <bool first, class Link>
  void follow(const Link& link, const Gram<size>& gram, bool others_follow) {
    const auto basis = vectors<first>(typename Link::Vectors{});
    Row<size> result;
    if constexpr (is_constant<Link>) {
      result = compose<size>(link(), basis);
      if constexpr (Link::Vectors::states > 0) advanced<Link>() = compose<size>(link.next(), basis);
      if constexpr (refines_difference<Link>::value)
        if (others_follow) difference = settled(compose<size>(link.difference(), basis));
    } else {
      const auto seen = gram.of(basis);
      result = compose<size>(link(seen), basis);
      if constexpr (Link::Vectors::states > 0) advanced<Link>() = compose<size>(link.next(seen), basis);
      if constexpr (refines_difference<Link>::value)
        if (others_follow) difference = settled(compose<size>(link.difference(seen), basis));
      gram.cancelled = gram.cancelled || seen.cancelled;
    }
    const bool replaces = is_reshaping<Link> || first || guided == unit<size>(c);
    guided = settled(replaces ? result : guided + (result - unit<size>(c)));
  }

  /// The guided result, then every state's next value.
  Rows<1 + states, size> outputs() const {
    Rows<1 + states, size> rows{guided};
    for (std::size_t i = 0; i < states; ++i) rows[1 + i] = next[i];
    return rows;
  }

 private:
  template <std::size_t... i>
  static Rows<states, size> unchanged(std::index_sequence<i...>) {
    return {unit<size>(first_state + i)...};
  }

  /// What becomes of the state that `Link` reads.
  template <class Link>
  Row<size>& advanced() {
    static_assert(Link::Vectors::states == 1, "a method carries one state");
    for (std::size_t i = 0; i < states; ++i)
      if (Link::Vectors::contains(Vectors::roles[first_state + i])) return next[i];
    return next[0];
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

  template <bool first, Role... roles>
  auto vectors(Reads<roles...>) const {
    return std::tuple{vector<first, roles>()...};
  }

  template <bool first, Role role>
  auto vector() const {
    static_assert(role == Role::guided || Vectors::contains(role), "the chain holds what its links read");
    if constexpr (role == Role::difference && !first)
      return difference;
    else if constexpr (role == Role::uncond && !first)
      return difference == unit<size>(d) ? unit<size>(u) : unit<size>(c) - difference;
    else if constexpr (role == Role::guided && !first)
      return guided;
    else
      return Unit<size, role == Role::guided ? std::size_t{c} : Vectors::place(role)>{};
  }
};

}}  // namespace eigenguide
