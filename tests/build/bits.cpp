// SPDX-License-Identifier: MIT
// Prints a hash of the bits that a set of calls writes.
#include <eigenguide/eigenguide.hpp>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

using namespace eigenguide;

namespace {

std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a

template <class T>
void add(const std::vector<T>& values) {
  std::vector<unsigned char> bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  for (const unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3u;
}

// Integers in [−2²³, 2²³] over powers of two: the same in every build, whatever
// it makes of floating point.
template <class T>
std::vector<T> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<T> values(count);
  for (T& value : values) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    value = static_cast<T>(static_cast<std::int32_t>(seed >> 40) - (1 << 23)) / static_cast<T>(1 << 22);
  }
  return values;
}

template <class T, class Method>
void guide_all(const Method& method, std::size_t samples, std::size_t size) {
  const auto c = numbers<T>(samples * size, 1), u = numbers<T>(samples * size, 2), x = numbers<T>(samples * size, 3);
  std::vector<T> out(samples * size);
  const BatchView<const T> cond(c.data(), samples, size), uncond(u.data(), samples, size), noisy(x.data(), samples, size);
  const BatchView<T> to(out.data(), samples, size);
  guide(method, cond, uncond, to);
  add(out);
  guide(method, Space{Kind::v, Kind::sample}, Level{0.8, 0.6}, noisy, cond, uncond, to);
  add(out);
  guide(method, Space{Kind::flow, Kind::epsilon}, rectified_flow(0.3), noisy, cond, uncond, to);
  add(out);
}

template <class T>
void all() {
  for (const std::size_t size : {1u, 15u, 16u, 17u, 127u, 128u, 129u, 1000u, 8192u, 8193u, 20001u}) {
    guide_all<T>(Cfg{7.5}, 2, size);
    guide_all<T>(CfgZeroStar{7.5}, 2, size);
    guide_all<T>(CfgZeroStar{4.3} | Rescale{0.7}, 2, size);
    guide_all<T>(Cfg{3.1} | Renorm::capped() | Rescale{0.3}, 2, size);
    guide_all<T>(Slerp{2.7}, 2, size);
  }
}

}  // namespace

int main() {
  all<float>();
  all<double>();
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));
  return 0;
}
