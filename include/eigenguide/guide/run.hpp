// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/pointers.hpp>
#include <eigenguide/guide/views.hpp>
#include <eigenguide/guide/with.hpp>
#include <eigenguide/kernel/columns.hpp>
#include <eigenguide/kernel/step.hpp>
#include <eigenguide/method/any.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace detail {

/// Whether all roles that are given are among the vectors of a chain.
template <Role... given, class Vectors>
constexpr bool is_read(Reads<given...>, Vectors) {
  return (Vectors::contains(given) && ... && true);
}

/// Calls `action` with the chain that a method is among the `given` roles, and
/// whether its weights are constant.
template <class Method, class Given, class Action>
void visit_chain(const Method& method, Given, const Action& action) {
  static_assert(is_method<Method>::value, "not a guidance method: see method/link.hpp");
  const auto& chain = as_chain(method);
  using Chain = std::decay_t<decltype(chain)>;
  static_assert(is_read(Given{}, typename Chain::Vectors{}),
                "with: no link of the method reads a prediction or a state that it is given");
  action(chain, std::bool_constant<is_constant<Chain>>{});
}

/// The same of a chain that was chosen at run time.
template <class Methods, class Given, class Action>
void visit_chain(const BasicAnyChain<Methods>& chain, Given, const Action& action) {
  using Any = BasicAnyChain<Methods>;
  if (chain.reads(Role::one))
    action(typename Any::template Over<Given, true>{chain}, std::false_type{});
  else if (chain.is_constant())
    action(typename Any::template Over<Given, false>{chain}, std::true_type{});
  else
    action(typename Any::template Over<Given, false>{chain}, std::false_type{});
}

/// Errors: a method's own, and what it reads and is not given.
template <class Given, class Method>
void validate(const Method& method) {
  method.validate();
}
template <class Given, class Methods>
void validate(const BasicAnyChain<Methods>& chain) {
  chain.validate();
  chain.template require_given<Given>();
}

/// Where a step happens, of one sample.
struct Place {
  SpaceMap map;
  kernel::Afterwards afterwards;
};

/// One group of one sample, or `columns` of them side by side.
template <bool constant, std::size_t columns, class Chain, class T, bool shifts, class Out, class Options,
          class Reported>
EIGENGUIDE_FLATTEN void guide_group(const Chain& chain, const Options& options, const Views<T, shifts, Out>& views,
                                    kernel::Target target, const Place& place, std::size_t sample, std::size_t offset,
                                    const kernel::Elements& measured, const kernel::Elements& written,
                                    const kernel::Executor& executor, Reported report) {
  using All = Pointers<typename Chain::Vectors, T, Options>;
  const All pointers{options, sample, offset};
  constexpr auto further = std::make_index_sequence<All::predictions - 2>{};
  constexpr auto states = std::make_index_sequence<All::states>{};
  const auto at = [&](const auto& batch) { return batch.sample(sample) + offset; };
  const kernel::Measured<T, All::predictions, All::states, shifts> inputs{
      target, place.map, pointers.of_predictions(at(views.cond), at(views.uncond), further),
      pointers.of_states(states), shifts && views.x.data() != nullptr ? at(views.x) : nullptr, measured, executor};
  Out* const out = at(views.out);
  const auto next = pointers.of_next(states);
  if constexpr (columns > 1)
    kernel::guide_columns<columns>(chain, inputs, written, place.afterwards, out, next, report);
  else
    kernel::guide_sample<constant>(chain, inputs, written, place.afterwards, out, next, report);
}

/// The scale of a method, of its first link that has one; else 1.
template <class Method>
double scale_of(const Method& method) {
  if constexpr (has_scale<Method>::value)
    return method.scale;
  else
    return 1.0;
}
template <class... Links>
double scale_of(const Chain<Links...>& chain) {
  double scale = 1.0;
  bool found = false;
  const auto look = [&](const auto& link) {
    if (has_scale<std::decay_t<decltype(link)>>::value && !found) scale = scale_of(link), found = true;
  };
  std::apply([&](const auto&... link) { (look(link), ...); }, chain.links);
  return scale;
}
template <class Methods>
double scale_of(const BasicAnyChain<Methods>& chain) {
  for (const auto& link : chain)
    if (link.has("scale")) return std::visit([](const auto& method) { return scale_of(method); }, link.method());
  return 1.0;
}

