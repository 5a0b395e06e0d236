// SPDX-License-Identifier: MIT
// Prints hashes of the bits that calls write, one a line for each kind of input.
#include <eigenguide/eigenguide.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using namespace eigenguide;

namespace {

// Inputs are made, and outputs read, as bits: those are the same in every
// build, whatever it makes of floating point.
template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// Where a T has its fields.
template <class T>
struct Format {
  using Bits = BitsOf<T>;
  static constexpr int mantissa = std::numeric_limits<T>::digits - 1;
  static constexpr int bias = std::numeric_limits<T>::max_exponent - 1;
  static constexpr Bits sign = Bits(1) << (8 * sizeof(T) - 1);
  static constexpr Bits infinity = Bits(2 * bias + 1) << mantissa;
  static constexpr Bits nan = infinity | Bits(1) << (mantissa - 1);
};

template <class T>
T from_bits(BitsOf<T> bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

template <class T>
BitsOf<T> to_bits(T value) {
  BitsOf<T> bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// Integers that look random.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  /// The upper `count` bits of the next.
  std::uint64_t bits(int count) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return state_ >> (64 - count);
  }

 private:
  std::uint64_t state_;
};

/// Of either sign, with magnitudes in [2^exponent, 2^(exponent + 4)).
template <class T>
std::vector<T> numbers(std::size_t count, std::uint64_t seed, int exponent = -2) {
  Random random(seed);
  std::vector<T> values(count);
  for (T& value : values) {
    const auto power = static_cast<std::uint64_t>(Format<T>::bias + exponent) + random.bits(2);
    const auto magnitude = power << Format<T>::mantissa | random.bits(Format<T>::mantissa);
    value = from_bits<T>(static_cast<BitsOf<T>>(magnitude) | (random.bits(1) ? Format<T>::sign : 0));
  }
  return values;
}

/// `values`, the last `count` bits of each changed.
template <class T>
std::vector<T> jittered(std::vector<T> values, int count, std::uint64_t seed) {
  Random random(seed);
  for (T& value : values) value = from_bits<T>(to_bits(value) ^ static_cast<BitsOf<T>>(random.bits(count)));
  return values;
}

template <class T>
std::vector<T> negated(std::vector<T> values) {
  for (T& value : values) value = from_bits<T>(to_bits(value) ^ Format<T>::sign);
  return values;
}

/// `values`, one of which has these bits.
template <class T>
std::vector<T> with_bits(std::vector<T> values, std::size_t index, BitsOf<T> bits) {
  values[index] = from_bits<T>(bits);
  return values;
}

class Hash {
 public:
  /// Every NaN is one: which of two an instruction returns depends on the order
  /// of its operands, and that is the compiler's to choose.
  template <class T>
  void add(const std::vector<T>& values, std::size_t first = 0) {
    for (std::size_t at = first; at < values.size(); ++at) {
      BitsOf<T> bits = to_bits(values[at]);
      if ((bits & ~Format<T>::sign) > Format<T>::infinity) bits = Format<T>::nan;
      for (std::size_t i = 0; i < sizeof bits; ++i)
        hash_ = (hash_ ^ (bits >> (8 * i) & 0xff)) * 0x100000001b3u;
    }
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325u;  // FNV-1a
};

/// The inputs of a step, one sample.
template <class T>
struct Inputs {
  std::vector<T> c, u, x;
};

/// Reads what CFG does not, and writes a state: g = c + 2 (c − p) + ‖d‖ / ‖c‖ m, m′ = d − m / 2.
struct Everything {
  enum Vector : std::size_t { c, d, p, m };
  using Vectors = Reads<Role::cond, Role::difference, Role::perturbed, Role::momentum>;
  void validate() const {}
  Row<4> operator()(const Gram<4>& gram) const {
    return unit<4>(c) + 2.0 * unit<4>(p) + sqrt(gram(d, d) / gram(c, c)) * unit<4>(m);
  }
  Row<4> next(const Gram<4>&) const { return unit<4>(d) - 0.5 * unit<4>(m); }
};

/// How a program calls, which changes no bit: three samples at once or one by
/// one, at an address that is a multiple of nothing, on two threads.
struct Mode {
  bool one_by_one = false;
  std::size_t offset = 0;
  bool two_threads = false;
};
Mode mode;

/// The threads of the mode.
const auto pool = [](std::size_t count, const auto& part) {
  const auto every_second = [&](std::size_t first) {
    for (std::size_t i = first; i < count; i += 2) part(i);
  };
  std::thread other(every_second, 1);
  every_second(0);
  other.join();
};

/// Three samples, of which the middle one is that of the case.
template <class T>
class Batch {
 public:
  explicit Batch(const Inputs<T>& middle) : size_(middle.c.size()), out_(mode.offset + 3 * size_) {
    const auto surround = [&](std::uint64_t seed, const std::vector<T>& values) {
      std::vector<T> all = numbers<T>(3 * size_, seed);
      for (std::size_t i = 0; i < size_; ++i) all[size_ + i] = values[i];
      all.insert(all.begin(), mode.offset, T());
      return all;
    };
    inputs_ = {surround(11, middle.c), surround(12, middle.u), surround(13, middle.x)};
  }

