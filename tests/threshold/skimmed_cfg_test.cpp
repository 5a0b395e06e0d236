// SPDX-License-Identifier: MIT
#include <eigenguide/threshold/skimmed_cfg.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <limits>
#include <vector>

using namespace eigenguide;

namespace {

using Values = std::vector<double>;

int sign(double v) { return (v > 0.0) - (v < 0.0); }

}  // namespace

TEST_CASE("skimmed cfg: the smaller scale where guidance pushes outwards, element by element") {
  Random random(3);
  const Values x = random.normals<double>(400), c = random.normals<double>(400), u = random.normals<double>(400);
  const double s = 8.0, k = 3.0;
  const Values got = guide(SkimmedCfg{s, k}, x, c, u);
  std::size_t skimmed = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    const double d = c[i] - u[i], g = u[i] + s * d;
    const bool outwards = sign(d) == sign(c[i]) && sign(d) == sign(g) && sign(d) == sign(g - x[i]);
    skimmed += outwards ? 1 : 0;
    CHECK(got[i] == Approx(u[i] + (outwards ? k : s) * d).margin(1e-12));
  }
  CHECK(skimmed > 50);
  CHECK(skimmed < 350);
}

TEST_CASE("skimmed cfg: unconfigured it returns cond; of one scale it is plain guidance; zeros agree with zeros") {
  const Values x{1.0, 0.0, -2.0}, c{2.0, 0.0, -3.0}, u{1.0, 0.0, -1.0};
  CHECK(guide(SkimmedCfg{}, x, c, u) == c);
  CHECK(guide(SkimmedCfg{4.0, 4.0}, x, c, u) == Values{5.0, 0.0, -9.0});
  CHECK(guide(SkimmedCfg{4.0, 2.0}, x, c, u) == Values{3.0, 0.0, -5.0});
}

TEST_CASE("skimmed cfg: in place, in float, NaN in its element, bad calls") {
  Random random(4);
  const Values x = random.normals<double>(50), c = random.normals<double>(50), u = random.normals<double>(50);
  const SkimmedCfg method{8.0, 3.0};
  const Values want = guide(method, x, c, u);
  Values over = u, spoilt = c;
  guide(method, x, c, over, over);
  CHECK(over == want);
  spoilt[7] = std::numeric_limits<double>::quiet_NaN();
  const Values got = guide(method, x, spoilt, u);
  CHECK(is_nan(got[7]));
  CHECK(got[6] == want[6]);
  CHECK(got[8] == want[8]);
  CHECK_REJECTS(guide(SkimmedCfg{std::numeric_limits<double>::infinity()}, x, c, u), "`scale` is inf");
  CHECK_REJECTS(guide(SkimmedCfg{2.0, std::numeric_limits<double>::quiet_NaN()}, x, c, u), "`skimming_scale` is nan");
  CHECK_REJECTS(guide(method, Values(49), c, u), "`x` is of shape");
}
