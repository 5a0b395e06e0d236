// SPDX-License-Identifier: MIT
// A client in small, for every compiler and set of flags of .ci/matrix: prints a
// hash of the bits that some calls write, which are the same for all of them, of
// the core and then of all of it.
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

using namespace eigenguide;

/// Whole numbers over a power of two, which every build makes alike, and every
/// type holds.
template <class T = float>
std::vector<T> numbers(std::uint64_t seed, std::size_t size) {
  std::vector<T> made(size);
  for (T& value : made) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    value = static_cast<T>(static_cast<float>(static_cast<int>(seed >> 56) - 128) / 32.0f);
  }
  return made;
}

/// Of all that was written so far.
std::uint64_t hash = 14695981039346656037u;

template <class T>
void add(const std::vector<T>& list) {
  for (const T& number : list) {
    unsigned char bytes[sizeof(T)];
    std::memcpy(bytes, &number, sizeof number);
    for (const unsigned char byte : bytes) hash = (hash ^ byte) * 1099511628211u;
  }
}

/// Predictions of one type and shape, [2, 3, 1, size].
template <class T>
struct Calls {
  explicit Calls(std::size_t columns)
      : size(columns), c(numbers<T>(1, 6 * size)), u(numbers<T>(2, 6 * size)), x(numbers<T>(3, 6 * size)), out(6 * size) {}

  std::size_t size;
  std::vector<T> c, u, x, out;

  BatchView<const T> in(const std::vector<T>& of) const { return {of.data(), 2, 3 * size, 3 * size, {{2, 3, 1, size}, 4}}; }
  BatchView<T> to(std::vector<T>& of) const { return {of.data(), 2, 3 * size, 3 * size, {{2, 3, 1, size}, 4}}; }

  void guided() {
    guide(Cfg{7.5} | Rescale{0.7}, in(c), in(u), to(out));
    add(out);
  }
  void verbs() {
    guided();
    std::vector<T> state = numbers<T>(4, 6 * size);
    guide(with(Momentum{-0.5} | Apg{7.5, 0.0, 2.5}, momentum(in(state), to(state))), in(c), in(u), to(out));
    add(out), add(state);
    step(CfgZeroStar{5.0}, Update{{Kind::v, Kind::sample}}, Level{0.8, 0.6}, Level{0.9, 0.4}, in(x), in(c), in(u), to(out));
    add(out);
    convert({Kind::v, Kind::sample}, Level{0.8, 0.6}, in(x), in(c), to(out));
    add(out);
  }
  void options() {
    const std::vector<unsigned char> keep = [&] {
      std::vector<unsigned char> made(6 * size);
      for (std::size_t n = 0; n < made.size(); ++n) made[n] = n % 3 != 0;
      return made;
    }();
    const BatchView<const unsigned char> kept(keep.data(), 2, 3 * size, 3 * size, {{2, 3, 1, size}, 4});
    std::vector<Diagnostics> found(6);
    guide(with(CfgZeroStar{}, per_channel("bchw"), mask(kept), scales(std::vector<double>{1.0, 5.0, 7.5}), report(found)),
          in(c), in(u), to(out));
    add(out);
    add(std::vector<double>{found[1].relative_difference, found[5].cosine});
  }
  /// Beyond float's products, then with one infinite and one NaN, which are counted.
  void beyond() {
    for (auto* each : {&c, &u})
      for (T& value : *each) value = static_cast<T>(static_cast<float>(value) * 1e25f);
    guide(CfgZeroStar{5.0}, in(c), in(u), to(out));
    add(out);
    for (const std::uint32_t bits : {0x7f800000u, 0x7fc00000u}) {
      float value = 0.0f;
      std::memcpy(&value, &bits, sizeof value);
      c[bits >> 22 & 1] = static_cast<T>(value);
    }
    std::vector<Diagnostics> found(2);
    guide(with(CfgZeroStar{5.0}, report(found)), in(c), in(u), to(out));
    add(std::vector<std::uint64_t>{found[0].non_finite, found[1].non_finite});
  }
  void run() {
    Guider<decltype(plan()), T> guider(plan());
    guider.reset(in(c));
    for (std::size_t n = 0; n < 2; ++n) {
      guider.apply(Moment{n, 2, Level{0.8, 0.6}, {}}, in(x), in(c), in(u), to(out));
      guider.advance();
      add(out);
    }
  }

 private:
  static auto plan() { return during(Momentum{-0.5}, StepWindow{0.0, 0.5}) | Apg{7.5, 0.0, 2.5}; }
};

#if !defined(OF_OTHER_FLAGS)
/// Quotients by a constant, and several by one number: none is a product with an
/// inverse; and a product that is not fused with a sum.
void roundings() {
  for (const float number : numbers(5, 64)) {
    const Real a = Real(static_cast<double>(number)) / 3.0, b = 1.0 + a * a;
    add(std::vector<double>{static_cast<double>(a / 49.0), static_cast<double>(a / b), static_cast<double>(3.0 / b),
                            static_cast<double>((a + 1.0) / b)});
  }
}
#if defined(__GNUC__) && defined(__x86_64__)
/// Within a function for newer processors.
__attribute__((target("fma"), flatten)) void roundings_for_fma() { roundings(); }
#endif

