// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/eigenguide.hpp>

#include <support/data.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <vector>

/// Whether two results are the same bit for bit.
inline bool same_bits(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), sizeof(float) * static_cast<std::size_t>(a.size())) == 0;
}

/// Everything that a method may read, whichever it is.
template <class Dense>
struct Inputs {
  Dense cond, uncond;
  static constexpr std::size_t count = 12;
  std::array<Dense, count> others;  ///< one for each further role, see `place`

  static constexpr std::size_t place(eigenguide::Role role) {
    using eigenguide::Role;
    switch (role) {
      case Role::middle: return 0;
      case Role::perturbed: return 1;
      case Role::isolated: return 2;
      case Role::degraded: return 3;
      case Role::momentum: return 4;
      case Role::correction: return 5;
      case Role::average: return 6;
      default: break;
    }
    return 7 + static_cast<std::size_t>(role) - static_cast<std::size_t>(Role::prompt);
  }

  /// `change` of every one of them.
  template <class Change>
  auto map(const Change& change) const {
    using Changed = std::decay_t<decltype(change(cond))>;
    Inputs<Changed> changed{change(cond), change(uncond), {}};
    for (std::size_t i = 0; i < count; ++i) changed.others[i] = change(others[i]);
    return changed;
  }
};

/// Independent numbers for all of them; states that are not zero.
template <class Dense>
Inputs<Dense> normal_inputs(std::uint64_t seed, Eigen::Index rows, Eigen::Index columns, double apart = 1.0) {
  const auto normals = [&](std::uint64_t stream, double scale) {
    Random random(seed + stream);
    Dense matrix(rows, columns);
    for (Eigen::Index i = 0; i < matrix.size(); ++i)
      matrix(i) = static_cast<typename Dense::Scalar>(scale * random.normal());
    return matrix;
  };
  Inputs<Dense> inputs{normals(1, 1.0), normals(2, apart), {}};
  for (std::size_t i = 0; i < Inputs<Dense>::count; ++i) inputs.others[i] = normals(3 + i, 1.0);
  return inputs;
}

/// Predictions that are all the same, and states of a run that has not begun.
template <class Dense>
Inputs<Dense> equal_inputs(const Dense& cond) {
  Inputs<Dense> inputs{cond, cond, {}};
  for (std::size_t i = 0; i < Inputs<Dense>::count; ++i) inputs.others[i] = cond;
  for (const std::size_t state : {4u, 5u, 6u}) inputs.others[state].setZero();
  return inputs;
}

/// Where states go: the next value of each, by state_index().
template <class Dense>
using NextStates = std::array<Dense, eigenguide::state_count>;

namespace detail {

template <eigenguide::Role role, class Dense, class Next>
auto given(const Inputs<Dense>& inputs, [[maybe_unused]] Next next) {
  using T = typename Dense::Scalar;
  const auto values = [&] { return eigenguide::view(inputs.others[Inputs<Dense>::place(role)]); };
  if constexpr (eigenguide::is_further_prediction(role))
    return std::tuple{eigenguide::Prediction<role, T>{values()}};
  else if constexpr (eigenguide::is_state(role) && std::is_null_pointer_v<Next>)
    return std::tuple{eigenguide::State<role, T, false>{values(), nullptr}};
  else if constexpr (eigenguide::is_state(role))
    return std::tuple{eigenguide::State<role, T, true>{values(), eigenguide::view((*next)[eigenguide::state_index(role)])}};
  else
    return std::tuple<>{};
}

}  // namespace detail

/// `method` with those of the inputs that it reads; states stay as they are, or
/// advance to `next`.
template <class Method, class Dense, eigenguide::Role... roles, class Next = std::nullptr_t>
auto given(const Method& method, const Inputs<Dense>& inputs, eigenguide::Reads<roles...>, Next next = nullptr) {
  return std::apply([&](const auto&... option) { return eigenguide::with(method, option...); },
                    std::tuple_cat(detail::given<roles>(inputs, next)...));
}

template <class Method, class Dense>
Dense guided(const Method& method, const Inputs<Dense>& inputs) {
  return eigenguide::guide(given(method, inputs, typename Method::Vectors{}), inputs.cond, inputs.uncond);
}

/// The guided result, and the next value of each state that `method` carries.
template <class Dense>
struct Advanced {
  Dense guided;
  NextStates<Dense> next;
};
template <class Method, class Dense>
Advanced<Dense> advanced(const Method& method, const Inputs<Dense>& inputs) {
  Advanced<Dense> result;
  result.next.fill(Dense::Zero(inputs.cond.rows(), inputs.cond.cols()));
  result.guided = eigenguide::guide(given(method, inputs, typename Method::Vectors{}, &result.next), inputs.cond, inputs.uncond);
  return result;
}

/// The same, with what was found of each sample.
template <class Method, class Dense>
Dense guided(const Method& method, const Inputs<Dense>& inputs, std::vector<eigenguide::Diagnostics>& found) {
  using Vectors = typename Method::Vectors;
  const auto bound = given(method, inputs, Vectors{});
  const auto reported = std::apply(
      [&](const auto&... option) { return eigenguide::with(bound.method, option..., eigenguide::report(found)); },
      bound.options);
  return eigenguide::guide(reported, inputs.cond, inputs.uncond);
}

/// A chain that was chosen at run time is given all of them.
template <class Dense>
Dense guided(const eigenguide::AnyChain& chain, const Inputs<Dense>& inputs) {
  return eigenguide::guide(given(chain, inputs, eigenguide::AnyChain::Every{}), inputs.cond, inputs.uncond);
}

/// The same in a space.
template <class Method, class Dense>
Dense guided(const Method& method, const eigenguide::Space& space, const eigenguide::Level& level, const Dense& x,
             const Inputs<Dense>& inputs) {
  return eigenguide::guide(given(method, inputs, typename Method::Vectors{}), space, level, x, inputs.cond,
                           inputs.uncond);
}
