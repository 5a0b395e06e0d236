// SPDX-License-Identifier: MIT
#include <eigenguide/base/real.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>

using eigenguide::Real;

TEST_CASE("real: a product and a sum are rounded one after the other") {
  const double a = 1.0 + std::ldexp(1.0, -30);
  // a² = 1 + 2⁻²⁹ + 2⁻⁶⁰: the last term is lost when the product is rounded,
  // and would show if the compiler fused the two operations.
  CHECK(Real(a) * a - (1.0 + std::ldexp(1.0, -29)) == 0.0);
}

TEST_CASE("real: a sum is added in the order written") {
  CHECK((Real(1e16) + 1.0) - 1e16 == 0.0);
  CHECK(Real(1.0) + (Real(1e16) - 1e16) == 1.0);
}

TEST_CASE("real: a quotient is a division, not a product with the reciprocal") {
  volatile double one = 1.0, divisor = 49.0;
  CHECK((Real(one) / divisor) * divisor != 1.0);  // 1/49 rounded, times 49
  CHECK(Real(divisor) / divisor == 1.0);
}

TEST_CASE("real: NaN is unlike everything, and nothing is less or greater") {
  const Real nan = std::numeric_limits<double>::quiet_NaN(), one = 1.0;
  CHECK_FALSE(nan == nan);
  CHECK(nan != nan);
  CHECK_FALSE(nan < one);
  CHECK_FALSE(nan > one);
  CHECK_FALSE(nan <= one);
  CHECK_FALSE(nan >= one);
  CHECK(lesser(nan, one) != lesser(nan, one));
  CHECK(greater(nan, one) != greater(nan, one));
}

TEST_CASE("real: functions are those of libm") {
  CHECK(sqrt(Real(2.0)) == std::sqrt(2.0));
  CHECK(sin(Real(1.0)) == std::sin(1.0));
  CHECK(log(Real(3.0)) == std::log(3.0));
  CHECK(pow(Real(3.0), -0.7) == std::pow(3.0, -0.7));
  CHECK(atan2(Real(1.0), Real(-1.0)) == std::atan2(1.0, -1.0));
  CHECK(abs(Real(-3.0)) == 3.0);
  CHECK(lesser(Real(2.0), Real(3.0)) == 2.0);
  CHECK(greater(Real(2.0), Real(3.0)) == 3.0);
}