  template <class Method>
  void hash_guided(Hash& hash, const Method& method) {
    const auto bound = with(method, threads());
    run(hash, [&](const auto& c, const auto& u, const auto&, const auto& out, const auto&) { guide(bound, c, u, out); });
    run(hash, [&](const auto& c, const auto& u, const auto& x, const auto& out, const auto&) {
      guide(bound, Space{Kind::v, Kind::sample}, Level{0.8, 0.6}, x, c, u, out);
    });
    run(hash, [&](const auto& c, const auto& u, const auto& x, const auto& out, const auto&) {
      guide(bound, Space{Kind::flow, Kind::epsilon}, rectified_flow(0.3), x, c, u, out);
    });
  }

  /// Further predictions, states, groups and a sampler's step.
  void hash_options(Hash& hash) {
    state_ = numbers<T>(3 * size_, 14);
    state_.insert(state_.begin(), mode.offset, T());
    run(hash, [&](const auto& c, const auto& u, const auto& x, const auto& out, const auto& m) {
      guide(with(Everything{}, perturbed(x), momentum(m, m), threads()), c, u, out);
    });
    hash.add(state_, mode.offset);
    run(hash, [&](const auto& c, const auto& u, const auto& x, const auto& out, const auto& m) {
      guide(with(Everything{}, perturbed(x), momentum(m, m), threads()), Space{Kind::v, Kind::sample}, Level{0.8, 0.6},
            x, c, u, out);
    });
    hash.add(state_, mode.offset);
    run(hash, [&](const auto& c, const auto& u, const auto& x, const auto& out, const auto&) {
      const Update update{{Kind::flow, Kind::flow}};
      step(with(CfgZeroStar{3.0}, threads()), update, rectified_flow(0.7), rectified_flow(0.6), x, c, u, out);
    });
    run(hash, [&](const auto& c, const auto& u, const auto& x, const auto& out, const auto&) {
      const Update update{{Kind::v, Kind::v}, Renoise::uncond};
      step(with(Cfg{0.6}, threads()), update, Level{0.8, 0.6}, Level{1.0, 0.0}, x, c, u, out);
    });
    // Reports, of weights that depend on the data and of others.
    const auto hash_report = [&](const auto& method) {
      run(hash, [&](const auto& c, const auto& u, const auto& x, const auto& out, const auto&) {
        std::vector<Diagnostics> found(c.samples());
        guide(with(method, perturbed(x), report(found), threads()), c, u, out);
        for (const Diagnostics& each : found)
          hash.add(std::vector<double>{each.relative_difference, each.cosine, each.zero_star, static_cast<double>(each.non_finite)});
      });
    };
    hash_report(Cfg{3.0} | Perturbation{2.0});
    hash_report(CfgZeroStar{3.0} | Perturbation{2.0});
    // Channels one by one, or most of them side by side; with further predictions,
    // of which a channel may have none that is finite.
    const std::size_t channels = size_ % 20 == 0 ? 20 : 3;
    if (size_ % channels != 0) return;
    const auto grouped = [&](const auto& view) {
      const Shape shape{{view.samples(), size_ / channels, channels}, 3};
      return BatchView(view.data(), view.samples(), size_, size_, shape);
    };
    run(hash, [&](const auto& c, const auto& u, const auto&, const auto& out, const auto&) {
      guide(with(CfgZeroStar{3.0} | Rescale{0.7}, per_channel("btc"), threads()), grouped(c), grouped(u), grouped(out));
    });
    run(hash, [&](const auto& c, const auto& u, const auto& x, const auto& out, const auto&) {
      const auto chain = CfgZeroStar{3.0} | Perturbation{2.0} | ModalityIsolation{1.5} | SelfAttention{0.5} | Rescale{0.7};
      const auto others = with(chain, perturbed(grouped(x)), isolated(grouped(u)), degraded(grouped(c)), per_channel("btc"), threads());
      guide(others, grouped(c), grouped(u), grouped(out));
    });
  }

  void hash_converted(Hash& hash, const Conversion& conversion, const Level& level) {
    run(hash, [&](const auto& c, const auto&, const auto& x, const auto& out, const auto&) {
      convert(conversion, level, x, c, out);
    });
  }

 private:
  /// None, unless the mode has two: then however small a step is.
  static Parallel threads() {
    return mode.two_threads ? parallel(pool, 1) : parallel(pool, std::numeric_limits<std::size_t>::max());
  }

