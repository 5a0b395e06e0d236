// SPDX-License-Identifier: MIT
// Prints hashes of the bits of every method's weights, and of what the verbs
// beside guide() write, one a line. bits.cpp does so of what guide() writes.
#include <eigenguide/eigenguide.hpp>

#include <law/methods.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

using namespace eigenguide;

namespace {

/// Numbers in (−1, 1) that look random, of as many bits as a float has: made of
/// integers, so that they are the same in every build.
template <class T>
std::vector<T> numbers(std::size_t count, std::uint64_t seed) {
  std::vector<T> values(count);
  for (T& value : values) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    value = static_cast<T>(static_cast<std::int32_t>(seed >> 40) - (1 << 23)) / static_cast<T>(1 << 23);
  }
  return values;
}

class Hash {
 public:
  template <class T>
  void add(const std::vector<T>& values) {
    for (const T value : values) {
      unsigned char bytes[sizeof value] = {0xff};  // any NaN
      if (!is_nan(static_cast<double>(value))) std::memcpy(bytes, &value, sizeof value);
      for (const unsigned char byte : bytes) value_ = (value_ ^ byte) * 1099511628211u;
    }
  }
  void print(const std::string& name) const { std::printf("%016llx  %s\n", static_cast<unsigned long long>(value_), name.c_str()); }

 private:
  std::uint64_t value_ = 14695981039346656037u;
};

/// Hashes the weights that a chain makes of vectors of five elements; u = c − d
/// is near c where `apart` is small.
template <class Chain>
void hash_weights(Hash& hash, const Chain& chain, double apart, std::uint64_t seed) {
  using Vectors = typename Chain::Vectors;
  constexpr std::size_t size = Vectors::size, elements = 5;
  std::array<std::vector<double>, size> vectors;
  for (std::size_t i = 0; i < size; ++i) {
    vectors[i] = Vectors::roles[i] == Role::one ? std::vector<double>(elements, 1.0) : numbers<double>(elements, seed + i);
    const bool is_difference = Vectors::roles[i] == Role::difference || is_further_prediction(Vectors::roles[i]);
    if (is_difference)
      for (double& value : vectors[i]) value *= apart;  // a power of two
  }
  for (std::size_t n = 0; n < elements; ++n) vectors[Chain::u][n] = vectors[Chain::c][n] - vectors[Chain::d][n];
  Gram<size> gram;
  gram.elements = static_cast<double>(elements);
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < size; ++j)
      for (std::size_t n = 0; n < elements; ++n) gram.product[i][j] += Real(vectors[i][n]) * vectors[j][n];
  for (const Row<size>& row : chain.outputs(gram)) {
    std::vector<double> weights;
    for (std::size_t i = 0; i < size; ++i) weights.push_back(static_cast<double>(row[i]));
    hash.add(weights);
  }
}

void print_methods() {
  for_all_methods([](const auto& listed) {
    Hash hash;
    for (const double apart : {1.0, 0.125, 0.0009765625})
      for (std::uint64_t seed = 1; seed < 1000; seed += 10) {
        hash_weights(hash, chain_of(links_of(listed.configured)), apart, seed);
        hash_weights(hash, Tcfg{3.0} | listed.configured, apart, seed);
      }
    hash.print("weights of " + listed.name);
  });
}

template <class T>
void print_verbs(const std::string& type) {
  const auto print = [&](const char* name, const auto& call) {
    Hash hash, hash_of_special;
    for (std::size_t side : {1u, 7u, 20u, 33u}) {
      const std::size_t size = 3 * side * (side + 1);
      const Shape shape{{2, 3, side, side + 1}, 4};
      const std::vector<T> c = numbers<T>(2 * size, 1), u = numbers<T>(2 * size, 2), x = numbers<T>(2 * size, 3);
      const auto add = [&](Hash& to, const std::vector<T>& of_c, const std::vector<T>& of_u) {
        std::vector<T> out(2 * size);
        const auto in = [&](const std::vector<T>& values) { return BatchView<const T>(values.data(), 2, size, size, shape); };
        call(in(of_c), in(of_u), in(x), BatchView<T>(out.data(), 2, size, size, shape));
        to.add(out);
      };
      add(hash, c, u);
      for (const T special : {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity(), T(0)}) {
        std::vector<T> other = c;
        other[size / 3 + side / 2] = special;
        add(hash_of_special, other, u);
        add(hash_of_special, u, other);
      }
    }
    hash.print(type + ", " + name);
    hash_of_special.print(type + ", " + name + ", NaN, Inf and 0");
  };
  print("blur", [](auto c, auto, auto, auto out) { blur(GaussianBlur{5, 1.3}, c, out); });
  print("laplacian_pyramid", [](auto c, auto, auto, auto out) { laplacian_pyramid(c, 3).reconstruct(out); });
  print("frequency_decoupled", [](auto c, auto u, auto, auto out) {
    guide(FrequencyDecoupled{{5.0, 2.0, 1.5}, {1.0, 0.5, 0.2}}, c, u, out);
  });
  print("mimic", [](auto c, auto u, auto, auto out) { guide(Mimic{5.0, 3.0, 0.99, 0.7}, c, u, out); });
  print("tonemap", [](auto c, auto u, auto, auto out) { guide(Tonemap{5.0, 0.7}, c, u, out); });
  print("mahiro", [](auto c, auto u, auto, auto out) { guide(Mahiro{5.0}, c, u, out); });
  print("threshold", [](auto c, auto, auto, auto out) { threshold(DynamicThreshold{0.99}, c, out); });
  print("skimmed_cfg", [](auto c, auto u, auto x, auto out) { guide(SkimmedCfg{5.0, 2.0}, x, c, u, out); });
}

}  // namespace

int main() {
  print_methods();
  print_verbs<float>("float");
  print_verbs<double>("double");
  return 0;
}
