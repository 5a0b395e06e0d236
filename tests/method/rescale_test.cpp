// SPDX-License-Identifier: MIT
#include <eigenguide/method/rescale.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace eigenguide;

namespace {

// c = (1, 3), g = (2, 10): deviations 1 and 4 about the means 2 and 6.
const Gram<3> gram{{{{10.0, 32.0, 4.0}, {32.0, 104.0, 12.0}, {4.0, 12.0, 2.0}}}};

}  // namespace

TEST_CASE("rescale: phi 1 gives the guided prediction the spread of the conditional one") {
  CHECK(Rescale{1.0}(gram) == Row<3>{{0.0, 0.25, 0.0}});
}

TEST_CASE("rescale: phi mixes the two spreads") {
  CHECK(Rescale{0.0}(gram) == unit<3>(1));
  CHECK(Rescale{0.5}(gram) == Row<3>{{0.0, 0.625, 0.0}});
}

TEST_CASE("rescale: a guided prediction of zero spread is left as it is") {
  // g = (3, 3)
  const Gram<3> flat{{{{10.0, 12.0, 4.0}, {12.0, 18.0, 6.0}, {4.0, 6.0, 2.0}}}};
  CHECK(Rescale{1.0}(flat) == unit<3>(1));
}

TEST_CASE("rescale: what rounding leaves of a constant is no spread") {
  // c as above, g = (0.1, 0.1), whose sums are a little off.
  const Gram<3> flat{{{{10.0, 0.4, 4.0}, {0.4, 0.02, 0.2 - 1e-16}, {4.0, 0.2 - 1e-16, 2.0}}}};
  CHECK(Rescale{1.0}(flat) == unit<3>(1));
}

TEST_CASE("rescale: a share outside [0, 1] is rejected") {
  CHECK_REJECTS(Rescale{1.5}.validate(), "`phi` is 1.5; expected a number in [0, 1]");
  CHECK_REJECTS(Rescale{-0.1}.validate(), "`phi` is -0.1");
  CHECK_REJECTS(Rescale{std::numeric_limits<double>::quiet_NaN()}.validate(), "`phi`");
}
