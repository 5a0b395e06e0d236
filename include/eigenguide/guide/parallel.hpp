// SPDX-License-Identifier: MIT
#pragma once

#include <eigenguide/kernel/executor.hpp>

#include <cstddef>

namespace eigenguide { inline namespace EIGENGUIDE_BUILD {

/// The caller's threads, for `with`; made by `parallel`.
struct Parallel {
  kernel::Executor executor;
};

/// Takes a step on the caller's threads; the library has none, and waits in none.
///
///   const auto pool = [&](std::size_t count, const auto& part) { … part(i) for every i < count, on any threads … };
///   guide(with(Cfg{5.0} | Rescale{0.7}, parallel(pool)), cond, uncond, out);
///
/// Large samples are split, small ones are shared out. The result is that of one
/// thread, bit for bit.
///
/// Inputs  parallel_for  calls part(0), …, part(count − 1), once each, in any order
///                       and on any threads, and returns when they all have; throws
///                       nothing. It must live as long as the call that the
///                       option stands in
///         least         elements of all samples below which a step has one thread:
///                       by default as many as take a core longer than a pool
///                       that sleeps takes to wake up; of one that waits awake 2^16 are enough
template <class ParallelFor>
Parallel parallel(const ParallelFor& parallel_for, std::size_t least = std::size_t{1} << 18) {
  return {kernel::Executor(parallel_for, least)};
}

/// For `with`: what is written is not read soon, so it goes past the cache
/// however small it is, and leaves there what the sampler has.
struct NotReadSoon {};
inline constexpr NotReadSoon not_read_soon{};

}}  // namespace eigenguide
