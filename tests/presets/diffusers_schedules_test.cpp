// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_schedules.hpp>

#include <support/catch.hpp>

#include <cmath>

using namespace eigenguide;

TEST_CASE("Z-Image: guidance until the data has its share") {
  const diffusers::ZImageTruncation window{0.75};
  CHECK(window.contains({0, 1, rectified_flow(1.0)}));
  CHECK(window.contains({0, 1, rectified_flow(0.25)}));
  CHECK_FALSE(window.contains({0, 1, rectified_flow(0.125)}));
}

TEST_CASE("diffusers Lumina 2: guided while the share that is done with this step is within the ratio") {
  CHECK(diffusers::Lumina2Truncation{0.5}.contains({4, 10, {}}));
  CHECK_FALSE(diffusers::Lumina2Truncation{0.5}.contains({5, 10, {}}));
  CHECK(diffusers::Lumina2Truncation{1.0}.contains({9, 10, {}}));
  CHECK_FALSE(diffusers::Lumina2Truncation{0.0}.contains({0, 10, {}}));
}

TEST_CASE("diffusers CogVideoX: rises over a run that counts its timesteps, oscillates before it") {
  CHECK(diffusers::cogvideox_scale(6.0, 0.0, 50) == 7.0);   // (50 − 0) / 50 = 1: cos π
  CHECK(diffusers::cogvideox_scale(6.0, 50.0, 50) == 1.0);  // cos 0
  CHECK(diffusers::cogvideox_scale(6.0, 25.0, 50) == Approx(1.0 + 3.0 * (1.0 - std::cos(3.14159265358979 / 32.0))));
  CHECK(diffusers::cogvideox_scale(6.0, 100.0, 50) == 7.0);  // (50 − 100) / 50 = −1
  CHECK_REJECTS(diffusers::cogvideox_scale(6.0, 0.0, 0), "`count` is 0");
}

TEST_CASE("diffusers Wan: the first expert's scale down to the boundary and at it") {
  CHECK(diffusers::wan_scale(5.0, 3.0, 0.875, 999.0) == 5.0);
  CHECK(diffusers::wan_scale(5.0, 3.0, 0.875, 875.0) == 5.0);
  CHECK(diffusers::wan_scale(5.0, 3.0, 0.875, 874.0) == 3.0);
}
