// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/checks.hpp>
#include <eigenguide/guide/with.hpp>

#include <tuple>
#include <type_traits>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// The views of one call of a verb; without `shifts` there is no x. The output
/// is of the predictions' type, or of the one that they are computed in.
template <class T, bool shifts, class Out = T>
struct Views {
  BatchView<const T> cond, uncond, x;
  BatchView<Out> out;
};

/// Calls `action` with every option that is a prediction or a state.
template <class... Options, class Action>
void for_each_given(const std::tuple<Options...>& options, [[maybe_unused]] const Action& action) {
  [[maybe_unused]] const auto one = [&](const auto& option) {
    using Option = std::decay_t<decltype(option)>;
    if constexpr (is_prediction<Option>::value || is_carried<Option>::value) action(option);
  };
  std::apply([&](const auto&... option) { (one(option), ...); }, options);
}

/// Errors: options whose tensors are not of the shape of `cond`; next values
/// that overlap an input partly, or an output at all.
template <class T, bool shifts, class Out, class Options>
void require_options(const Views<T, shifts, Out>& views, const Options& options) {
  const Named cond{"cond", views.cond};
  for_each_given(options, [&](const auto& option) {
    using Option = std::decay_t<decltype(option)>;
    const char* name = name_of(Option::role);
    require_same_shape(name, option.values, cond.name, cond.view);
    require_no_partial_overlap("out", views.out, name, option.values);
    if constexpr (is_carried<Option>::value) {
      if constexpr (Option::advances) {
        const auto& next = option.next;
        require_same_shape("next", next, cond.name, cond.view);
        require_no_partial_overlap("next", next, cond.name, cond.view);
        require_no_partial_overlap("next", next, "uncond", views.uncond);
        if (views.x.data() != nullptr) require_no_partial_overlap("next", next, "x", views.x);
        require_apart("next", next, "out", views.out);
        for_each_given(options, [&](const auto& other) {
          using Other = std::decay_t<decltype(other)>;
          require_no_partial_overlap("next", next, name_of(Other::role), other.values);
          if constexpr (is_carried<Other>::value)
            if constexpr (Other::advances && Other::role != Option::role)
              require_apart("next", next, "the next value of another state", other.next);
        });
      }
    }
  });
}

/// Errors: scales or a mask, which are read group by group, in the memory of
/// what is written.
template <class T, bool shifts, class Out, class Options, class Values>
void require_untouched(const char* name, const BatchView<Values>& values, const Views<T, shifts, Out>& views, const Options& options) {
  require_apart("out", views.out, name, values);
  for_each_given(options, [&](const auto& option) {
    using Option = std::decay_t<decltype(option)>;
    if constexpr (is_carried<Option>::value)
      if constexpr (Option::advances) require_apart("next", option.next, name, values);
  });
}

}}}  // namespace eigenguide::detail
