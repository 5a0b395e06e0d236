// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/method/with_scale.hpp>

#include <cstddef>
#include <string>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

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
