// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>
#include <eigenguide/algebra/row.hpp>

#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What a vector that a method reads stands for.
enum class Role {
  cond,        ///< c, the conditional prediction
  difference,  ///< d = c − u, as the links before have left it
  uncond,      ///< u = c − d, measured by itself where it is small
  guided,      ///< g, the result of the links before; c at the first
  one,         ///< 1 in every element: its inner products are sums
};

/// The vectors of a method's Gram matrix, in order.
template <Role... roles>
struct Reads {
  static constexpr std::size_t size = sizeof...(roles);
  static constexpr bool contains(Role role) { return ((role == roles) || ...); }
};

// A method is a struct of parameters with
//
//   using Vectors = Reads<Role::cond, Role::difference>;
//   void validate() const;                       rejects bad parameters
//   Row<2> operator()(const Gram<2>&) const;     weights of the guided result
//
// The call takes no Gram matrix when the weights do not depend on the data;
// such a method costs one pass. It never touches a tensor and never throws.
//
// A method that reads `guided` reshapes the result of those before it in a
// chain. Any other adds its own guidance to it, and may refine the difference
// that those after it see:
//
//   Row<2> difference(const Gram<2>&) const;
//
// `a | b` finds its operator in namespace eigenguide; a namespace that joins
// two methods of its own says `using eigenguide::operator|;`.

template <class Method, class = void>
struct is_method : std::false_type {};
template <class Method>
struct is_method<Method, std::void_t<typename Method::Vectors>> : std::true_type {};

/// Whether `Method` has weights that do not depend on the data.
template <class Method>
inline constexpr bool is_constant = std::is_invocable_v<const Method&>;

/// Whether `Method` reshapes the result of the links before it.
template <class Method>
inline constexpr bool is_reshaping = Method::Vectors::contains(Role::guided);

/// Whether `Method` refines the difference for the links after it.
template <class Method, class = void>
struct refines_difference : std::false_type {};
template <class Method>
struct refines_difference<Method, std::void_t<decltype(&Method::difference)>> : std::true_type {};

}}  // namespace eigenguide
