// SPDX-License-Identifier: MIT
#include <eigenguide/kernel/trust.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <limits>
#include <utility>

using namespace eigenguide;
using namespace eigenguide::kernel;

namespace {

constexpr auto all = [](std::size_t) { return true; };

/// Of c, d, u and further vectors at right angles, all of length 1.
template <std::size_t n>
Gram<n> upright() {
  Gram<n> gram;
  gram.elements = 100.0;
  for (std::size_t i = 0; i < n; ++i) gram.product[i][i] = 1.0;
  return gram;
}

/// Of c, d, u and 1 over a hundred elements, of square 1 each and of these sums.
Gram<4> with_sums(double c, double d, double u) {
  Gram<4> gram = upright<4>();
  const double sum[] = {c, d, u};
  for (std::size_t i = 0; i < 3; ++i) gram.product[i][3] = gram.product[3][i] = sum[i];
  gram.product[3][3] = 100.0;
  return gram;
}

}  // namespace

TEST_CASE("trust: sums of ordinary numbers are trusted") {
  CHECK(!needs_wide<false>(upright<3>(), all));
  CHECK(!needs_wide<true>(with_sums(5.0, -5.0, 5.0), all));
}

TEST_CASE("trust: not those that are beyond float's range, of a vector that is read") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double square : {infinity, 1e-31, 0.0}) {
    Gram<4> gram = upright<4>();
    gram.product[3][3] = square;
    INFO(square);
    CHECK(needs_wide<false>(gram, all));
    CHECK(!needs_wide<false>(gram, [](std::size_t i) { return i < 3; }));
  }
}

TEST_CASE("trust: nor a small difference u = c - d") {
  Gram<3> gram = upright<3>();
  gram.product[2][2] = 0.124;
  CHECK(needs_wide<false>(gram, all));
  gram.product[2][2] = 0.126;
  CHECK(!needs_wide<false>(gram, all));
  gram.product[1][1] = 2.0;  // of the larger of both
  CHECK(needs_wide<false>(gram, all));
}

TEST_CASE("trust: nor a variance that is small beside the mean, of c or d") {
  // (Σ v)² / n = 0.876 and 0.874 of Σ v²
  CHECK(needs_wide<true>(with_sums(9.36, 0.0, 0.0), all));
  CHECK(!needs_wide<true>(with_sums(9.34, 0.0, 0.0), all));
  CHECK(needs_wide<true>(with_sums(0.0, 9.36, 0.0), all));
  CHECK(!needs_wide<true>(with_sums(0.0, 0.0, 9.36), all));
}

TEST_CASE("trust: a result that is a small difference of its terms") {
  Gram<3> gram = upright<3>();
  gram.product[0][1] = gram.product[1][0] = 0.876;  // ‖c − d‖² = 2 (1 − 0.876) = 0.124 of 2
  CHECK(is_small_difference<false>(Row<3>{{1.0, -1.0, 0.0}}, gram, all));
  CHECK(is_small_difference<false>(Row<3>{{-3.0, 3.0, 0.0}}, gram, all));
  CHECK(!is_small_difference<false>(Row<3>{{1.0, 1.0, 0.0}}, gram, all));
  gram.product[0][1] = gram.product[1][0] = 0.874;
  CHECK(!is_small_difference<false>(Row<3>{{1.0, -1.0, 0.0}}, gram, all));
}

TEST_CASE("trust: a vector that nobody reads may be anything in a result") {
  Gram<4> gram = upright<4>();
  gram.product[0][1] = gram.product[1][0] = 0.9;
  for (std::size_t i = 0; i < 4; ++i) gram.product[i][3] = gram.product[3][i] = std::numeric_limits<double>::quiet_NaN();
  CHECK(is_small_difference<false>(Row<4>{{1.0, -1.0, 0.0, 0.0}}, gram, [](std::size_t i) { return i < 3; }));
}

TEST_CASE("trust: a result whose spread is a small difference, whatever constant is added") {
  for (const double constant : {0.0, 3.0}) {
    INFO(constant);
    CHECK(is_small_difference<true>(Row<4>{{1.0, 0.0, 0.0, constant}}, with_sums(9.36, 0.0, 0.0), all));
    CHECK(!is_small_difference<true>(Row<4>{{1.0, 0.0, 0.0, constant}}, with_sums(9.34, 0.0, 0.0), all));
    // A sum of both has twice the square, and no mean.
    CHECK(!is_small_difference<true>(Row<4>{{1.0, 1.0, 0.0, constant}}, with_sums(9.36, -9.36, 0.0), all));
  }
}

TEST_CASE("trust: a length that is read and is not finite makes everything NaN") {
  Gram<3> gram = upright<3>();
  gram.product[1][1] = std::numeric_limits<double>::infinity();
  const auto [bad, good] = std::pair{trusted(gram, all), trusted(gram, [](std::size_t i) { return i != 1; })};
  CHECK(is_nan(static_cast<double>(bad(0, 0))));
  CHECK(is_nan(static_cast<double>(bad(0, 2))));
  CHECK(good(0, 0) == 1.0);
}
