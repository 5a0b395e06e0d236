// SPDX-License-Identifier: MIT
#include <eigenguide/likelihood/field.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

/// vᵀ J v of a field for x of two samples with two elements.
template <class Field>
std::vector<double> quadratic(Field field, const std::vector<double>& x, const std::vector<double>& v) {
  std::vector<double> memory(12), form(2);
  const FieldRoom<double> room{{memory.data(), 2, 2}, {memory.data() + 4, 2, 2}, {memory.data() + 8, 2, 2}};
  const std::vector<double> t{1.0, 2.0};
  field.quadratic(t, BatchView<const double>(x.data(), 2, 2), BatchView<const double>(v.data(), 2, 2), room, form);
  return form;
}

}  // namespace

TEST_CASE("field: both kinds give vᵀ J v, and elements without a probe do not count") {
  // f = t (x₀², x₀ x₁): J = t [2x₀, 0; x₁, x₀]
  const auto f = [](const std::vector<double>& t, const auto& x, const auto& out) {
    for (std::size_t i = 0; i < 2; ++i) {
      out.sample(i)[0] = t[i] * x.sample(i)[0] * x.sample(i)[0];
      out.sample(i)[1] = t[i] * x.sample(i)[0] * x.sample(i)[1];
    }
  };
  const auto vjp = [](const std::vector<double>& t, const auto& x, const auto& v, const auto& out) {
    for (std::size_t i = 0; i < 2; ++i) {
      out.sample(i)[0] = t[i] * (2.0 * x.sample(i)[0] * v.sample(i)[0] + x.sample(i)[1] * v.sample(i)[1]);
      out.sample(i)[1] = t[i] * x.sample(i)[0] * v.sample(i)[1];
    }
  };
  const std::vector<double> x{3.0, 5.0, -1.0, 2.0}, v{1.0, -1.0, 2.0, 1.0};
  const auto exact = quadratic(with_vjp(f, vjp), x, v), differences = quadratic(finite_differences(f), x, v);
  CHECK(exact[0] == 6.0 - 5.0 + 3.0);
  CHECK(exact[1] == 2.0 * (-8.0 + 4.0 - 1.0));
  CHECK(differences[0] == Approx(exact[0]).epsilon(1e-8));
  CHECK(differences[1] == Approx(exact[1]).epsilon(1e-8));

  // What padding holds is not read from a result.
  const auto spoilt = [&](const std::vector<double>&, const auto&, const auto& w, const auto& out) {
    for (std::size_t n = 0; n < 4; ++n) out.data()[n] = w.data()[n] == 0.0 ? std::numeric_limits<double>::quiet_NaN() : 2.0;
  };
  CHECK(quadratic(with_vjp(f, spoilt), x, {1.0, 0.0, 0.0, 3.0}) == std::vector<double>{2.0, 6.0});
}
