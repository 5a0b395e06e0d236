// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/method/any.hpp>
#include <eigenguide/method/chain.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The predictions of the model that something depends on.
class Needs {
 public:
  bool cond() const { return contains(Role::cond); }
  bool uncond() const { return contains(Role::uncond); }
  /// Of `cond`, `uncond` and the further predictions.
  bool contains(Role role) const { return (bits_ >> place(role) & 1u) != 0; }
  bool contains(const Needs& other) const { return (bits_ | other.bits_) == bits_; }

  void add(const Needs& other) { bits_ |= other.bits_; }
  void add(Role role) { bits_ |= std::uint64_t{1} << place(role); }

  /// How many evaluations of the model they are.
  std::size_t evaluations() const {
    std::size_t count = 0;
    for (std::uint64_t rest = bits_; rest != 0; rest &= rest - 1) ++count;
    return count;
  }

  /// Whether there is a bit for each of these: for prompts up to number 43.
  template <Role... roles>
  static constexpr bool has_room_for(Reads<roles...>) {
    return ((!is_further_prediction(roles) || place(roles) < 64) && ... && true);
  }

  friend bool operator==(const Needs& a, const Needs& b) { return a.bits_ == b.bits_; }

 private:
  std::uint64_t bits_ = 0;

  static constexpr std::size_t place(Role role) {
    if (role == Role::cond || role == Role::uncond) return static_cast<std::size_t>(role);
    const std::size_t further = static_cast<std::size_t>(role);
    return role < Role::prompt ? further : 20 + further - static_cast<std::size_t>(Role::prompt);
  }
};

/// What the outputs of a method depend on.
struct Dependence {
  Needs guided;                           ///< what the guided result does
  std::array<Needs, state_count> states;  ///< what the next value of each state does, by state_index
  bool is_constant;                       ///< whether the weights are the same for all data
};

namespace detail {

/// Vectors to try a method on: some for every prediction, some for every state.
template <class Vectors>
class Probes {
 public:
  static constexpr std::size_t predictions = 2 + Vectors::further, states = Vectors::states;
  static constexpr std::size_t size = Vectors::size, length = 24, variants = 6;
  static constexpr auto state_roles = Vectors::state_roles();
  using Vector = std::array<Real, length>;

  Probes() {
    for (Vector& vector : common_) vector = random();
    for (auto& of_one : own_)
      for (Vector& vector : of_one) vector = random();
    for (Vector& vector : state_) vector = random();
  }

  /// The outputs of a chain, as vectors, with variant v[i] of prediction i; at the start of a run states are zero.
  template <class Chain>
  auto outputs(const Chain& chain, const std::array<std::size_t, predictions>& v, bool at_start) const {
    std::array<Vector, size> basis;
    const Vector c = prediction(0, v[0]);
    std::size_t next = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const Role role = Vectors::roles[i];
      if (role == Role::cond) basis[i] = c;
      else if (role == Role::difference) basis[i] = difference(c, prediction(1, v[1]));
      else if (role == Role::uncond) basis[i] = prediction(1, v[1]);
      else if (role == Role::one) basis[i].fill(1.0);
      else if (is_state(role)) basis[i] = at_start ? Vector{} : state_[next++];
      else basis[i] = difference(c, prediction(i - 1, v[i - 1]));
    }
    Gram<size> gram;
    gram.elements = static_cast<double>(length);
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < size; ++j)
        for (std::size_t n = 0; n < length; ++n) gram.product[i][j] += basis[i][n] * basis[j][n];

