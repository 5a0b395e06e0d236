// SPDX-License-Identifier: MIT
#include <eigenguide/presets/nearest_timestep.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("nearest_timestep: by the logarithm, and the ends beyond the table") {
  const SigmaTable table({1.0, 4.0, 64.0, 100.0});
  CHECK(nearest_timestep(table, 1e-9) == 0);
  CHECK(nearest_timestep(table, 0.0) == 0);
  CHECK(nearest_timestep(table, 1.9) == 0);
  CHECK(nearest_timestep(table, 2.1) == 1);
  CHECK(nearest_timestep(table, 15.9) == 1);  // nearer to 4 than to 64 by ratio
  CHECK(nearest_timestep(table, 16.1) == 2);
  CHECK(nearest_timestep(table, 2.0) == 0);  // of two as near, the first
  CHECK(nearest_timestep(table, 16.0) == 1);
  CHECK(nearest_timestep(table, 64.0) == 2);
  CHECK(nearest_timestep(table, 1e9) == 3);
}

TEST_CASE("nearest_timestep: it is the least distance over the table") {
  std::vector<double> sigmas;
  for (int i = 0; i < 40; ++i) sigmas.push_back(std::pow(1.05 + 0.01 * i, 3.0 + i));
  const SigmaTable table(sigmas);
  for (double sigma = 0.5; sigma < 1e9; sigma *= 1.37) {
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < sigmas.size(); ++i)
      if (std::fabs(std::log(sigma / sigmas[i])) < std::fabs(std::log(sigma / sigmas[nearest]))) nearest = i;
    CHECK(nearest_timestep(table, sigma) == nearest);
  }
}

TEST_CASE("nearest_timestep: what is no sigma is rejected") {
  CHECK_REJECTS(nearest_timestep(SigmaTable({1.0, 2.0}), -1.0), "`sigma` is -1");
}

TEST_CASE("nearest_timestep: the last entry may be out of order") {
  const SigmaTable table({1.0, 4.0, 64.0, 16.0});
  CHECK(nearest_timestep(table, 15.0) == 3);
  CHECK(nearest_timestep(table, 50.0) == 2);
  CHECK(nearest_timestep(table, 7.0) == 1);
}
