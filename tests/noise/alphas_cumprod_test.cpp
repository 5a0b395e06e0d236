// SPDX-License-Identifier: MIT
#include <eigenguide/noise/alphas_cumprod.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

TEST_CASE("alphas_cumprod: the product of what every timestep leaves") {
  const std::vector<double> betas{0.1, 0.0, 0.5, 1.0, 0.2};
  const std::vector<double> expected{0.9, 0.9, 0.45, 0.0, 0.0};
  const auto table = alphas_cumprod(betas);
  REQUIRE(table.size() == expected.size());
  for (std::size_t i = 0; i < table.size(); ++i) CHECK(table[i] == Approx(expected[i]).epsilon(1e-15));
}

TEST_CASE("alphas_cumprod: betas come back, 1 after a zero") {
  const std::vector<double> betas{0.1, 0.0, 0.5, 1.0, 0.2};
  const auto back = betas_of_alphas_cumprod(alphas_cumprod(betas));
  REQUIRE(back.size() == betas.size());
  for (std::size_t i = 0; i < 4; ++i) CHECK(back[i] == Approx(betas[i]).margin(1e-15));
  CHECK(back[4] == 1.0);
}

TEST_CASE("alphas_cumprod: sigma is the ratio of noise to data") {
  const auto sigmas = sigmas_of_alphas_cumprod({1.0, 0.8, 0.5, 0.2});
  const std::vector<double> expected{0.0, 0.5, 1.0, 2.0};
  REQUIRE(sigmas.size() == expected.size());
  for (std::size_t i = 0; i < sigmas.size(); ++i) CHECK(sigmas[i] == Approx(expected[i]));
}

TEST_CASE("alphas_cumprod: empty tables stay empty") {
  CHECK(alphas_cumprod({}).empty());
  CHECK(betas_of_alphas_cumprod({}).empty());
  CHECK(sigmas_of_alphas_cumprod({}).empty());
}

TEST_CASE("alphas_cumprod: numbers that are no share, or rise, or have no ratio, are rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(alphas_cumprod({0.5, -0.1}), "`betas` is -0.1; expected numbers in [0, 1]");
  CHECK_REJECTS(alphas_cumprod({nan}), "`betas`");
  CHECK_REJECTS(betas_of_alphas_cumprod({0.5, 0.6}), "`alphas_cumprod` is 0.6");
  CHECK_REJECTS(betas_of_alphas_cumprod({1.5}), "`alphas_cumprod` is 1.5");
  CHECK_REJECTS(betas_of_alphas_cumprod({nan}), "`alphas_cumprod`");
  CHECK_REJECTS(sigmas_of_alphas_cumprod({0.5, 0.0}), "`alphas_cumprod` is 0; expected numbers in (0, 1]");
}
