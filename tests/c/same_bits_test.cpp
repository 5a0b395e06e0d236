// SPDX-License-Identifier: MIT
// The C library and the headers give the same bits.
#include <eigenguide/c/eigenguide.h>
#include <eigenguide/core.hpp>

#include <cstdio>
#include <cstring>
#include <vector>

using namespace eigenguide;

namespace {

constexpr std::size_t samples = 2, size = 4099;

/// Numbers in (−1, 1) that look random.
template <class T>
std::vector<T> noise(unsigned seed) {
  std::vector<T> values;
  for (std::size_t i = 0; i < samples * size; ++i) {
    seed = seed * 1664525u + 1013904223u;
    values.push_back(static_cast<T>(static_cast<float>(seed >> 8) / 8388608.0f - 1.0f));
  }
  return values;
}

/// How many of the guided samples and of the next momenta, after three steps, differ.
template <class T>
int differing(eigenguide_type type) {
  const Level level = variance_preserving(0.3);
  const eigenguide_level c_level{level.alpha, level.sigma};
  std::vector<T> m(samples * size), c_m(m), out(m), c_out(m);
  eigenguide_method* method = nullptr;
  eigenguide_error error;
  eigenguide_given momenta{"momentum", {c_m.data(), 0}, {c_m.data(), 0}, 0};
  eigenguide_call call{};
  call.type = type, call.samples = samples, call.size = size;
  call.out.data = c_out.data(), call.given = &momenta, call.given_count = 1;
  call.model_kind = "v", call.method_kind = "sample", call.levels = &c_level, call.level_count = 1;
  const char* const text = "momentum(momentum=-0.5) | apg(scale=7.5, eta=0, norm_threshold=25) | rescale(phi=0.7)";
  if (eigenguide_method_parse(text, &method, &error) != EIGENGUIDE_OK) return std::puts(error.message), 1;
  for (unsigned step = 0; step < 3; ++step) {
    const std::vector<T> cond = noise<T>(step), uncond = noise<T>(step + 10), x = noise<T>(step + 20);
    const auto view = [](const auto& of) { return BatchView<const T>(of.data(), samples, size); };
    const BatchView<T> momenta_of(m.data(), samples, size);
    guide(with(Momentum{-0.5} | Apg{7.5, 0.0, 25.0} | Rescale{0.7}, momentum(momenta_of, momenta_of)),
          Space{Kind::v, Kind::sample}, level, view(x), view(cond), view(uncond), BatchView<T>(out.data(), samples, size));
    call.cond.data = cond.data(), call.uncond.data = uncond.data(), call.x.data = x.data();
    if (eigenguide_guide(method, &call, &error) != EIGENGUIDE_OK) return std::puts(error.message), 1;
  }
  eigenguide_method_free(method);
  const auto differs = [](const std::vector<T>& a, const std::vector<T>& b) {
    return std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) != 0;
  };
  return differs(out, c_out) + differs(m, c_m);
}

}  // namespace

int main() {
  const int of_floats = differing<float>(EIGENGUIDE_FLOAT), of_halves = differing<half>(EIGENGUIDE_HALF);
  std::printf("differing from the headers' results: %d of floats, %d of halves\n", of_floats, of_halves);
  return of_floats + of_halves;
}
