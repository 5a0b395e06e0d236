// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/algebra/gram.hpp>
#include <eigenguide/algebra/row.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// What a vector that a method reads stands for; in the order in which a chain
/// holds them.
enum class Role : std::size_t {
  cond,        ///< c, the conditional prediction
  difference,  ///< d = c − u, as the links before have left it
  uncond,      ///< u = c − d, measured by itself where it is small

  // A further prediction p of the same kind is seen as its difference c − p.
  middle = 10,  ///< p under a part of the condition: the image, but not the text
  perturbed,    ///< p of the model with attention perturbed or layers skipped
  isolated,     ///< p without the exchange between modalities
  degraded,     ///< p of an input whose salient parts were blurred
  prompt = 100,  ///< p of another prompt: the first of any number, see prompt_role

  // A state is a tensor that a run carries from step to step, as it is, in
  // units of the method's space; zero at the start of a run.
  momentum = 1000,  ///< the difference as the last step has used it
  correction,       ///< the corrected difference of the last step
  average,          ///< the running average of the result

  one = 2000,  ///< 1 in every element: its inner products are sums
  guided,      ///< g, the result of the links before; c at the first
};

/// The role of further prompt `k`, 0-based.
constexpr Role prompt_role(std::size_t k) {
  return static_cast<Role>(static_cast<std::size_t>(Role::prompt) + k);
}
/// The name of a further prediction or a state in messages: what gives it, in guide/given.hpp.
constexpr const char* name_of(Role role) {
  constexpr const char* prompts[] = {"prompt<0>", "prompt<1>", "prompt<2>", "prompt<3>"};
  switch (role) {
    case Role::middle: return "middle";
    case Role::perturbed: return "perturbed";
    case Role::isolated: return "isolated";
    case Role::degraded: return "degraded";
    case Role::momentum: return "momentum";
    case Role::correction: return "correction";
    case Role::average: return "average";
    default: break;
  }
  return role < prompt_role(4) ? prompts[static_cast<std::size_t>(role) - static_cast<std::size_t>(Role::prompt)] : "prompt<k>";
}
constexpr bool is_further_prediction(Role role) { return role >= Role::middle && role < Role::momentum; }
constexpr bool is_state(Role role) { return role >= Role::momentum && role < Role::one; }

/// How many states there are, and which of them `role` is.
inline constexpr std::size_t state_count = 3;
constexpr std::size_t state_index(Role role) {
  return static_cast<std::size_t>(role) - static_cast<std::size_t>(Role::momentum);
}

/// The vectors of a method's Gram matrix, in order.
template <Role... roles_>
struct Reads {
  static constexpr std::size_t size = sizeof...(roles_);
  static constexpr std::array<Role, size> roles{roles_...};
  static constexpr bool contains(Role role) { return ((role == roles_) || ...); }
  static constexpr std::size_t states = (std::size_t{0} + ... + (is_state(roles_) ? 1 : 0));
  static constexpr std::size_t further = (std::size_t{0} + ... + (is_further_prediction(roles_) ? 1 : 0));

  /// The further predictions among them, and the states, in order.
  static constexpr auto further_roles() { return those<further>(is_further_prediction); }
  static constexpr auto state_roles() { return those<states>(is_state); }

  /// The place of `role` among the vectors; `size` where it is none of them.
  static constexpr std::size_t place(Role role) {
    std::size_t i = 0;
    while (i < size && roles[i] != role) ++i;
    return i;
  }

 private:
  template <std::size_t count>
  static constexpr std::array<Role, count> those(bool (*are)(Role)) {
    std::array<Role, count> found{};
    std::size_t next = 0;
    for (const Role role : roles)
      if (are(role)) found[next++] = role;
    (void)next;
    return found;
  }
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
// A method that reads a state says what becomes of it:
//
//   Row<3> next(const Gram<3>&) const;
//
// Both take a Gram matrix where the call does. For the choice of methods at run
// time it has a name, and names its parameters:
//
//   static constexpr const char* name = "cfg";
//   template <class Self, class Visit>
//   static void each_parameter(Self& self, const Visit& visit) { visit("scale", self.scale); }
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
