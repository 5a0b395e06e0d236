// SPDX-License-Identifier: MIT
// A client in small, for every compiler and set of flags of .ci/matrix: prints a
// hash of the bits that some calls write, which are the same for all of them.
#if defined(WINDOWS_MACROS)
#if defined(_WIN32)
#include <windows.h>
#else
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define small char
#define near
#define far
#define interface struct
#define IN
#define OUT
#endif
#endif

#if defined(CORE_ONLY)
#include <eigenguide/core.hpp>
#else
#include <eigenguide/eigenguide.hpp>
#endif

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

namespace {

/// Whole numbers over a power of two, which every build makes alike.
std::vector<float> numbers(std::uint64_t seed, std::size_t size) {
  std::vector<float> made(size);
  for (float& value : made) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    value = static_cast<float>(static_cast<int>(seed >> 48) - 32768) / 8192.0f;
  }
  return made;
}

std::uint64_t hash_of(const std::vector<float>& list, std::uint64_t hash) {
  for (const float number : list) {
    std::uint32_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    hash = (hash ^ bits) * 1099511628211u;
  }
  return hash;
}

}  // namespace

int main() {
  using namespace eigenguide;
  std::uint64_t hash = 14695981039346656037u;
  for (const std::size_t size : {1u, 7u, 70u, 9001u}) {
    const std::vector<float> c = numbers(1, size), u = numbers(2, size), x = numbers(3, size);
    std::vector<float> out(size), state = numbers(4, size);
    const auto in = [size](const std::vector<float>& of) { return BatchView<const float>(of.data(), 1, size); };
    const BatchView<float> to(out.data(), 1, size);
    guide(Cfg{7.5} | Rescale{0.7}, in(c), in(u), to);
    hash = hash_of(out, hash);
    guide(with(Momentum{-0.5} | Apg{7.5, 0.0, 2.5}, momentum(state, state)), in(c), in(u), to);
    hash = hash_of(state, hash_of(out, hash));
    step(CfgZeroStar{5.0}, Update{{Kind::v, Kind::sample}}, Level{0.8, 0.6}, Level{0.9, 0.4}, in(x), in(c), in(u), to);
    hash = hash_of(out, hash);
  }
  std::printf("%08lx%08lx\n", static_cast<unsigned long>(hash >> 32), static_cast<unsigned long>(hash & 0xffffffffu));
  return 0;
}
