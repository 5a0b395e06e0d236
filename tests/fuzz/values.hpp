// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/bits.hpp>
#include <eigenguide/base/half.hpp>
#include <eigenguide/method/diagnostics.hpp>

#include <fuzz/bytes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

template <class Scalar>
Scalar value_of(double value) {
  if constexpr (std::is_same_v<Scalar, double>)
    return value;
  else
    return static_cast<Scalar>(static_cast<float>(value));
}

/// Of any two NaNs, too.
template <class Scalar>
bool same_bits(const Scalar& a, const Scalar& b) {
  const double x = static_cast<double>(a), y = static_cast<double>(b);
  return (eigenguide::is_nan(x) && eigenguide::is_nan(y)) || std::memcmp(&a, &b, sizeof a) == 0;
}

inline bool same(const eigenguide::Diagnostics& a, const eigenguide::Diagnostics& b) {
  return same_bits(a.scale, b.scale) && same_bits(a.relative_difference, b.relative_difference) &&
         same_bits(a.cosine, b.cosine) && same_bits(a.zero_star, b.zero_star) && a.non_finite == b.non_finite;
}

/// Numbers that look random.
class Sequence {
 public:
  explicit Sequence(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return state_ = state_ * 6364136223846793005u + 1442695040888963407u; }
  /// In [−1, 1).
  double plain() { return static_cast<double>(static_cast<std::int64_t>(next()) >> 40) / 8388608.0; }
  /// The last one again.
  std::uint64_t last() const { return state_; }

 private:
  std::uint64_t state_;
};

/// Fills memory: numbers of any kind from a few that the fuzzer chose, and plain
/// ones between; or plain ones alone.
class Filling {
 public:
  Filling(Bytes& bytes, bool plain) : plain_(plain) {
    if (!plain_)
      for (double& value : few_) value = bytes.number();
    every_ = 1 + bytes.byte();
    sequence_ = Sequence(bytes.byte());
  }

  template <class T>
  void operator()(T* data, std::size_t count) {
    for (std::size_t i = 0, left = every_; i < count; ++i) {
      data[i] = value_of<T>(sequence_.plain());
      if (!plain_ && --left == 0) data[i] = value_of<T>(few_[sequence_.last() >> 62]), left = every_;
    }
  }
  Sequence& sequence() { return sequence_; }

 private:
  bool plain_;
  std::array<double, 4> few_{};
  std::size_t every_ = 1;
  Sequence sequence_{0};
};
