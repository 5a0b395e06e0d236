// SPDX-License-Identifier: MIT
#include <eigenguide/noise/polyexponential.hpp>

#include <eigenguide/noise/exponential.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("polyexponential: rho 1 is exponential") {
  const auto straight = values(Exponential{0.03, 14.0}, 12);
  const auto list = values(Polyexponential{0.03, 14.0, 1.0}, 12);
  for (std::size_t i = 0; i < list.size(); ++i) CHECK(list[i] == Approx(straight[i]).epsilon(1e-14));
}

TEST_CASE("polyexponential: the logarithm is a power of the ramp") {
  CHECK(Polyexponential{1.0, 16.0, 2.0}(1, 3) == Approx(2.0).epsilon(1e-14));       // (1/2)² of 4 octaves
  CHECK(Polyexponential{1.0, 16.0, 0.5}(3, 5) == Approx(4.0).epsilon(1e-14));       // √(1/4) of them
  CHECK(Polyexponential{1.0, 4.0, 2.0}(1, 5) == Approx(std::pow(4.0, 0.5625)).epsilon(1e-14));
}

TEST_CASE("polyexponential: both ends are exact, one step is the greater") {
  CHECK(Polyexponential{0.03, 14.0, 1.5}(0, 7) == 14.0);
  CHECK(Polyexponential{0.03, 14.0, 1.5}(6, 7) == 0.03);
  CHECK(Polyexponential{0.03, 14.0, 1.5}(0, 1) == 14.0);
}

TEST_CASE("polyexponential: what makes no schedule is rejected") {
  CHECK_REJECTS((Polyexponential{0.0, 1.0, 1.0}(0, 2)), "`sigma_min` is 0");
  CHECK_REJECTS((Polyexponential{0.1, 1.0, -1.0}(0, 2)), "`rho` is -1; expected a finite positive number");
  CHECK_REJECTS(Polyexponential{}(5, 5), "`i` is 5");
}
