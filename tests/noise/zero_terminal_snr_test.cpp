// SPDX-License-Identifier: MIT
#include <eigenguide/noise/alphas_cumprod.hpp>
#include <eigenguide/noise/betas.hpp>
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/noise/zero_terminal_snr.hpp>

#include <support/catch.hpp>

#include <cmath>
#include <limits>
#include <utility>

using namespace eigenguide;

TEST_CASE("zero_terminal_snr: algorithm 1 on Stable Diffusion's table") {
  const auto table = alphas_cumprod(values(ScaledLinearBetas{}, 1000));
  const auto rescaled = rescale_zero_terminal_snr(table);
  REQUIRE(rescaled.size() == table.size());
  CHECK(rescaled.front() == table.front());
  CHECK(rescaled.back() == 0.0);
  const double first = std::sqrt(table.front()), last = std::sqrt(table.back());
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double root = (std::sqrt(table[i]) - last) * first / (first - last);
    CHECK(std::sqrt(rescaled[i]) == Approx(root).margin(1e-15));
    if (i > 0) CHECK(rescaled[i] < rescaled[i - 1]);
  }
}

TEST_CASE("zero_terminal_snr: a table that ends in noise stays") {
  const std::vector<double> table{0.81, 0.36, 0.0};
  const auto rescaled = rescale_zero_terminal_snr(table);
  for (std::size_t i = 0; i < 3; ++i) CHECK(rescaled[i] == Approx(table[i]).epsilon(1e-15));
}

TEST_CASE("zero_terminal_snr: the last entry is the terminal") {
  CHECK(rescale_zero_terminal_snr({0.81, 0.36, 0.09}, 0x1p-24).back() == 0x1p-24);
  CHECK(rescale_zero_terminal_snr({0.81, 0.36, 0.09}, 0x1p-24)[1] ==
        rescale_zero_terminal_snr({0.81, 0.36, 0.09})[1]);
}

TEST_CASE("zero_terminal_snr: without a span there is nothing to stretch") {
  CHECK(rescale_zero_terminal_snr({}).empty());
  CHECK(rescale_zero_terminal_snr({0.5}) == std::vector<double>{0.5});
  CHECK(rescale_zero_terminal_snr({0.5, 0.5}) == std::vector<double>{0.5, 0.5});
  const std::vector<double> of_one_root{0.3, 0.3, std::nextafter(0.3, 0.0)};
  REQUIRE(std::sqrt(of_one_root[0]) == std::sqrt(of_one_root[2]));
  CHECK(rescale_zero_terminal_snr(of_one_root) == of_one_root);
}

TEST_CASE("zero_terminal_snr: the first stays, and entries equal to it do not rise above it, however they round") {
  for (const auto& [first, last] : {std::pair{0.42, 0.1}, {0.19, 0.11}, {0.13, 0.03}, {0.91, 0.52}, {0.999, 0.991}}) {
    const auto rescaled = rescale_zero_terminal_snr({first, first, first, last});
    CHECK(rescaled[0] == first);
    CHECK(rescaled[1] == Approx(first).epsilon(1e-13));
    CHECK_NOTHROW(betas_of_alphas_cumprod(rescaled));
  }
}

TEST_CASE("zero_terminal_snr: what is no share of a variance is rejected") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REJECTS(rescale_zero_terminal_snr({0.9, 1.5}), "`alphas_cumprod` is 1.5");
  CHECK_REJECTS(rescale_zero_terminal_snr({nan, 0.5}), "`alphas_cumprod`");
  CHECK_REJECTS(rescale_zero_terminal_snr({0.9, 0.5}, -1.0), "`terminal` is -1");
  CHECK_REJECTS(rescale_zero_terminal_snr({0.6, 0.5}, 0.7), "`terminal` is 0.7");
}

TEST_CASE("zero terminal SNR: a table that rises is rejected") {
  CHECK_REJECTS(rescale_zero_terminal_snr({0.9, 0.95, 0.5}), "`alphas_cumprod` is 0.95; expected numbers in [0, 1] that do not rise");
}
