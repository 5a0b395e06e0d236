// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/basis.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD { namespace kernel {

/// The parts of a step, for a caller's threads: `part(i)` does number i. A view;
/// it lives as long as the call that it is handed to.
class Part {
 public:
  template <class Action>
  explicit Part(const Action& action)
      : action_(&action), call_([](const void* it, std::size_t i) { (*static_cast<const Action*>(it))(i); }) {}

  void operator()(std::size_t i) const { call_(action_, i); }

 private:
  const void* action_;
  void (*call_)(const void*, std::size_t);
};

/// Whose threads a step is taken on. Of default the caller's own, and no other.
///
/// What the caller gives is any `parallel_for(count, part)` that calls part(0), …,
/// part(count − 1), once each, in any order and on any threads, and returns when
/// they all have. The parts do not depend on how many threads there are, and what
/// they find is added in their order, so neither does any bit of a result.
class Executor {
 public:
  /// Elements that one part has at least: a thousand of them take a microsecond or less.
  static constexpr std::size_t part_size = 4 * chunk;

  Executor() = default;

  /// Inputs  parallel_for  must live as long as this
  ///         least         elements of a step below which it has one thread
  template <class ParallelFor>
  Executor(const ParallelFor& parallel_for, std::size_t least)
      : parallel_for_(&parallel_for),
        call_([](const void* it, std::size_t count, const Part& part) {
          (*static_cast<const ParallelFor*>(it))(count, part);
        }),
        least_(least) {}

  /// Whether a step of so many elements is worth several threads.
  bool takes(std::size_t size) const noexcept { return call_ != nullptr && size >= least_ && size > part_size; }

  template <class Action>
  void run(std::size_t count, const Action& action) const noexcept {
    call_(parallel_for_, count, Part(action));
  }

  /// Calls action(first, count) for the parts of a run of `size` elements.
  template <class Action>
  void for_each_part(std::size_t size, const Action& action) const noexcept {
    run((size + part_size - 1) / part_size, [&](std::size_t i) {
      const std::size_t first = i * part_size, left = size - first;
      action(first, left < part_size ? left : part_size);
    });
  }

  /// Calls add(find(first, count)) for the chunks of a run of `size` elements:
  /// `find` on any thread, `add` in order on this one.
  template <class Found, class Find, class Add>
  void for_each_chunk(std::size_t size, const Find& find, const Add& add) const noexcept {
    if (!takes(size)) {
      for (std::size_t first = 0; first < size; first += chunk) add(find(first, size - first < chunk ? size - first : chunk));
      return;
    }
    // As many chunks at once as 32 KiB of the stack have room for, whole parts of them.
    constexpr std::size_t wave = (std::size_t{32768} / sizeof(Found) / (part_size / chunk) + 1) * part_size;
    Found found[wave / chunk];
    for (std::size_t begin = 0; begin < size; begin += wave) {
      const std::size_t length = size - begin < wave ? size - begin : wave;
      for_each_part(length, [&](std::size_t part, std::size_t part_length) {
        for (std::size_t at = part; at < part + part_length; at += chunk) {
          const std::size_t left = part + part_length - at;
          found[at / chunk] = find(begin + at, left < chunk ? left : chunk);
        }
      });
      for (std::size_t at = 0; at < length; at += chunk) add(found[at / chunk]);
    }
  }

 private:
  const void* parallel_for_ = nullptr;
  void (*call_)(const void*, std::size_t, const Part&) = nullptr;
  std::size_t least_ = 0;
};

}}}  // namespace eigenguide::kernel
