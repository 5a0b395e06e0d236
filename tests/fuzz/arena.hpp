// SPDX-License-Identifier: MIT
#pragma once

#include <fuzz/bytes.hpp>

#include <eigenguide/kernel/batch_view.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

/// One piece of memory, of exactly as many bytes as the tensors in it need: one
/// behind the other, one as another, between the samples of another, or anywhere.
class Arena {
 public:
  /// Samples in memory: offsets and `scalar` in bytes, the others in elements.
  struct Place {
    std::size_t first = 0, samples = 0, size = 0, stride = 0, scalar = 1;

    bool is_empty() const { return samples == 0 || size == 0; }
    std::size_t begin(std::size_t sample) const { return first + sample * stride * scalar; }
    std::size_t end(std::size_t sample) const { return begin(sample) + size * scalar; }
    std::size_t end() const { return is_empty() ? first : end(samples - 1); }
  };

  /// Room for a tensor, as the fuzzer has it.
  Place place(Bytes& bytes, std::size_t samples, std::size_t size, std::size_t scalar) {
    Place made{0, samples, size, size, scalar};
    const std::uint8_t kind = bytes.byte();
    const Place* const other = places_.empty() ? nullptr : &places_[bytes.below(places_.size())];
    if (kind >= 160 && other != nullptr && other->scalar == scalar && kind < 236) {
      made.first = kind < 200 ? other->first : other->first + other->size * scalar;
      made.stride = other->stride;
    } else if (kind >= 236) {
      made.first = bytes.raw<std::uint16_t>() % (end_ + 1) / scalar * scalar;
      made.stride = bytes.byte() < 200 ? size + bytes.below(5) : bytes.below(size + 1);
    } else {
      made.first = (end_ + scalar - 1) / scalar * scalar;
      made.stride = kind < 120 ? size + kind % 4 : 2 * size + kind % 4;
    }
    places_.push_back(made);
    end_ = std::max(end_, made.end());
    return made;
  }

  /// Makes the memory; what is in it, its user says.
  unsigned char* allocate() {
    data_.reset(new unsigned char[end_]);
    return data_.get();
  }
  std::size_t bytes() const { return end_; }

  /// How it was, from here on.
  void keep() {
    was_.reset(new unsigned char[end_]);
    if (end_ > 0) std::memcpy(was_.get(), data_.get(), end_);
  }
  bool is_as_it_was() const { return end_ == 0 || std::memcmp(was_.get(), data_.get(), end_) == 0; }
  /// Whether nothing was written but the samples of these.
  bool is_as_it_was_but(const std::vector<Place>& written) {
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    for (const Place& each : written)
      for (std::size_t i = 0; i < each.samples && each.size > 0; ++i) runs.push_back({each.begin(i), each.end(i)});
    std::sort(runs.begin(), runs.end());
    std::size_t at = 0;
    for (const auto& [first, last] : runs) {
      if (first > at && std::memcmp(&was_[at], &data_[at], first - at) != 0) return false;
      at = std::max(at, last);
    }
    return at >= end_ || std::memcmp(&was_[at], &data_[at], end_ - at) == 0;
  }

  template <class T>
  eigenguide::BatchView<T> view(const Place& of, const eigenguide::Shape& shape) const {
    return {reinterpret_cast<T*>(data_.get() + of.first), of.samples, of.size, of.stride, shape};
  }
  template <class T>
  const T* was(const Place& of, std::size_t sample) const {
    return reinterpret_cast<const T*>(was_.get() + of.begin(sample));
  }
  template <class T>
  const T* now(const Place& of, std::size_t sample) const {
    return reinterpret_cast<const T*>(data_.get() + of.begin(sample));
  }

 private:
  std::vector<Place> places_;
  std::size_t end_ = 0;
  std::unique_ptr<unsigned char[]> data_, was_;
};

inline bool are_apart(const Arena::Place& a, const Arena::Place& b) {
  if (a.is_empty() || b.is_empty() || a.end() <= b.first || b.end() <= a.first) return true;
  for (std::size_t i = 0; i < a.samples; ++i)
    for (std::size_t j = 0; j < b.samples; ++j)
      if (a.end(i) > b.begin(j) && b.end(j) > a.begin(i)) return false;
  return true;
}
/// Whether an output `a` may lie where an input `b` does.
inline bool are_apart_or_same(const Arena::Place& a, const Arena::Place& b) {
  const bool same_steps = a.stride == b.stride || a.samples == 1 || b.samples == 1;
  return are_apart(a, b) || (a.first == b.first && a.size == b.size && a.scalar == b.scalar && same_steps);
}