void print(const char* end) {
  std::printf("%08lx%08lx%s", static_cast<unsigned long>(hash >> 32), static_cast<unsigned long>(hash & 0xffffffffu), end);
}

#if !defined(CORE_ONLY)
/// Those with a quantile, lengths at positions or signs, whose bits are the same
/// everywhere; and those with transforms and exponentials, whose are not.
bool others() {
  Calls<float> all(64);
  threshold(DynamicThreshold{0.9}, all.in(all.c), all.to(all.out)), add(all.out);
  guide(Mahiro{5.0}, all.in(all.c), all.in(all.u), all.to(all.out)), add(all.out);
  guide(Mimic{7.5, 3.0, 0.9, 1.0}, all.in(all.c), all.in(all.u), all.to(all.out)), add(all.out);
  guide(Tonemap{7.5, 1.0}, all.in(all.c), all.in(all.u), all.to(all.out)), add(all.out);
  guide(SkimmedCfg{7.5, 3.0}, all.in(all.x), all.in(all.c), all.in(all.u), all.to(all.out)), add(all.out);

  const Eigen::MatrixXf c = Eigen::MatrixXf::Constant(5, 2, 3.0f), u = Eigen::MatrixXf::Constant(5, 2, 1.0f);
  const Eigen::MatrixXf g = guide(Cfg{5.0}, c, u);
  add(std::vector<float>(g.data(), g.data() + g.size()));

  bool fine = true;
  const auto finite = [&] {
    for (const float value : all.out) fine = fine && is_finite(static_cast<double>(value));
  };
  guide(FreSca{7.5, 1.0, 1.25, 2}, all.in(all.c), all.in(all.u), all.to(all.out)), finite();
  guide(FrequencyDecoupled{{10.0, 5.0}}, all.in(all.c), all.in(all.u), all.to(all.out)), finite();
  return fine;
}
#endif

#if defined(AT_RUN_TIME)
/// A chain from its text has the bits of the same in the source. (It holds all
/// methods, and compiles ten times as long.)
bool chosen_at_run_time() {
  Calls<float> written(70), parsed(70);
  guide(CfgZeroStar{7.5} | Rescale{0.7}, written.in(written.c), written.in(written.u), written.to(written.out));
  guide(parse("cfg_zero_star(scale=7.5) | rescale(phi=0.7)"), parsed.in(parsed.c), parsed.in(parsed.u), parsed.to(parsed.out));
  return std::memcmp(written.out.data(), parsed.out.data(), written.out.size() * sizeof(float)) == 0;
}
#endif

/// Under a flow that moves nothing ln p is that of the prior.
bool likelihood() {
  const auto still = [](const auto&, const auto&, const BatchView<float>& out) {
    for (std::size_t i = 0; i < out.samples(); ++i)
      for (std::size_t n = 0; n < out.size(); ++n) out.sample(i)[n] = 0.0f;
  };
  auto flow = probability_flow(Kind::flow, rectified_flow_path, finite_differences(still));
  const LikelihoodOde ode{RungeKutta4{}, Hutchinson{1}, NormalPrior{}, even_times(0.0, 1.0, 2)};
  std::vector<LogLikelihood> found;
  LikelihoodWorkspace<float> workspace;
  log_likelihood(ode, flow, std::vector<float>{1.0f, -1.0f}, found, workspace);
  const double off = found[0].nats + 1.0 + 1.8378770664093453;  // ln 2π
  return off > -1e-9 && off < 1e-9;
}
#endif

}  // namespace

#if defined(OF_OTHER_FLAGS)
std::uint64_t hash_of_other_flags() {
  Calls<float>(70).verbs();
  return hash;
}
#else
std::uint64_t hash_of_other_flags();

int main() {
#if defined(WITH_OTHER_FLAGS)  // that is, another unit of this program has other flags
  Calls<float>(70).verbs();
  if (hash_of_other_flags() != hash) return std::puts("two units of different flags differ"), 1;
  hash = 14695981039346656037u;
#endif
  for (const std::size_t size : {1u, 7u, 70u, 3001u}) Calls<float>(size).verbs();
  Calls<double>(70).guided();
  Calls<half>(70).guided();
  Calls<float>(70).options();
  Calls<float>(70).beyond();
  Calls<float>(70).run();
#if defined(__GNUC__) && defined(__x86_64__)
  if (__builtin_cpu_supports("fma"))
    roundings_for_fma();
  else
#endif
    roundings();
#if defined(AT_RUN_TIME)
  if (!chosen_at_run_time()) return std::puts("a chain from its text differs"), 1;
#endif
  if (!likelihood()) return std::puts("another likelihood"), 1;
#if defined(CORE_ONLY)
  print("\n");
#else
  print(" ");
  if (!others()) return std::puts("a result that is not finite"), 1;
  print("\n");
#endif
  return 0;
}
#endif
