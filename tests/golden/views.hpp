// SPDX-License-Identifier: MIT
#pragma once

#include "case.hpp"

#include <eigenguide/core.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace golden {

/// A tensor of a case as the library sees it: the first extent counts the samples.
inline eigenguide::Shape shape_of(const Extents& extents) {
  eigenguide::Shape shape;
  if (extents.size() > eigenguide::Shape::max_rank) throw std::runtime_error("has a tensor of too many dimensions");
  shape.rank = extents.size();
  for (std::size_t i = 0; i < extents.size(); ++i) shape.extent[i] = extents[i];
  return shape;
}
template <class T>
eigenguide::BatchView<T> view_of(T* values, const Extents& extents) {
  if (extents.size() < 2) return {values, product(extents), 1};
  const eigenguide::Shape shape = shape_of(extents);
  return {values, shape.samples(), shape.size(), shape.size(), shape};
}
template <class T>
eigenguide::BatchView<const T> view_of(const Tensor<T>& tensor) {
  return view_of(tensor.values.data(), tensor.shape);
}
template <class T>
eigenguide::BatchView<T> view_of(Tensor<T>& tensor) {
  return view_of(tensor.values.data(), tensor.shape);
}

/// Part `i` of a tensor's first extent: one step of a sequence.
template <class T>
Tensor<T> part(const Tensor<T>& tensor, std::size_t i) {
  Tensor<T> step{Extents(tensor.shape.begin() + 1, tensor.shape.end()), {}};
  const std::size_t size = product(step.shape);
  const auto begin = tensor.values.begin() + static_cast<std::ptrdiff_t>(i * size);
  step.values.assign(begin, begin + static_cast<std::ptrdiff_t>(size));
  return step;
}

/// Σ wᵢ vᵢ, in double; of weight 0 a value has no part.
template <class T>
Tensor<T> sum(const std::vector<std::pair<double, const Tensor<T>*>>& terms) {
  Tensor<T> out = *terms.at(0).second;
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    double value = 0.0;
    for (const auto& [weight, term] : terms)
      if (weight != 0.0) value += weight * static_cast<double>(term->values[i]);
    out.values[i] = static_cast<T>(value);
  }
  return out;
}

/// A layout that names the dimensions a, b, c, …, since the peers number them.
inline std::string letters(const Extents& shape) { return std::string("abcdefgh").substr(0, shape.size()); }

/// One group over these of the dimensions, for each position along the others.
inline eigenguide::Group over_axes(const Extents& shape, const std::vector<std::size_t>& axes) {
  std::string within;
  for (const std::size_t axis : axes) {
    if (axis >= shape.size()) throw std::runtime_error("has no axis " + std::to_string(axis));
    within += letters(shape)[axis];
  }
  return eigenguide::over(within, letters(shape));
}

/// guide(method, cond, uncond), as values.
template <class Method, class T>
std::vector<T> guided(const Method& method, const Tensor<T>& cond, const Tensor<T>& uncond) {
  Tensor<T> out = cond;
  eigenguide::guide(method, view_of(cond), view_of(uncond), view_of(out));
  return out.values;
}

/// The same where the whole tensor is one sample.
template <class Method, class T>
std::vector<T> guided_whole(const Method& method, const Tensor<T>& cond, const Tensor<T>& uncond) {
  Tensor<T> out = cond;
  using eigenguide::one_sample;
  eigenguide::guide(method, one_sample(view_of(cond)), one_sample(view_of(uncond)), one_sample(view_of(out)));
  return out.values;
}

/// guide() in a space, as values.
template <class Method, class T>
std::vector<T> guided(const Method& method, const eigenguide::Space& space, const eigenguide::Levels& levels,
                      const Tensor<T>& x, const Tensor<T>& cond, const Tensor<T>& uncond) {
  Tensor<T> out = cond;
  eigenguide::guide(method, space, levels, view_of(x), view_of(cond), view_of(uncond), view_of(out));
  return out.values;
}

/// The Gram matrix of {c, d = c − u, u} of every sample.
template <class T>
std::vector<eigenguide::Gram<3>> grams(const Tensor<T>& cond, const Tensor<T>& uncond) {
  namespace kernel = eigenguide::kernel;
  const auto c = view_of(cond), u = view_of(uncond);
  std::vector<eigenguide::Gram<3>> all;
  for (std::size_t i = 0; i < c.samples(); ++i) {
    const kernel::Measured<T> sample{kernel::best_target(), {}, {c.sample(i), u.sample(i)}, {}, nullptr, c.size()};
    all.push_back(sample.template gram<false>());
  }
  return all;
}

}  // namespace golden