  /// Adds what `call` writes, of all samples or of one after the other.
  template <class Call>
  void run(Hash& hash, const Call& call) {
    const std::size_t count = mode.one_by_one ? 1 : 3;
    for (std::size_t first = 0; first < 3; first += count) {
      const std::size_t at = mode.offset + first * size_;
      const auto batch = [&](const std::vector<T>& values) { return BatchView<const T>(values.data() + at, count, size_); };
      const BatchView<T> state(state_.empty() ? out_.data() + at : state_.data() + at, count, size_);
      call(batch(inputs_.c), batch(inputs_.u), batch(inputs_.x), BatchView<T>(out_.data() + at, count, size_), state);
    }
    hash.add(out_, mode.offset);
  }

  std::size_t size_;
  Inputs<T> inputs_;
  std::vector<T> out_, state_;
};

template <class T>
void hash_all(Hash& hash, const Inputs<T>& middle) {
  Batch<T> batch(middle);
  for (const double scale : {7.5, 0.3, 0.0}) {
    batch.hash_guided(hash, Cfg{scale});
    batch.hash_guided(hash, CfgZeroStar{scale});
    batch.hash_guided(hash, CfgZeroStar{scale} | Rescale{0.7});
    batch.hash_guided(hash, Cfg{scale} | Renorm::exact());
    batch.hash_guided(hash, Cfg{scale} | Renorm::capped() | Rescale{0.3});
    for (const Magnitude magnitude : {Magnitude::linear, Magnitude::conditional, Magnitude::raw})
      batch.hash_guided(hash, Slerp{scale, magnitude});
  }
  batch.hash_options(hash);
  const Level level{0.8, 0.6};
  batch.hash_converted(hash, {Kind::v, Kind::sample}, level);
  batch.hash_converted(hash, {Kind::v, Kind::flow}, level);
  batch.hash_converted(hash, {Kind::epsilon, Kind::v}, level);
  batch.hash_converted(hash, {Kind::sample, Kind::epsilon}, level);
  batch.hash_converted(hash, {Kind::flow, Kind::sample}, rectified_flow(0.3));
  batch.hash_converted(hash, {Kind::flow_to_data, Kind::epsilon}, rectified_flow(0.3));
}

/// One line: inputs of one kind, as `make` makes them from a size.
template <class Make>
void print(const char* type, const std::string& name, std::initializer_list<std::size_t> sizes,
           const Make& make) {
  Hash hash;
  for (const std::size_t size : sizes) hash_all(hash, make(size));
  std::printf("%016llx  %s, %s\n", static_cast<unsigned long long>(hash.value()), type, name.c_str());
}

template <class T>
void print_all(const char* type, std::initializer_list<int> exponents) {
  using F = Format<T>;
  using Values = std::vector<T>;
  const auto c = [](std::size_t size) { return numbers<T>(size, 1); };
  const auto u = [](std::size_t size) { return numbers<T>(size, 2); };
  const auto x = [](std::size_t size) { return numbers<T>(size, 3); };

  print(type, "ordinary", {1, 15, 16, 17, 127, 128, 129, 1000, 8192, 8193, 20001, 70001},
        [&](std::size_t n) { return Inputs<T>{c(n), u(n), x(n)}; });

  const auto special = [&](const std::string& name, const auto& make) { print(type, name, {1, 17, 1000, 8193}, make); };
  for (const auto bits : {F::nan, F::infinity, F::infinity | F::sign}) {
    const std::string name = bits == F::nan ? "NaN" : bits == F::infinity ? "inf" : "-inf";
    special(name + " in c", [&](std::size_t n) { return Inputs<T>{with_bits<T>(c(n), n / 2, bits), u(n), x(n)}; });
    special(name + " in u", [&](std::size_t n) { return Inputs<T>{c(n), with_bits<T>(u(n), n / 2, bits), x(n)}; });
    special(name + " in x", [&](std::size_t n) { return Inputs<T>{c(n), u(n), with_bits<T>(x(n), n / 2, bits)}; });
    special(name + " in c and u", [&](std::size_t n) {
      return Inputs<T>{with_bits<T>(c(n), n / 2, bits), with_bits<T>(u(n), n / 2, bits), x(n)};
    });
  }

  special("c zero", [&](std::size_t n) { return Inputs<T>{Values(n), u(n), x(n)}; });
  special("u zero", [&](std::size_t n) { return Inputs<T>{c(n), Values(n), x(n)}; });
  special("x zero", [&](std::size_t n) { return Inputs<T>{c(n), u(n), Values(n)}; });
  special("all zero", [&](std::size_t n) { return Inputs<T>{Values(n), Values(n), Values(n)}; });
  special("all negative zero", [&](std::size_t n) {
    return Inputs<T>{negated(Values(n)), negated(Values(n)), negated(Values(n))};
  });

  for (const int exponent : exponents) {
    const std::string power = " of 2^" + std::to_string(exponent);
    special("all" + power, [&](std::size_t n) {
      return Inputs<T>{numbers<T>(n, 1, exponent), numbers<T>(n, 2, exponent), numbers<T>(n, 3, exponent)};
    });
    special("c" + power, [&](std::size_t n) { return Inputs<T>{numbers<T>(n, 1, exponent), u(n), x(n)}; });
    special("u" + power, [&](std::size_t n) { return Inputs<T>{c(n), numbers<T>(n, 2, exponent), x(n)}; });
  }

  // 1000 has bits to spare below it: the jitter stays small beside the mean.
  const auto constant = [](std::size_t n, int value) { return Values(n, static_cast<T>(value)); };
  special("constant", [&](std::size_t n) { return Inputs<T>{constant(n, 1000), constant(n, 997), x(n)}; });
  special("nearly constant", [&](std::size_t n) {
    return Inputs<T>{jittered(constant(n, 1000), 6, 4), jittered(constant(n, 997), 6, 5), x(n)};
  });
  special("equal", [&](std::size_t n) { return Inputs<T>{c(n), c(n), x(n)}; });
  special("nearly equal", [&](std::size_t n) { return Inputs<T>{c(n), jittered(c(n), 6, 4), x(n)}; });
  special("opposite", [&](std::size_t n) { return Inputs<T>{c(n), negated(c(n)), x(n)}; });
  special("nearly opposite", [&](std::size_t n) { return Inputs<T>{c(n), negated(jittered(c(n), 6, 4)), x(n)}; });

  // A program that is linked with -ffast-math sets the processor to flush these
  // to zero, whoever computes them; so same_bits.cmake compares the lines named
  // denormal among programs that do not.
  constexpr int least = 1 - F::bias;
  special("c nearly denormal", [&](std::size_t n) { return Inputs<T>{numbers<T>(n, 1, least), u(n), x(n)}; });
  special("all nearly denormal", [&](std::size_t n) {
    return Inputs<T>{numbers<T>(n, 1, least), numbers<T>(n, 2, least), numbers<T>(n, 3, least)};
  });
  const auto denormal = [](std::size_t n, std::uint64_t seed) {
    Random random(seed);
    Values values(n);
    for (T& value : values) value = from_bits<T>(static_cast<BitsOf<T>>(random.bits(F::mantissa)));
    return values;
  };
  special("c denormal", [&](std::size_t n) { return Inputs<T>{denormal(n, 1), u(n), x(n)}; });
  special("u denormal", [&](std::size_t n) { return Inputs<T>{c(n), denormal(n, 2), x(n)}; });
  special("all denormal", [&](std::size_t n) { return Inputs<T>{denormal(n, 1), denormal(n, 2), denormal(n, 3)}; });
}

/// One line: every value of a half there is, beside every other one in some order.
template <class Half>
void print_halves(const char* type) {
  constexpr std::uint32_t all = 65536;
  std::vector<Half> c(all), u(all), out(all);
  for (std::uint32_t n = 0; n < all; ++n) {
    const auto bits = static_cast<std::uint16_t>(n), other = static_cast<std::uint16_t>(n * 40503u + 12345u);
    std::memcpy(&c[n], &bits, sizeof bits);
    std::memcpy(&u[n], &other, sizeof other);
  }
  Hash hash;
  for (const double scale : {0.0, 0.3, 7.5}) {
    guide(Cfg{scale}, BatchView<const Half>(c.data(), 1, all), BatchView<const Half>(u.data(), 1, all),
          BatchView<Half>(out.data(), 1, all));
    std::vector<float> written;
    written.reserve(out.size());
    for (const Half each : out) written.push_back(static_cast<float>(each));
    hash.add(written);
  }
  std::printf("%016llx  %s, all values, denormal ones among them\n", static_cast<unsigned long long>(hash.value()), type);
}

}  // namespace

/// Inputs  an argument: one_by_one, unaligned or two_threads
int main(int count, char** arguments) {
  const std::string asked = count > 1 ? arguments[1] : "";
  mode = {asked == "one_by_one", asked == "unaligned" ? std::size_t{3} : 0, asked == "two_threads"};
  // About 1e±6, 1e±15, 1e±30, then 1e38, or 1e±100 and 1e±300.
  print_all<float>("float", {-20, 20, -50, 50, -100, 100, 123});
  print_all<double>("double", {-20, 20, -50, 50, -100, 100, -332, 332, -1000, 1000});
  print_halves<half>("half");
  print_halves<bfloat16>("bfloat16");
  return 0;
}
