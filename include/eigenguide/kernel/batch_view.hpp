// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/half.hpp>
#include <eigenguide/base/require.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The extents of a tensor from the slowest dimension to the fastest, so that
/// equal shapes are equal memory whatever the layout is called. Of rank 0 where
/// nobody knows more than samples and size: a view of a pointer.
struct Shape {
  static constexpr std::size_t max_rank = 8;
  std::array<std::size_t, max_rank> extent{};
  std::size_t rank = 0;

  /// The first extent; a vector is one sample.
  std::size_t samples() const { return rank < 2 ? 1 : extent[0]; }
  /// The product of the others: elements of one sample.
  std::size_t size() const {
    std::size_t size = 1;
    for (std::size_t i = rank < 2 ? 0 : 1; i < rank; ++i) size = product(size, extent[i]);
    return size;
  }

  /// a · b, or SIZE_MAX where that is more: no tensor has as many elements.
  static constexpr std::size_t product(std::size_t a, std::size_t b) {
    constexpr std::size_t root = std::size_t{1} << sizeof(std::size_t) * 4;
    if (a < root && b < root) return a * b;
    return b != 0 && a > SIZE_MAX / b ? SIZE_MAX : a * b;
  }

  /// Whether the extents are the same, but for those of 1.
  friend bool operator==(const Shape& a, const Shape& b) {
    const auto next = [](const Shape& shape, std::size_t i) {
      while (i < shape.rank && shape.extent[i] == 1) ++i;
      return i;
    };
    std::size_t i = next(a, 0), j = next(b, 0);
    for (; i < a.rank && j < b.rank; i = next(a, i + 1), j = next(b, j + 1))
      if (a.extent[i] != b.extent[j]) return false;
    return i == a.rank && j == b.rank;
  }

  std::string text() const {
    std::string sentence = "[";
    for (std::size_t i = 0; i < rank; ++i)
      sentence += (i == 0 ? "" : ", ") + std::to_string(extent[i]);
    return sentence + "]";
  }

  /// Rejects extents, handed in as `name`, that are not those of `samples` and `size`.
  void require_extents(const char* name, std::size_t of_samples, std::size_t of_size) const {
    if (samples() != of_samples || size() != of_size)
      reject(name, text(),
             "`samples`, then extents whose product is `size`: " + std::to_string(of_samples) + " and " + std::to_string(of_size));
  }
};

/// A batch in memory: `samples` runs of `size` contiguous elements, whose
/// starts are `stride` elements apart. Here rank and layout end.
///
/// Owns nothing. Made from a pointer here, and by `view` from every tensor.
template <class T>
class BatchView {
 public:
  using Scalar = std::remove_const_t<T>;

  /// Inputs  data     [samples, size], T
  ///         samples  number of samples; may be 0
  ///         size     elements of one sample; may be 0
  ///         stride   elements from one sample to the next; at least `size`
  ///         shape    `samples`, then extents whose product is `size`; of one
  ///                  sample, its size alone will do
  /// Errors  rejects a null `data` of a batch that is not empty, or one at an
  ///         address that is not its type's, a stride
  ///         shorter than a sample, more elements than memory can hold, and a
  ///         shape of other extents
  BatchView(T* data, std::size_t samples, std::size_t size)
      : BatchView(data, samples, size, size) {}
  BatchView(T* data, std::size_t samples, std::size_t size, std::size_t stride)
      : BatchView(data, samples, size, stride, Shape{}) {}
  BatchView(T* data, std::size_t samples, std::size_t size, std::size_t stride, const Shape& shape)
      : data_(data), samples_(samples), size_(size), stride_(size == 0 ? 0 : stride), shape_(shape) {
    constexpr std::size_t most = PTRDIFF_MAX / sizeof(T);
    const bool empty = samples == 0 || size == 0;
    if (!empty && data == nullptr) reject("data", "null", "a pointer to " + text() + " elements");
    if (const auto beyond = reinterpret_cast<std::uintptr_t>(data) % alignof(T); !empty && beyond != 0)
      reject("data", std::to_string(beyond) + " beyond a multiple of " + std::to_string(alignof(T)) + " bytes", "an address for its type");
    require(stride >= size || samples <= 1, "stride", static_cast<double>(stride),
            "at least the size of a sample");
    require(size <= most, "size", static_cast<double>(size), "no more than memory can hold");
    require(samples <= 1 || stride <= most, "stride", static_cast<double>(stride), "no more than memory can hold");
    require(samples <= 1 || stride <= (most - size) / (samples - 1), "samples",
            static_cast<double>(samples), "no more than memory can hold");
    if (shape.rank > 0) shape.require_extents("shape", samples, size);
  }

