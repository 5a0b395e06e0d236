// SPDX-License-Identifier: MIT
#include <eigenguide/method/diagnostics.hpp>

#include <support/catch.hpp>
#include <support/pair.hpp>

using namespace eigenguide;

namespace {

/// Of c, d = c − u and u.
Gram<3> gram_of_pairs(const Pair& c, const Pair& u) {
  const Pair all[] = {c, {c[0] - u[0], c[1] - u[1]}, u};
  Gram<3> gram;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) gram.product[i][j] = all[i][0] * all[j][0] + all[i][1] * all[j][1];
  return gram;
}

}  // namespace

TEST_CASE("diagnostics: lengths and angles of the predictions") {
  const Diagnostics found = diagnose(gram_of_pairs({4.0, 4.0}, {4.0, 0.0}));
  CHECK(found.relative_difference == Approx(1.0));
  CHECK(found.cosine == Approx(std::sqrt(0.5)));
  CHECK(found.zero_star == Approx(1.0));
  CHECK(diagnose(gram_of_pairs({6.0, 0.0}, {4.0, 0.0})).zero_star == Approx(1.5));
}

TEST_CASE("diagnostics: zeros are defined") {
  const Diagnostics no_uncond = diagnose(gram_of_pairs({1.0, 2.0}, {0.0, 0.0}));
  CHECK_FALSE(is_finite(no_uncond.relative_difference));
  CHECK(no_uncond.cosine == 0.0);
  CHECK(no_uncond.zero_star == 0.0);
  const Diagnostics nothing = diagnose(gram_of_pairs({0.0, 0.0}, {0.0, 0.0}));
  CHECK(nothing.relative_difference == 0.0);
  CHECK(nothing.cosine == 0.0);
  CHECK(diagnose(gram_of_pairs({0.0, 0.0}, {3.0, 0.0})).relative_difference == 1.0);
}