    const auto rows = chain.outputs(gram);
    std::array<Vector, 1 + states> combined{};
    for (std::size_t m = 0; m < combined.size(); ++m)
      for (std::size_t i = 0; i < size; ++i)
        if (rows[m][i] != 0.0)
          for (std::size_t n = 0; n < length; ++n) combined[m][n] += rows[m][i] * basis[i][n];
    return combined;
  }

 private:
  std::array<Vector, 2> common_;
  std::array<std::array<Vector, variants>, predictions> own_;
  std::array<Vector, states> state_;
  std::uint64_t seed_ = 1;

  /// Near what all predictions have in common, far from it, opposite to it.
  Vector prediction(std::size_t i, std::size_t variant) const {
    constexpr double weight[variants] = {1.0, 1e-3, 0.3, 1e3, 1e-2, 1e-7}, sign[variants] = {1.0, 1.0, 1.0, 1.0, -1.0, 1.0};
    Vector made = own_[i][variant];
    for (std::size_t n = 0; n < length; ++n) made[n] = Real(sign[variant]) * common_[0][n] + weight[variant] * made[n];
    return made;
  }

  static Vector difference(const Vector& a, const Vector& b) {
    Vector made;
    for (std::size_t n = 0; n < length; ++n) made[n] = a[n] - b[n];
    return made;
  }

  /// Even in (−1, 1).
  Vector random() {
    Vector made;
    for (Real& each : made) {
      seed_ = seed_ * 6364136223846793005u + 1442695040888963407u;
      each = static_cast<double>(static_cast<std::int64_t>(seed_) >> 11) / 4503599627370496.0;
    }
    return made;
  }
};

/// Whether two combinations are the same numbers. What is none, where weights are
/// beyond double, may depend on anything.
template <class Vector>
bool are_same(const Vector& a, const Vector& b) {
  for (std::size_t n = 0; n < a.size(); ++n)
    if (bits_of(static_cast<double>(a[n])) != bits_of(static_cast<double>(b[n])) || !is_finite(static_cast<double>(a[n]))) return false;
  return true;
}

template <class Chain>
Dependence dependence_of(const Chain& chain, bool is_constant) {
  using All = Probes<typename Chain::Vectors>;
  static_assert(Needs::has_room_for(typename Chain::Vectors{}), "needs: of prompts up to number 43");
  const All probes;
  Dependence found{{}, {}, is_constant};
  for (std::size_t i = 0; i < All::predictions; ++i) {
    const Role role = i == 0 ? Role::cond : i == 1 ? Role::uncond : Chain::Vectors::roles[1 + i];
    for (std::size_t others = 0; others < All::variants; ++others) {
      std::array<std::size_t, All::predictions> variant;
      variant.fill(others);
      const bool at_start = others == 0;
      const auto before = probes.outputs(chain, variant, at_start);
      for (variant[i] = 0; variant[i] < All::variants; ++variant[i]) {
        const auto after = probes.outputs(chain, variant, at_start);
        if (!are_same(before[0], after[0])) found.guided.add(role);
        for (std::size_t k = 0; k < All::states; ++k)
          if (!are_same(before[1 + k], after[1 + k])) found.states[state_index(All::state_roles[k])].add(role);
      }
    }
  }
  return found;
}

}  // namespace detail

/// What a method depends on as it is configured: at a scale of 1 classifier-free
/// guidance does not depend on uncond, and a step of zero-init on nothing.
///
/// Found by trying: what changes no bit of any output of predictions that lie
/// near each other (to 1e-7), apart, and opposite, has no part in the method. So
/// it holds for every method that does anything at such predictions, and nobody
/// has to state it.
///
/// Cost  some hundred evaluations of the method's scalars: 10 to 100 µs, of a chain that was
///       chosen at run time and reads more than c and u 400; no allocation
template <class Method, class = std::enable_if_t<is_method<Method>::value>>
Dependence dependence_of(const Method& method) {
  const auto& chain = as_chain(method);
  return detail::dependence_of(chain, is_constant<std::decay_t<decltype(chain)>>);
}
template <class Methods>
Dependence dependence_of(const BasicAnyChain<Methods>& chain) {
  using Any = BasicAnyChain<Methods>;
  bool reads_more = false;
  for (const Role role : Any::Every::roles)
    reads_more = reads_more || ((is_further_prediction(role) || is_state(role)) && chain.reads(role));
  return reads_more ? detail::dependence_of(typename Any::template Over<typename Any::Every, true>{chain}, chain.is_constant())
                    : detail::dependence_of(typename Any::template Over<Reads<>, true>{chain}, chain.is_constant());
}

/// The predictions that a method depends on.
template <class Method>
Needs needs_of(const Method& method) {
  return dependence_of(method).guided;
}

}}  // namespace eigenguide
