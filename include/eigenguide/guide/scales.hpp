// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/method/any.hpp>
#include <eigenguide/method/chain.hpp>

#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

template <class T, class = void>
struct has_scale : std::false_type {};
template <class T>
struct has_scale<T, std::void_t<decltype(T::scale)>> : std::true_type {};

/// Scales that differ from sample to sample, or from group to group.
template <class T>
struct Scales {
  BatchView<const T> values;
};

/// One scale a sample, so that a batch may mix requests; or, where the method
/// has groups, one for each: per frame, per token. In a chain they go to the
/// first link that has a scale.
///
/// Inputs  values  float or double. [samples]; or, with groups, [groups] for all
///                 samples alike, or [samples, groups]. A vector or tensor of
///                 Eigen's, a std::vector or std::array, or a BatchView. Read
///                 during each call, not copied
template <class Values>
auto scales(const Values& values) {
  const auto batch = view(values);
  return Scales<typename decltype(batch)::Scalar>{batch};
}

namespace detail {

template <class Method>
Method with_scale(Method method, double scale) {
  static_assert(has_scale<Method>::value, "scales: this method has no scale");
  method.scale = scale;
  return method;
}

template <std::size_t i = 0, class... Links>
Chain<Links...> with_scale(Chain<Links...> chain, double scale) {
  static_assert((has_scale<Links>::value || ...), "scales: no link of this chain has a scale");
  auto& link = std::get<i>(chain.links);
  if constexpr (has_scale<std::remove_reference_t<decltype(link)>>::value) {
    link.scale = scale;
    return chain;
  } else {
    return with_scale<i + 1>(std::move(chain), scale);
  }
}

/// Errors: a chain of which no link has a scale.
inline AnyChain with_scale(AnyChain chain, double scale) {
  if (!chain.set_scale(scale)) reject("scales", "given to a chain without a scale", "a link that has one");
  return chain;
}

/// How `scales` number the samples and groups of a batch.
enum class ScaleOf { sample, group, sample_and_group };

/// Errors: scales that are not one for each sample, or group, or both.
template <class T>
ScaleOf check_scales(const Scales<T>& scales, std::size_t samples, std::size_t groups, bool has_groups) {
  const BatchView<const T>& values = scales.values;
  const bool is_vector = values.shape().rank <= 1 && (values.size() == 0 || values.samples() == 1);
  if (is_vector && values.size() == (has_groups ? groups : samples))
    return has_groups ? ScaleOf::group : ScaleOf::sample;
  if (has_groups && values.samples() == samples && values.size() == groups) return ScaleOf::sample_and_group;
  const std::string each = std::to_string(samples) + " samples", group = std::to_string(groups) + " groups";
  reject("scales", "of shape " + values.text(),
         has_groups ? "a vector of one scale for each of " + group + ", or such a vector for each of " + each
                    : "a vector of one scale for each of " + each);
}

template <class T>
double scale_at(const Scales<T>& scales, ScaleOf of, std::size_t sample, std::size_t group) {
  switch (of) {
    case ScaleOf::sample: return static_cast<double>(scales.values.data()[sample]);
    case ScaleOf::group: return static_cast<double>(scales.values.data()[group]);
    case ScaleOf::sample_and_group: break;
  }
  return static_cast<double>(scales.values.sample(sample)[group]);
}

}  // namespace detail

}}  // namespace eigenguide
