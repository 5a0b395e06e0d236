// SPDX-License-Identifier: MIT
// Laws of every method, on whatever batch is drawn: a failure is shrunk to the
// smallest batch that shows it.
#include <law/inputs.hpp>
#include <law/methods.hpp>

#include <support/catch.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXf;

/// From `least` to three samples, one a column, of magnitudes up to 2^±10; u and the
/// others independent of c or as near to it as 2^−20.
Inputs<Matrix> any_inputs(Eigen::Index least = 1) {
  const auto rows = *rc::gen::inRange<Eigen::Index>(1, 150).as("elements");
  const auto columns = *rc::gen::inRange<Eigen::Index>(least, 4).as("samples");
  const auto seed = *rc::gen::arbitrary<std::uint32_t>().as("seed");
  const auto magnitude = *rc::gen::inRange(-10, 11).as("magnitude, a power of two");
  const auto nearness = *rc::gen::inRange(0, 21).as("nearness, a power of two");
  const Inputs<Matrix> drawn = normal_inputs<Matrix>(seed, rows, columns);
  const Matrix c = drawn.cond;
  Inputs<Matrix> inputs = drawn.map([&](const Matrix& other) {
    return Matrix(nearness == 0 ? other : c + std::ldexp(1.0f, -nearness) * other);
  });
  inputs.cond = c;
  return inputs.map([&](const Matrix& m) { return Matrix(std::ldexp(1.0f, magnitude) * m); });
}

/// Tries `law` of every method on a hundred batches, of `least` samples or more.
template <class Law>
void check_all(const char* sentence, const Law& law, Eigen::Index least = 1) {
  for_all_methods([&](const auto& listed) {
    CHECK(rc::check(listed.name + ": " + sentence, [&] { law(listed, any_inputs(least)); }));
  });
}

/// [samples, time, channels], and the same of the axes after the first the other way.
struct Transposable {
  std::size_t samples, time, channels;
  std::vector<float> values, transposed;

  Transposable(std::uint64_t seed, std::size_t samples_, std::size_t time_, std::size_t channels_)
      : samples(samples_), time(time_), channels(channels_), values(Random(seed).normals<float>(samples * time * channels)) {
    transposed = turned();
  }
  /// `values` as `transposed` has them.
  std::vector<float> turned() const {
    std::vector<float> turned(values.size());
    for (std::size_t i = 0; i < samples; ++i)
      for (std::size_t t = 0; t < time; ++t)
        for (std::size_t k = 0; k < channels; ++k)
          turned[(i * channels + k) * time + t] = values[(i * time + t) * channels + k];
    return turned;
  }
  bool is_turned() const { return same_bits(turned(), transposed); }
  BatchView<float> btc() { return {values.data(), samples, time * channels, time * channels, Shape{{samples, time, channels}, 3}}; }
  BatchView<float> bct() { return {transposed.data(), samples, time * channels, time * channels, Shape{{samples, channels, time}, 3}}; }
};

}  // namespace

TEST_CASE("law: any batch is its samples one by one, and over an input what it is apart") {
  check_all("a batch is its samples, and may be written over cond", [](const auto& listed, const Inputs<Matrix>& in) {
    const auto chain = Cfg{3.0} | listed.configured;
    const Matrix whole = guided(chain, in);
    for (Eigen::Index i = 0; i < whole.cols(); ++i)
      RC_ASSERT(same_bits(guided(chain, in.map([&](const Matrix& m) { return Matrix(m.col(i)); })), whole.col(i)));
    Matrix over = in.cond;
    guide(given(chain, in, typename decltype(chain)::Vectors{}), over, in.uncond, over);
    RC_ASSERT(same_bits(over, whole));
  });
}

TEST_CASE("law: powers of two, which round nothing, pass through every homogeneous method bit for bit") {
  check_all("2 f(x) = f(2 x)", [](const auto& listed, const Inputs<Matrix>& in) {
    if (!listed.homogeneous) return;
    const auto chain = Cfg{3.0} | listed.configured;
    const Inputs<Matrix> twice = in.map([](const Matrix& m) { return Matrix(2.0f * m); });
    RC_ASSERT(same_bits(guided(chain, twice), Matrix(2.0f * guided(chain, in))));
  });
}

