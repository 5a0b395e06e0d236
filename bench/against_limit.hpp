// SPDX-License-Identifier: MIT
#pragma once

#include "cells.hpp"
#include "limit.hpp"
#include "tensors.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// What an entry must move, in tensors: `reduced` read by a first pass, then
/// `combined` read by a second one that writes an output. Zero: no such pass.
struct Traffic {
  std::size_t reduced;
  std::size_t combined;

  std::size_t tensors() const { return reduced + combined + (combined > 0 ? 1 : 0); }
};

/// Moves the traffic of a cell as the library does: sample by sample, so that
/// a second pass finds in the cache what the first has left there.
template <class T>
void move(const Mover& mover, const Traffic& traffic, const Cell& cell) {
  const Tensors<T>& tensors = Tensors<T>::shared();
  for (std::size_t i = 0; i < cell.batch; ++i) {
    const std::size_t at = i * cell.size;
    const auto bytes = [at](const T* data) { return reinterpret_cast<const char*>(data + at); };
    const Streams streams{{bytes(tensors.cond()), bytes(tensors.uncond()), bytes(tensors.x())},
                          reinterpret_cast<char*>(tensors.out() + at),
                          cell.size * sizeof(T)};
    if (traffic.reduced > 0) mover.read[traffic.reduced](streams);
    if (traffic.combined > 0) mover.write[traffic.combined](streams);
  }
}

/// Seconds of one of `calls` calls in a row.
template <class Call>
double seconds(std::size_t calls, const Call& call) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < calls; ++i) call();
  const std::chrono::duration<double> elapsed = Clock::now() - begin;
  return elapsed.count() / static_cast<double>(calls);
}

/// Runs `entry` in blocks, in turn with blocks of the bare streams that move
/// the same bytes, and sets the counter
///
///   of_triad = least time of the bare streams / least time of the entry
///
/// and gigabytes_per_second, the bytes over the least time of the entry.
///
/// Blocks of both see the same moment of a machine that is shared; the least
/// time is the one that nobody has disturbed.
template <class T, class Entry>
void against_limit(benchmark::State& state, const Cell& cell, const Traffic& traffic,
                   const Entry& entry) {
  static const std::vector<Mover> ways = movers();
  const std::size_t bytes = traffic.tensors() * cell.size * cell.batch * sizeof(T);
  // Blocks of about 0.2 ms, long beside the clock and short beside a time slice.
  const std::size_t calls = 1 + (std::size_t{16} << 20) / bytes;

  double best = std::numeric_limits<double>::infinity(), limit = best;
  std::size_t turn = 0;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(calls))) {
    state.PauseTiming();
    // A first call of either is not timed: it finds the cache as the other left it.
    const auto bare = [&] { move<T>(ways[turn % ways.size()], traffic, cell); };
    bare();
    limit = std::min(limit, seconds(calls, bare));
    ++turn;

    entry();
    state.ResumeTiming();
    best = std::min(best, seconds(calls, entry));
  }

  state.SetBytesProcessed(state.iterations() * static_cast<benchmark::IterationCount>(bytes));
  state.counters["of_triad"] = limit / best;
  state.counters["gigabytes_per_second"] = static_cast<double>(bytes) / best * 1e-9;
}

/// Runs `entry` in blocks, in turn with blocks of `other`.
/// Output  the least time of `other` / the least time of `entry`
template <class Other, class Entry>
double against(benchmark::State& state, std::size_t calls, const Other& other, const Entry& entry) {
  double least = std::numeric_limits<double>::infinity(), least_of_other = least;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(calls))) {
    state.PauseTiming();
    other();
    least_of_other = std::min(least_of_other, seconds(calls, other));
    entry();
    state.ResumeTiming();
    least = std::min(least, seconds(calls, entry));
  }
  return least_of_other / least;
}

/// Adds the entry `name`/`cell`.
template <class T, class Entry>
void add(const std::string& name, const Cell& cell, const Traffic& traffic, Entry entry) {
  const auto run = [cell, traffic, entry = std::move(entry)](benchmark::State& state) {
    against_limit<T>(state, cell, traffic, entry);
  };
  benchmark::RegisterBenchmark((name + "/" + cell.name()).c_str(), run)
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace bench
