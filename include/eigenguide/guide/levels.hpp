// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/base/require.hpp>
#include <eigenguide/noise/level.hpp>

#include <array>
#include <cstddef>
#include <vector>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// Noise levels of a batch: one for all its samples, held by value, or one for
/// each, which must live as long as this.
class Levels {
 public:
  Levels(const Level& level) : shared_(level) {}
  Levels(const Level* levels, std::size_t count) : each_(levels), count_(count), is_shared_(false) {}
  Levels(const std::vector<Level>& levels) : Levels(levels.data(), levels.size()) {}
  template <std::size_t count>
  Levels(const std::array<Level, count>& levels) : Levels(levels.data(), count) {}

  /// Calls `check` with every level; `name` is what messages call them.
  /// Errors: rejects a count other than `samples`, and null levels.
  template <class Check>
  void for_each(std::size_t samples, const Check& check, const char* name = "levels") const {
    if (is_shared_) return (void)check(shared_);
    require(count_ == samples, name, static_cast<double>(count_), "one level, or one for each sample");
    if (count_ > 0 && each_ == nullptr) reject(name, "null", "a pointer to one level for each sample");
    for (std::size_t i = 0; i < count_; ++i) check(each_[i]);
  }

  bool is_shared() const { return is_shared_; }

  const Level& operator[](std::size_t sample) const { return is_shared_ ? shared_ : each_[sample]; }

 private:
  Level shared_;
  const Level* each_ = nullptr;
  std::size_t count_ = 0;
  bool is_shared_ = true;
};

}}  // namespace eigenguide
