// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/method/diagnostics.hpp>
#include <eigenguide/method/link.hpp>

#include <cstddef>
#include <type_traits>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// A further prediction of the model, by its role.
template <Role role_, class T>
struct Prediction {
  static constexpr Role role = role_;
  BatchView<const T> values;
};

/// A state of the run, and where its next value is written.
template <Role role_, class T, bool advances_>
struct State {
  static constexpr Role role = role_;
  static constexpr bool advances = advances_;
  BatchView<const T> values;
  std::conditional_t<advances, BatchView<T>, std::nullptr_t> next;
};

/// Where a verb writes what it found.
struct Report {
  Diagnostics* first;
  std::size_t count;
};

namespace detail {

template <Role role>
struct Predicted {
  template <class Tensor>
  auto operator()(const Tensor& tensor) const {
    const auto values = view(tensor);
    return Prediction<role, typename decltype(values)::Scalar>{values};
  }
};

template <Role role>
struct Carried {
  template <class Tensor>
  auto operator()(const Tensor& tensor) const {
    const auto values = view(tensor);
    return State<role, typename decltype(values)::Scalar, false>{values, nullptr};
  }
  template <class Tensor, class Next>
  auto operator()(const Tensor& tensor, Next&& next) const {
    const auto values = view(tensor);
    const auto to = view(next);
    using T = typename decltype(values)::Scalar;
    static_assert(std::is_same_v<decltype(to), const BatchView<T>>,
                  "the next value of a state is written through, and of its type");
    return State<role, T, true>{values, to};
  }
};

}  // namespace detail

// What a method reads besides cond and uncond, for `with`: tensors of the
// shape of cond, which must live as long as what `with` returns.

/// The prediction under a part of the condition: the image, but not the text.
inline constexpr detail::Predicted<Role::middle> middle{};
/// The prediction of the model with attention perturbed or layers skipped.
inline constexpr detail::Predicted<Role::perturbed> perturbed{};
/// The prediction without the exchange between modalities.
inline constexpr detail::Predicted<Role::isolated> isolated{};
/// The prediction of an input whose salient parts were blurred.
inline constexpr detail::Predicted<Role::degraded> degraded{};
/// The prediction of further prompt `k`, 0-based.
template <std::size_t k>
inline constexpr detail::Predicted<prompt_role(k)> prompt{};

// A state is zero at the start of a run. `momentum(m)` only reads it, as the
// second evaluation of a two-stage sampler does; `momentum(m, next)` writes its
// next value too, and `next` may be m.

/// The difference as the last step has used it.
inline constexpr detail::Carried<Role::momentum> momentum{};
/// The corrected difference of the last step.
inline constexpr detail::Carried<Role::correction> correction{};
/// The running average of the result.
inline constexpr detail::Carried<Role::average> average{};

/// What the verb finds of each sample or, with groups, of each group of each
/// sample: ‖d‖ / ‖u‖, the angle between c and u, … It costs no further pass over memory.
///
/// Output  into  [samples] or [samples · groups], set by each call
inline Report report(std::vector<Diagnostics>& into) { return {into.data(), into.size()}; }
inline Report report(Diagnostics& into) { return {&into, 1}; }

}}  // namespace eigenguide
