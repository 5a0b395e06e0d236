// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)
#define EIGENGUIDE_BENCH_X86 1
#include <immintrin.h>
#else
#define EIGENGUIDE_BENCH_X86 0
#endif

namespace bench {

/// The addresses of one pass over one sample.
struct Streams {
  const char* in[3];
  char* out;
  std::size_t bytes;  ///< of each stream; a multiple of 64
};

/// One way to move streams and to do nothing else that takes time: `read[n]`
/// loads n of them, `write[n]` loads n and stores one. write[2] is STREAM's
/// triad; what it stores is joined bit by bit, which takes a cycle at any width.
struct Mover {
  using Loop = void (*)(const Streams& streams);
  Loop read[4];
  Loop write[4];
};

template <std::size_t reads, bool writes>
void move_plain(const Streams& s) {
  std::uint64_t seen = 0;
  for (std::size_t at = 0; at < s.bytes; at += sizeof(seen)) {
    std::uint64_t word[3] = {};
    for (std::size_t i = 0; i < reads; ++i) std::memcpy(&word[i], s.in[i] + at, sizeof(seen));
    word[0] |= word[1] | word[2];
    if constexpr (writes)
      std::memcpy(s.out + at, word, sizeof(seen));
    else
      seen |= word[0];
  }
  benchmark::DoNotOptimize(seen);
}

#if EIGENGUIDE_BENCH_X86

// Pointers are copied first: a store of vectors may change whatever memory holds.

template <std::size_t reads, bool writes, bool past_cache>
[[gnu::target("avx2")]] void move_256(const Streams& s) {
  const char *const a = s.in[0], *const b = s.in[1], *const c = s.in[2];
  char* const out = s.out;
  __m256i seen = _mm256_setzero_si256();
  for (std::size_t at = 0, end = s.bytes; at < end; at += sizeof(seen)) {
    __m256i lanes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + at));
    lanes |= _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + at));
    if constexpr (reads == 3) lanes |= _mm256_loadu_si256(reinterpret_cast<const __m256i*>(c + at));
    if constexpr (!writes)
      seen |= lanes;
    else if constexpr (past_cache)
      _mm256_stream_si256(reinterpret_cast<__m256i*>(out + at), lanes);
    else
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + at), lanes);
  }
  __asm__ volatile("" : : "x"(seen));
  if constexpr (past_cache) _mm_sfence();
}

template <std::size_t reads, bool writes, bool past_cache>
[[gnu::target("avx512f")]] void move_512(const Streams& s) {
  const char *const a = s.in[0], *const b = s.in[1], *const c = s.in[2];
  char* const out = s.out;
  __m512i seen = _mm512_setzero_si512();
  for (std::size_t at = 0, end = s.bytes; at < end; at += sizeof(seen)) {
    __m512i lanes = _mm512_loadu_si512(a + at);
    lanes |= _mm512_loadu_si512(b + at);
    if constexpr (reads == 3) lanes |= _mm512_loadu_si512(c + at);
    if constexpr (!writes)
      seen |= lanes;
    else if constexpr (past_cache)
      _mm512_stream_si512(reinterpret_cast<__m512i*>(out + at), lanes);
    else
      _mm512_storeu_si512(out + at, lanes);
  }
  __asm__ volatile("" : : "v"(seen));
  if constexpr (past_cache) _mm_sfence();
}

template <bool past_cache>
inline constexpr Mover by_256 = {
    {nullptr, nullptr, move_256<2, false, past_cache>, move_256<3, false, past_cache>},
    {nullptr, nullptr, move_256<2, true, past_cache>, move_256<3, true, past_cache>}};

template <bool past_cache>
inline constexpr Mover by_512 = {
    {nullptr, nullptr, move_512<2, false, past_cache>, move_512<3, false, past_cache>},
    {nullptr, nullptr, move_512<2, true, past_cache>, move_512<3, true, past_cache>}};

#endif

/// Every way that this processor has, with stores to the cache and past it.
/// Which of them is fastest depends on where a cell lives.
inline std::vector<Mover> movers() {
#if EIGENGUIDE_BENCH_X86
  if (__builtin_cpu_supports("avx512f"))
    return {by_256<false>, by_512<false>, by_256<true>, by_512<true>};
  if (__builtin_cpu_supports("avx2")) return {by_256<false>, by_256<true>};
#endif
  return {{{nullptr, nullptr, move_plain<2, false>, move_plain<3, false>},
           {nullptr, nullptr, move_plain<2, true>, move_plain<3, true>}}};
}

}  // namespace bench
