// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/noise/level.hpp>

#include <array>
#include <cstddef>
#include <tuple>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

template <class T, class = void>
struct has_scale : std::false_type {};
template <class T>
struct has_scale<T, std::void_t<decltype(T::scale)>> : std::true_type {};

/// A method whose scale differs from sample to sample; made by `per_sample`.
template <class Method, class T>
struct PerSample {
  Method method;
  BatchView<const T> scales;
};

/// `method` with one scale a sample, so that a batch may mix requests. In a
/// chain the scales go to the first link that has one.
///
/// Inputs  scales  [samples], float or double: a vector of Eigen's, a tensor of
///                 rank 1, a std::vector or std::array, or a BatchView of one
///                 sample; read during each call, not copied
template <class Method, class Scales>
auto per_sample(const Method& method, const Scales& scales) {
  const auto values = view(scales);
  using T = typename decltype(values)::Scalar;
  return PerSample<Method, T>{method, values};
}

/// Noise levels of a batch: one for all its samples, or one for each.
class Levels {
 public:
  Levels(const Level& level) : data_(&level), count_(1), shared_(true) {}
  Levels(const Level* levels, std::size_t count) : data_(levels), count_(count) {}
  Levels(const std::vector<Level>& levels) : Levels(levels.data(), levels.size()) {}
  template <std::size_t count>
  Levels(const std::array<Level, count>& levels) : Levels(levels.data(), count) {}

  /// Errors: rejects a count other than `samples`, and an invalid level.
  void validate(std::size_t samples) const {
    require(shared_ || count_ == samples, "levels", static_cast<double>(count_),
            "one level, or one for each sample");
    for (std::size_t i = 0; i < count_; ++i) data_[i].validate();
  }

  const Level& operator[](std::size_t sample) const { return data_[shared_ ? 0 : sample]; }

 private:
  const Level* data_;
  std::size_t count_;
  bool shared_ = false;
};

namespace detail {

template <class Method>
Method with_scale(Method method, double scale) {
  static_assert(has_scale<Method>::value, "per_sample: this method has no scale");
  method.scale = scale;
  return method;
}

template <std::size_t i = 0, class... Links>
Chain<Links...> with_scale(Chain<Links...> chain, double scale) {
  static_assert((has_scale<Links>::value || ...), "per_sample: no link of this chain has a scale");
  auto& link = std::get<i>(chain.links);
  if constexpr (has_scale<std::remove_reference_t<decltype(link)>>::value) {
    link.scale = scale;
    return chain;
  } else {
    return with_scale<i + 1>(std::move(chain), scale);
  }
}

/// The chain that guides one sample.
template <class Method>
auto chain_for(const Method& method, std::size_t) {
  return chain_of(links_of(method));
}
template <class Method, class T>
auto chain_for(const PerSample<Method, T>& method, std::size_t sample) {
  const double scale = static_cast<double>(method.scales.data()[sample]);
  return chain_for(with_scale(method.method, scale), sample);
}

/// Errors: those of the method's parameters, for every sample.
template <class Method>
void validate(const Method& method, std::size_t) {
  method.validate();
}
template <class Method, class T>
void validate(const PerSample<Method, T>& method, std::size_t samples) {
  const BatchView<const T>& scales = method.scales;
  const bool is_vector = scales.size() == 0 || scales.samples() == 1;
  if (!is_vector || scales.size() != samples)
    reject("scales", "of shape " + scales.shape().text(),
           "a vector of one scale for each of " + std::to_string(samples) + " samples");
  method.method.validate();
  for (std::size_t i = 0; i < samples; ++i) chain_for(method, i).validate();
}

}  // namespace detail

}}  // namespace eigenguide