TEST_CASE("law: what is finite stays finite, and is counted as such") {
  check_all("finite predictions make a finite result", [](const auto& listed, const Inputs<Matrix>& in) {
    std::vector<Diagnostics> found(static_cast<std::size_t>(in.cond.cols()));
    const Matrix result = guided(Cfg{3.0} | listed.configured, in, found);
    RC_ASSERT(result.allFinite());
    for (const Diagnostics& each : found) RC_ASSERT(each.non_finite == 0u);
  });
}

TEST_CASE("law: NaN and Inf in one sample change no bit of another, nor of its states") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  check_all("what is wrong in one sample stays in it", [&](const auto& listed, const Inputs<Matrix>& in) {
    const auto chain = Cfg{3.0} | listed.configured;
    const auto sample = *rc::gen::inRange<Eigen::Index>(0, in.cond.cols()).as("sample");
    const auto element = *rc::gen::inRange<Eigen::Index>(0, in.cond.rows()).as("element");
    const auto wrong = *rc::gen::element(std::numeric_limits<float>::quiet_NaN(), infinity, -infinity).as("what");
    const auto input = *rc::gen::inRange<std::size_t>(0, 2 + in.count).as("input: cond, uncond or another");
    Inputs<Matrix> dirty = in;
    (input == 0 ? dirty.cond : input == 1 ? dirty.uncond : dirty.others[input - 2])(element, sample) = wrong;
    const Advanced<Matrix> clean = advanced(chain, in), got = advanced(chain, dirty);
    std::vector<Diagnostics> found(static_cast<std::size_t>(in.cond.cols()));
    guided(chain, dirty, found);
    bool counts = input < 2;
    for (const Role role : decltype(chain)::Vectors::roles)
      counts = counts || (is_further_prediction(role) && input >= 2 && in.place(role) == input - 2);
    for (Eigen::Index i = 0; i < in.cond.cols(); ++i) {
      RC_ASSERT(found[static_cast<std::size_t>(i)].non_finite == (i == sample && counts ? 1u : 0u));
      if (i == sample) continue;
      RC_ASSERT(same_bits(got.guided.col(i), clean.guided.col(i)));
      for (std::size_t k = 0; k < state_count; ++k) RC_ASSERT(same_bits(got.next[k].col(i), clean.next[k].col(i)));
    }
  }, 2);
}

TEST_CASE("law: channels are guided alike, side by side or one after another") {
  CHECK(rc::check("a tensor transposed gives the result transposed", [] {
    const auto samples = *rc::gen::inRange<std::size_t>(1, 3).as("samples");
    const auto time = *rc::gen::inRange<std::size_t>(1, 150).as("time");
    const auto channels = *rc::gen::inRange<std::size_t>(1, 100).as("channels");
    const auto seed = *rc::gen::arbitrary<std::uint32_t>().as("seed");
    const auto padding = *rc::gen::inRange<std::size_t>(0, time + 1).as("padding at the end of the last sample");
    Transposable c(seed, samples, time, channels), u(seed + 1ull, samples, time, channels), m(seed + 2ull, samples, time, channels),
        out = c;
    std::vector<unsigned char> keep(samples * time, 1);
    std::fill(keep.end() - static_cast<std::ptrdiff_t>(padding), keep.end(), static_cast<unsigned char>(0));
    const auto kept = mask(BatchView<const unsigned char>(keep.data(), samples, time, time, Shape{{samples, time}, 2}), "bt");
    const auto method = Momentum{-0.5} | CfgZeroStar{5.0} | Rescale{0.7};
    guide(with(method, momentum(m.btc(), m.btc()), per_channel("btc"), kept), c.btc(), u.btc(), out.btc());
    guide(with(method, momentum(m.bct(), m.bct()), per_channel("bct"), kept), c.bct(), u.bct(), out.bct());
    RC_ASSERT(out.is_turned());
    RC_ASSERT(m.is_turned());
  }));
}