/// What every verb does: checks, then sample by sample and group by group.
/// Inputs  method    a method, or one that `with` made
///         place_of  the Place of sample i; has been checked for all of them
template <class Method, class T, bool shifts, class Out, class PlaceOf>
void run(const Method& bound, const Views<T, shifts, Out>& views, const PlaceOf& place_of) {
  const auto& method = method_of(bound);
  const auto& options = options_of(bound);
  using Options = std::decay_t<decltype(options)>;
  constexpr const Options* none = nullptr;
  constexpr std::size_t count = std::tuple_size_v<Options>;
  constexpr std::size_t group_at = index_of<is_group>(none), mask_at = index_of<is_mask>(none),
                        scales_at = index_of<is_scales>(none), report_at = index_of<is_report>(none);

  require_options(views, options);
  Group group;
  if constexpr (group_at < count) group = std::get<group_at>(options);
  Partition partition(group, views.cond.shape(), views.cond.size());
  if constexpr (mask_at < count) {
    partition.set_mask(std::get<mask_at>(options), group, views.cond.shape());
    require_untouched("mask", std::get<mask_at>(options).values, views, options);
  }
  const std::size_t samples = views.cond.samples(), groups = partition.groups();
  const kernel::Target target = kernel::best_target();

  // The groups from number n of all on: one by one or, where they lie side by
  // side, many at once.
  constexpr bool in_columns = group_at < count && scales_at == count;  // else each may have a scale of its own
  const auto for_groups = [&](std::size_t n, std::size_t end, const auto& action) {
    if (n >= end) return;  // there may be no group at all
    std::size_t sample = n / groups, k = n % groups;
    for (std::size_t some = 1; n < end; n += some) {
      const std::size_t beside = in_columns ? (std::min)(end - n, partition.beside(k)) : 1;
      some = beside >= kernel::many_columns ? kernel::many_columns : beside >= kernel::few_columns ? kernel::few_columns : 1;
      action(sample, k, some);
      k += some;
      if (k == groups) k = 0, ++sample;
    }
  };
  kernel::Elements written = partition.written();
  if constexpr (index_of<is_not_read_soon>(none) < count) written.past_cache = true;

  // Groups that are large enough are split, others shared out.
  constexpr std::size_t parallel_at = index_of<is_parallel>(none);
  kernel::Executor executor;
  if constexpr (parallel_at < count) executor = std::get<parallel_at>(options).executor;
  const bool splits = written.is_run() && executor.takes(written.size);
  const bool shares = !splits && executor.takes(samples * groups * written.size);
  const auto in_parallel = [&](const auto& action) {
    if (views.cond.size() == 0 && report_at == count) return;  // of any number of samples there is nothing to write
    const std::size_t all = samples * groups;
    if (!shares) return for_groups(0, all, action);
    const std::size_t most = kernel::Executor::part_size / (std::max)(written.size, std::size_t{1});
    const std::size_t each = (std::max)(most, in_columns ? kernel::many_columns : std::size_t{1});
    executor.run((all + each - 1) / each,
                 [&](std::size_t part) { for_groups(part * each, (std::min)(all, (part + 1) * each), action); });
  };
  if constexpr (report_at < count) {
    const Report& report = std::get<report_at>(options);
    if (report.count != samples * groups)
      reject("report", "of " + std::to_string(report.count),
             "one Diagnostics for each of " + std::to_string(samples) + " samples" +
                 (group_at < count ? " and " + std::to_string(groups) + " groups" : ""));
  }
  const auto offset = [&]([[maybe_unused]] std::size_t k) {
    if constexpr (group_at < count)
      return partition.offset(k);
    else
      return std::size_t{0};
  };
  const auto measured = [&]([[maybe_unused]] std::size_t i, [[maybe_unused]] std::size_t k) -> decltype(auto) {
    if constexpr (mask_at < count)
      return partition.measured(i, k);
    else
      return (written);
  };
  const auto guide_with = [&](const auto& method_here, std::size_t i, std::size_t k, std::size_t some) {
    const auto report_of = [&]([[maybe_unused]] std::size_t n) {
      if constexpr (report_at < count)
        return std::get<report_at>(options).first + i * groups + n;
      else
        return nullptr;
    };
    if constexpr (report_at < count) std::fill_n(report_of(k), some, Diagnostics{});
    visit_chain(method_here, given_roles(none), [&](const auto& chain, auto constant) {
      const Place place = place_of(i);
      if constexpr (group_at < count && !decltype(constant)::value)
        if (some > 1) {
          using Vectors = typename std::decay_t<decltype(chain)>::Vectors;
          constexpr std::size_t most = kernel::columns_of(
              kernel::Basis<2 + Vectors::further, shifts, Vectors::contains(Role::one), false, Vectors::states>::sums);
          const kernel::Elements first = measured(i, k);
          const auto guide_columns = [&](auto columns) {
            for (std::size_t n = 0; n < some; n += columns)
              guide_group<false, columns>(chain, options, views, target, place, i, offset(k + n), first, written,
                                          {}, report_of(k + n));
          };
          if constexpr (most == kernel::many_columns)
            if (first.size > 0 && some == most) return guide_columns(std::integral_constant<std::size_t, most>{});
          if constexpr (most > 1)
            if (first.size > 0) return guide_columns(std::integral_constant<std::size_t, kernel::few_columns>{});
        }
      for (std::size_t n = 0; n < some; ++n)
        guide_group<decltype(constant)::value, 1>(chain, options, views, target, place, i, offset(k + n), measured(i, k + n), written,
                                                  splits ? executor : kernel::Executor{}, report_of(k + n));
    });
    if constexpr (report_at < count)
      for (std::size_t n = 0; n < some; ++n) report_of(k + n)->scale = scale_of(method_here);
  };

  validate<decltype(given_roles(none))>(method);
  if constexpr (scales_at < count) {
    const auto& scales = std::get<scales_at>(options);
    const ScaleOf of = check_scales(scales, samples, groups, group_at < count);
    require_untouched("scales", scales.values, views, options);
    const auto scaled = [&](std::size_t i, std::size_t k) { return with_scale(method, scale_at(scales, of, i, k)); };
    for_groups(0, of == ScaleOf::group ? groups : samples * groups,
               [&](std::size_t i, std::size_t k, std::size_t) { scaled(i, k).validate(); });
    in_parallel([&](std::size_t i, std::size_t k, std::size_t some) { guide_with(scaled(i, k), i, k, some); });
  } else {
    in_parallel([&](std::size_t i, std::size_t k, std::size_t some) { guide_with(method, i, k, some); });
  }
}

}}}  // namespace eigenguide::detail
