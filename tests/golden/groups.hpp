// SPDX-License-Identifier: MIT
#pragma once

#include "case.hpp"

#include <eigenguide/core.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <vector>

namespace golden {

/// Which elements of a tensor one Gram matrix covers. The library takes groups
/// as the samples of a batch, each contiguous: here the elements are brought
/// into that order, and back.
class Groups {
 public:
  static Groups samples(const Extents& shape) { return outside(shape, {0}); }
  static Groups whole(const Extents& shape) { return outside(shape, {}); }

  /// One group for each position along `axes`: it covers all the others.
  static Groups outside(const Extents& shape, const std::vector<std::size_t>& axes) {
    std::vector<std::size_t> within;
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
      if (std::find(axes.begin(), axes.end(), axis) == axes.end()) within.push_back(axis);
    return along(shape, within);
  }

  /// One group for each position along the axes that are not in `within`.
  static Groups along(const Extents& shape, const std::vector<std::size_t>& within) {
    Groups groups;
    groups.shape_ = shape;
    std::vector<std::size_t> order;
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
      if (std::find(within.begin(), within.end(), axis) == within.end()) {
        order.push_back(axis);
        groups.count_ *= shape[axis];
      }
    for (const std::size_t axis : within) {
      order.push_back(axis);
      groups.size_ *= shape.at(axis);
    }

    Extents stride(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 1;) stride[axis - 1] = stride[axis] * shape[axis];
    groups.source_.resize(product(shape));
    for (std::size_t k = 0; k < groups.source_.size(); ++k) {
      std::size_t rest = k;
      for (std::size_t i = order.size(); i-- > 0;) {
        groups.source_[k] += rest % shape[order[i]] * stride[order[i]];
        rest /= shape[order[i]];
      }
    }
    return groups;
  }

  std::size_t count() const { return count_; }
  std::size_t size() const { return size_; }

  template <class T>
  std::vector<T> gather(const Tensor<T>& tensor) const {
    if (tensor.shape != shape_) throw std::runtime_error("has inputs of different shapes");
    std::vector<T> values(source_.size());
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = tensor.values[source_[k]];
    return values;
  }
  template <class T>
  std::vector<T> scatter(const std::vector<T>& values) const {
    std::vector<T> tensor(source_.size());
    for (std::size_t k = 0; k < values.size(); ++k) tensor[source_[k]] = values[k];
    return tensor;
  }

  template <class T>
  eigenguide::BatchView<const T> view(const std::vector<T>& values) const {
    return {values.data(), count_, size_};
  }
  template <class T>
  eigenguide::BatchView<T> view(std::vector<T>& values) const {
    return {values.data(), count_, size_};
  }

 private:
  Extents shape_;
  std::size_t count_ = 1, size_ = 1;
  std::vector<std::size_t> source_;  // of each gathered element, its place in the tensor
};

/// guide(method, cond, uncond) over groups.
template <class Method, class T>
std::vector<T> guided(const Method& method, const Groups& groups, const Tensor<T>& cond,
                      const Tensor<T>& uncond) {
  const std::vector<T> c = groups.gather(cond), u = groups.gather(uncond);
  std::vector<T> out(c.size());
  eigenguide::guide(method, groups.view(c), groups.view(u), groups.view(out));
  return groups.scatter(out);
}

/// The Gram matrix of {c, d = c − u, u} of every group.
template <class T>
std::vector<eigenguide::Gram<3>> grams(const Groups& groups, const Tensor<T>& cond,
                                       const Tensor<T>& uncond) {
  namespace kernel = eigenguide::kernel;
  const std::vector<T> c = groups.gather(cond), u = groups.gather(uncond);
  std::vector<eigenguide::Gram<3>> all;
  for (std::size_t i = 0; i < groups.count(); ++i) {
    const kernel::Measured<T> sample{kernel::best_target(), {}, groups.view(c).sample(i),
                                     groups.view(u).sample(i), nullptr, groups.size()};
    all.push_back(sample.template gram<false>());
  }
  return all;
}

}  // namespace golden
