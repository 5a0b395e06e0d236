// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/guide/checks.hpp>
#include <eigenguide/kernel/batch_view.hpp>
#include <eigenguide/method/chain.hpp>
#include <eigenguide/noise/level.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <tuple>
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
///                 sample. Read during each call, not copied: they must live
///                 as long as what is returned
template <class Method, class Scales>
auto per_sample(const Method& method, const Scales& scales) {
  const auto values = view(scales);
  using T = typename decltype(values)::Scalar;
  return PerSample<Method, T>{method, values};
}

/// `left`, with its scales, then `right`.
template <class Method, class T, class Right, class = std::enable_if_t<is_method<Right>::value>>
auto operator|(const PerSample<Method, T>& left, const Right& right) {
  return PerSample<decltype(left.method | right), T>{left.method | right, left.scales};
}

/// Noise levels of a batch: one for all its samples, held by value, or one for
/// each, which must live as long as this.
class Levels {
 public:
  Levels(const Level& level) : shared_(level) {}
  Levels(const Level* levels, std::size_t count) : each_(levels), count_(count), is_shared_(false) {}
  Levels(const std::vector<Level>& levels) : Levels(levels.data(), levels.size()) {}
  template <std::size_t count>
  Levels(const std::array<Level, count>& levels) : Levels(levels.data(), count) {}

  /// Calls `check` with every level.
  /// Errors: rejects a count other than `samples`, and null levels.
  template <class Check>
  void for_each(std::size_t samples, const Check& check) const {
    if (is_shared_) return (void)check(shared_);
    require(count_ == samples, "levels", static_cast<double>(count_),
            "one level, or one for each sample");
    if (count_ > 0 && each_ == nullptr) reject("levels", "null", "a pointer to one level for each sample");
    for (std::size_t i = 0; i < count_; ++i) check(each_[i]);
  }

  const Level& operator[](std::size_t sample) const { return is_shared_ ? shared_ : each_[sample]; }

 private:
  Level shared_;
  const Level* each_ = nullptr;
  std::size_t count_ = 0;
  bool is_shared_ = true;
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

/// Errors: those of the method's parameters, for every sample of `out`.
template <class Method, class Out>
void validate(const Method& method, const BatchView<Out>&) {
  static_assert(is_method<Method>::value, "not a guidance method: see method/link.hpp");
  method.validate();
}
template <class Method, class T, class Out>
void validate(const PerSample<Method, T>& method, const BatchView<Out>& out) {
  const BatchView<const T>& scales = method.scales;
  const std::size_t samples = out.samples();
  const bool is_vector = scales.shape().rank <= 1 && (scales.size() == 0 || scales.samples() == 1);
  if (!is_vector || scales.size() != samples)
    reject("scales", "of shape " + scales.text(),
           "a vector of one scale for each of " + std::to_string(samples) + " samples");
  require_no_partial_overlap(out, "scales", scales);
  for (std::size_t i = 0; i < samples; ++i) chain_for(method, i).validate();
}

}  // namespace detail

}}  // namespace eigenguide