  /// A view to write through is a view to read through.
  template <class Other, class = std::enable_if_t<std::is_same_v<const Other, T>>>
  BatchView(const BatchView<Other>& other)
      : BatchView(other.data(), other.samples(), other.size(), other.stride(), other.shape()) {}

  T* data() const { return data_; }
  std::size_t samples() const { return samples_; }
  std::size_t size() const { return size_; }
  std::size_t stride() const { return stride_; }
  const Shape& shape() const { return shape_; }

  /// The shape in brackets, or samples and size where no more is known.
  std::string text() const {
    return (shape_.rank == 0 ? Shape{{samples_, size_}, 2} : shape_).text();
  }

  T* sample(std::size_t i) const { return data_ + i * stride_; }

 private:
  T* data_;
  std::size_t samples_, size_, stride_;
  Shape shape_;
};

/// `size` contiguous elements as a batch of one sample.
template <class T>
BatchView<T> one_sample(T* data, std::size_t size) {
  return {data, 1, size, size, Shape{{size}, 1}};
}

/// How a type of tensor is seen as a batch; specialised beside each type.
///   static BatchView<...> view(Tensor&)      may be read or written through
///   using Plain = ...                        owning type of the same shape
///   static Plain like(const Tensor&)         a new one; its elements are not set
template <class Tensor, class = void>
struct ViewOf {
  static_assert(!std::is_same_v<Tensor, Tensor>,
                "eigenguide sees Eigen tensors, matrices, arrays, maps, references and blocks "
                "(include eigenguide.hpp), std::vector, std::array and BatchView. An expression is "
                "none of them: evaluate it first.");
};

template <class T>
struct ViewOf<BatchView<T>, void> {
  static BatchView<T> view(const BatchView<T>& batch) { return batch; }
};

/// A standard container is one sample.
template <class T>
struct ViewOf<std::vector<T>> {
  using Plain = std::vector<T>;
  static BatchView<T> view(Plain& values) { return one_sample(values.data(), values.size()); }
  static BatchView<const T> view(const Plain& values) { return one_sample(values.data(), values.size()); }
  static Plain like(const Plain& values) { return Plain(values.size()); }
};
template <class T, std::size_t count>
struct ViewOf<std::array<T, count>> {
  using Plain = std::array<T, count>;
  static BatchView<T> view(Plain& values) { return one_sample(values.data(), count); }
  static BatchView<const T> view(const Plain& values) { return one_sample(values.data(), count); }
  static Plain like(const Plain&) { return {}; }
};

/// `tensor` as a batch, without a copy.
template <class Tensor>
auto view(Tensor&& tensor) {
  return ViewOf<std::remove_cv_t<std::remove_reference_t<Tensor>>>::view(tensor);
}

/// All of `tensor` as one sample: a latent without a batch dimension.
template <class Tensor>
auto one_sample(Tensor&& tensor) {
  const auto batch = view(tensor);
  require(batch.samples() <= 1 || batch.stride() == batch.size(), "stride",
          static_cast<double>(batch.stride()), "the size of a sample: one run of elements");
  return one_sample(batch.data(), batch.samples() * batch.size());
}

}}  // namespace eigenguide
