// SPDX-License-Identifier: MIT
#include <eigenguide/presets/diffusers_longcat.hpp>

#include <eigenguide/guide/group.hpp>
#include <eigenguide/guide/with.hpp>
#include <support/catch.hpp>
#include <support/pair.hpp>

#include <vector>

using namespace eigenguide;
using diffusers::LongCatImage;

namespace {

const Pair c{3.0, 4.0}, u{3.0, 0.0};  // at scale 2, g = (3, 8)

}  // namespace

TEST_CASE("LongCat-Image: guidance that is at most as long as the conditional prediction") {
  CHECK(length(guided(LongCatImage{2.0}.method(), c, u)) == Approx(5.0));
  CHECK(length(guided(LongCatImage{2.0, true, 0.9}.method(), c, u)) == Approx(0.9 * std::sqrt(73.0)));
  CHECK(guided(LongCatImage{2.0, false}.method(), c, u) == Pair{3.0, 8.0});
}

TEST_CASE("LongCat-Image: a scale of 1 and below is no guidance") {
  CHECK(guided(LongCatImage{1.0}.method(), c, u) == c);
  CHECK(guided(LongCatImage{-3.0}.method(), c, u) == c);
}

TEST_CASE("LongCat-Image: each token has a length of its own") {
  const std::vector<double> cond{3.0, 4.0, 0.0, 1.0}, uncond{3.0, 0.0, 0.0, 0.5};  // tokens of two channels
  std::vector<double> out(4);
  const auto tokens = [](auto& values) { return BatchView(values.data(), 1, 4, 4, Shape{{1, 2, 2}, 3}); };
  guide(with(LongCatImage{2.0}.method(), per_token("bnc")), tokens(cond), tokens(uncond), tokens(out));
  CHECK(length({out[0], out[1]}) == Approx(5.0));
  CHECK(length({out[2], out[3]}) == Approx(1.0));
}
