// SPDX-License-Identifier: MIT
#include <eigenguide/noise/sigmas.hpp>
#include <eigenguide/noise/timestep_spacing.hpp>

#include <support/catch.hpp>

#include <cstddef>
#include <limits>

using namespace eigenguide;

TEST_CASE("timestep_spacing: ten of a thousand, as in the paper's table 2") {
  // counted from 1 there
  CHECK(values(LinspaceTimesteps{}, 10) ==
        std::vector<double>{999, 888, 777, 666, 555, 444, 333, 222, 111, 0});
  CHECK(values(LeadingTimesteps{}, 10) ==
        std::vector<double>{900, 800, 700, 600, 500, 400, 300, 200, 100, 0});
  CHECK(values(TrailingTimesteps{}, 10) ==
        std::vector<double>{999, 899, 799, 699, 599, 499, 399, 299, 199, 99});
}

TEST_CASE("timestep_spacing: strides that are not whole are rounded, but in the leading cut") {
  CHECK(values(LinspaceTimesteps{11}, 4) == std::vector<double>{10, 7, 3, 0});
  CHECK(values(LeadingTimesteps{11, 1}, 4) == std::vector<double>{7, 5, 3, 1});
  CHECK(values(TrailingTimesteps{11}, 4) == std::vector<double>{10, 7, 5, 2});  // 11, 8.25, 5.5, 2.75
}

TEST_CASE("timestep_spacing: one step is the last timestep, but in the leading the first") {
  CHECK(values(LinspaceTimesteps{}, 1) == std::vector<double>{999});
  CHECK(values(TrailingTimesteps{}, 1) == std::vector<double>{999});
  CHECK(values(LeadingTimesteps{}, 1) == std::vector<double>{0});
  CHECK(values(TrailingTimesteps{1}, 1) == std::vector<double>{0});
}

TEST_CASE("timestep_spacing: any number of steps stays within the timesteps and falls") {
  for (const std::size_t count : {2U, 7U, 48U, 61U, 1000U, 1001U, 30000U}) {
    for (const auto& times : {values(LinspaceTimesteps{}, count), values(TrailingTimesteps{}, count)}) {
      REQUIRE(times.size() == count);
      CHECK(times.front() == 999.0);
      CHECK(times.back() >= 0.0);
      bool falls = true;
      for (std::size_t i = 1; i < count; ++i) falls = falls && times[i] <= times[i - 1];
      CHECK(falls);
    }
  }
  CHECK(values(LinspaceTimesteps{}, 0).empty());
}

TEST_CASE("timestep_spacing: steps that training does not have are rejected") {
  CHECK_REJECTS(LinspaceTimesteps{0}(0, 1), "`train_steps` is 0; expected at least 1");
  CHECK_REJECTS(TrailingTimesteps{0}(0, 1), "`train_steps` is 0");
  CHECK_REJECTS(LeadingTimesteps{}(0, 1001), "`count` is 1001; expected at most `train_steps`");
  CHECK_REJECTS(LeadingTimesteps{}(3, 3), "`i` is 3");
  CHECK_REJECTS(LinspaceTimesteps{}(3, 3), "`i` is 3");
  CHECK_REJECTS(TrailingTimesteps{}(3, 3), "`i` is 3");
}

TEST_CASE("timestep_spacing: an offset of any size is added, not wrapped") {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  CHECK(LeadingTimesteps{1000, most}(0, 10) == 900.0 + static_cast<double>(most));
}
