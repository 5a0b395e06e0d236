// SPDX-License-Identifier: MIT
// Laws of every method, on whatever batch is drawn: a failure is shrunk to the
// smallest batch that shows it.
#include <law/inputs.hpp>
#include <law/methods.hpp>

#include <support/catch.hpp>

#include <rapidcheck.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

using namespace eigenguide;

namespace {

using Matrix = Eigen::MatrixXf;

bool same_bits(const Matrix& a, const Matrix& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), sizeof(float) * static_cast<std::size_t>(a.size())) == 0;
}

/// Up to three samples, one a column, of magnitudes up to 2^±10; u and the others
/// independent of c or as near to it as 2^−20.
Inputs<Matrix> any_inputs() {
  const auto rows = *rc::gen::inRange<Eigen::Index>(1, 150).as("elements");
  const auto columns = *rc::gen::inRange<Eigen::Index>(1, 4).as("samples");
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

/// Tries `law` of every method on a hundred batches.
template <class Law>
void check_all(const char* sentence, const Law& law) {
  for_all_methods([&](const auto& listed) {
    CHECK(rc::check(listed.name + ": " + sentence, [&] { law(listed, any_inputs()); }));
  });
}

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
