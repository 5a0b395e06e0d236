// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_sigmas.hpp>
#include <eigenguide/noise/exponential.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

using diffusers::SigmaConversion;

TEST_CASE("diffusers_sigmas: beta is even in sigma, between both ends") {
  const diffusers::BetaSigmas sigmas{0.1, 20.0};
  const auto list = values(sigmas, 5);
  CHECK(list.front() == 20.0);
  CHECK(list.back() == 0.1);
  CHECK(list[2] == Approx((0.1 + 20.0) / 2));  // the distribution is symmetric
  CHECK(list[1] - list[2] == Approx(list[2] - list[3]));
  // of Beta(1, 1), even; of Beta(2, 1), whose quantile is the root, not
  CHECK(values(diffusers::BetaSigmas{1.0, 5.0, 1.0, 1.0}, 5)[1] == Approx(4.0));
  CHECK(values(diffusers::BetaSigmas{1.0, 5.0, 2.0, 1.0}, 5)[3] == Approx(1.0 + 4.0 * 0.5));
  CHECK(values(sigmas, 1) == std::vector<double>{20.0});
  CHECK(diffusers::BetaSigmas{0.3, 0.9}(0, 5) == 0.9);  // where 0.3 + (0.9 - 0.3) is more
}

TEST_CASE("diffusers_sigmas: exponential is the plain schedule, but for the last bits") {
  for (std::size_t i = 0; i < 9; ++i)
    CHECK(diffusers::ExponentialSigmas{0.029, 14.6}(i, 9) == Approx(Exponential{0.029, 14.6}(i, 9)).epsilon(1e-14));
  CHECK(diffusers::ExponentialSigmas{0.029, 14.6}(0, 1) == std::exp(std::log(14.6)));
}

TEST_CASE("diffusers_sigmas: each conversion is its schedule") {
  CHECK(converted_sigmas(SigmaConversion::karras, 0.1, 20.0, 6) == values(Karras{0.1, 20.0}, 6));
  CHECK(converted_sigmas(SigmaConversion::beta, 0.1, 20.0, 6) == values(diffusers::BetaSigmas{0.1, 20.0}, 6));
  CHECK(converted_sigmas(SigmaConversion::lu, 0.1, 20.0, 6) ==
        converted_sigmas(SigmaConversion::exponential, 0.1, 20.0, 6));
  CHECK_REJECTS(converted_sigmas(SigmaConversion::none, 0.1, 20.0, 6), "`conversion` is none");
  CHECK_REJECTS(converted_sigmas(SigmaConversion::karras, 0.0, 20.0, 6), "`sigma_min` is 0");
  CHECK_REJECTS(converted_sigmas(SigmaConversion::beta, 30.0, 20.0, 6), "`sigma_min` is 30");
  CHECK_REJECTS((diffusers::BetaSigmas{0.1, 20.0, 0.0, 0.6}(0, 4)), "`alpha` is 0");
}
